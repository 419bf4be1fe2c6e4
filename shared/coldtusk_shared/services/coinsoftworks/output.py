"""What the device gives for a call, before it is encrypted: method, path, body, and the secrets that the call needs.

``{1: method, 2: path, 3: body, ? 4: token, ? 5: key, ? 6: poll plan}``. The path is the approved template; the
account's API key comes beside it: the host fills it in to send it, and names the path without it in errors.
"""

from dataclasses import dataclass, field

from coldtusk_shared import cbor, forms, limits
from coldtusk_shared.cbor import Encodable
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.mapreader import WRONG_LENGTH, WRONG_TYPE, MapReader
from coldtusk_shared.services.coinsoftworks import paths, poll
from coldtusk_shared.services.coinsoftworks.poll import Poll

KEY = Code("coinsoftworks.key", "do not use the answer: an API key is there if and only if a path has a place for it")

METHODS = ("POST", "GET")
METHOD = forms.choice(*METHODS)


@dataclass(frozen=True, slots=True)
class Call:
    """One call. *token* is the Simple Access Token (``authenticate`` only), *key* the account's API key; "" if none.

    The representation shows neither.
    """

    method: str
    path: str
    body: bytes
    token: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    poll: Poll | None = None

    @property
    def needs_key(self) -> bool:
        """Whether one of its paths has a place for the key."""
        return paths.needs_key(self.path) or (self.poll is not None and paths.needs_key(self.poll.path))

    @property
    def target(self) -> str:
        """The path with the key in it: only to be sent."""
        return paths.fill(self.path, self.key)


def encode(call: Call) -> bytes:
    """The output of *call*; :func:`parse` gives it back."""
    wire: dict[int, Encodable] = {1: call.method, 2: call.path, 3: call.body}
    if call.token:
        wire[4] = call.token
    if call.key:
        wire[5] = call.key
    if call.poll is not None:
        wire[6] = call.poll.encode()
    return cbor.encode(wire)


def parse(output: bytes, where: str = "output") -> Call:
    """The call in *output*; no byte of a secret is in an error.

    :raises BadInput: ``coinsoftworks.key``, ``.path``, ``.poll``, ``.words``, and what the readers raise.
    """
    reader = MapReader(cbor.decode(output, limits.OUTPUT_BYTES), where)
    call = Call(
        method=str(METHOD.read(reader.value(1, "method"), reader.path("method"))),
        path=str(paths.CALL.read(reader.value(2, "path"), reader.path("path"))),
        body=_body(reader),
        token=_secret(reader, 4, "token"),
        key=_secret(reader, 5, "key"),
        poll=poll.parse(reader.inner(6, "poll")) if reader.has(6) else None,
    )
    reader.done()
    if call.needs_key is not bool(call.key):
        raise BadInput(KEY, "a key without a place, or a place without a key", where=reader.path("key"))
    return call


def _body(reader: MapReader) -> bytes:
    found = reader.value(3, "body")
    if type(found) is not bytes:
        raise BadInput(WRONG_TYPE, "not a byte string", where=reader.path("body"))
    if len(found) > limits.SERVICE_BODY_BYTES:
        raise BadInput(WRONG_LENGTH, f"{len(found)} bytes", where=reader.path("body"))
    return found


def _secret(reader: MapReader, key: int, name: str) -> str:
    """A text of printable ASCII without blanks, as it was enrolled; "" if it is not there."""
    if not reader.has(key):
        return ""
    found, (least, most) = reader.value(key, name), limits.SERVICE_SECRET_BYTES
    if type(found) is not str:
        raise BadInput(WRONG_TYPE, "not a text", where=reader.path(name))
    if not least <= len(found) <= most or not all("!" <= character <= "~" for character in found):
        raise BadInput(WRONG_LENGTH, "not a secret of the service", where=reader.path(name))
    return found
