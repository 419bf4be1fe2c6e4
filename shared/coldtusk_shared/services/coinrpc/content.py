"""One CoinRPC item: a method, its parameters and the time at which it is sent, on the wire and back.

This leaf of a system's folder is what :mod:`coldtusk_shared.services` loads.
"""

import re
from dataclasses import dataclass

from coldtusk_shared import cbor, limits, value
from coldtusk_shared.cbor import Encodable, Value
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.mapreader import WRONG_TYPE, MapReader
from coldtusk_shared.risk import Risk
from coldtusk_shared.services import UNKNOWN_KIND
from coldtusk_shared.services.coinrpc import methods, safe_json
from coldtusk_shared.services.coinrpc import values as moves
from coldtusk_shared.services.coinrpc.safe_json import Params
from coldtusk_shared.services.coinrpc.values import SYSTEM
from coldtusk_shared.text import quoted

KEY = Code("coinrpc.key", "give the API key as the service shows it: printable ASCII without blanks")

KIND = f"{SYSTEM}/call"
_KEY = re.compile(rf"[!-~]{{1,{limits.ACCOUNT_BYTES}}}")
_PAIR = 2


@dataclass(frozen=True, slots=True)
class CoinRpcContent:
    """One call: the account is its API key in ASCII.

    *send_at* is the time that is signed (Unix seconds); it may be sent from then on, for *window* seconds.
    """

    account: bytes
    method: str
    params: Params
    send_at: int
    window: int

    @property
    def kind(self) -> str:
        """The same for every method: its name is a field."""
        return KIND

    @property
    def scope(self) -> str:
        """The service: what else distinguishes wallets is their key."""
        return SYSTEM

    @property
    def key(self) -> str:
        """The API key, as it is sent."""
        return self.account.decode("ascii")

    @property
    def not_after(self) -> NotAfter:
        """The end of the window: the call is dead then."""
        return NotAfter(Deadline.UTC, self.send_at + self.window)

    @property
    def slot(self) -> tuple[str, bytes, bytes]:
        """Two calls that are equal, send time included, are a double."""
        return (self.kind, self.account, cbor.encode(self.fields()))

    @property
    def risk(self) -> Risk:
        """What is not built in counts as moving money: only the device knows what its operator enrolled."""
        known = methods.BUILT_IN.get(self.method)
        return Risk.MOVES_MONEY if known is None else known.risk

    @property
    def releases(self) -> bool:
        """An HMAC is no secret."""
        return False

    def values(self) -> tuple[value.Value, ...]:
        """What the call moves (:mod:`.values`)."""
        return moves.values(self.params, self.key) if self.risk is Risk.MOVES_MONEY else ()

    def intent(self) -> list[Encodable]:
        """What is called, equal amounts written alike, without the time."""
        return [self.kind, self.account, self.method, moves.alike(self.params)]

    def fields(self) -> dict[int, Encodable]:
        """As the CDDL has them."""
        pairs: list[Encodable] = [[name, text] for name, text in self.params]
        return {1: self.method, 2: pairs, 3: self.send_at, 4: self.window}

    def evidence(self) -> dict[int, Encodable]:
        """There is none."""
        return {}


def parse(kind: str, account: bytes, fields: Value, evidence: Value, where: str) -> CoinRpcContent:
    """One item's content, inside the safe subset of JSON; what is built in fits its table."""
    if kind != KIND:
        raise BadInput(UNKNOWN_KIND, f"{quoted(kind)} is no command of CoinRPC", where=f"{where}.kind")
    MapReader(evidence, f"{where}.evidence").done()
    reader = MapReader(fields, f"{where}.fields")
    content = CoinRpcContent(
        account=account,
        method=reader.text(1, "method", limits.LABEL_BYTES),
        params=_params(reader),
        send_at=reader.uint(3, "send_at", limits.COINRPC_TIME),
        window=reader.uint(4, "window", limits.SEND_WINDOW_SECONDS[1], limits.SEND_WINDOW_SECONDS[0]),
    )
    reader.done()
    check(content, where)
    return content


def check(content: CoinRpcContent, where: str = "") -> None:
    """Refuse a key that is no header, what lies outside of the safe subset, and misuse of a built-in method.

    :raises BadInput: ``coinrpc.key``, and what :func:`safe_json.check` and :func:`methods.typed` raise.
    """
    check_key(content.account.decode("ascii", "replace"), f"{where}.account" if where else "account")
    place = f"{where}.fields" if where else "fields"
    safe_json.check(content.method, content.params, place)
    known = methods.BUILT_IN.get(content.method)
    if known is not None:
        methods.typed(known, content.params, f"{place}.params")


def check_key(text: str, where: str) -> str:
    """*text* itself if it is an API key: ``coinrpc.key`` otherwise."""
    if not _KEY.fullmatch(text):
        raise BadInput(KEY, f"{quoted(text)} is no API key", where=where)
    return text


def _params(reader: MapReader) -> Params:
    found: list[tuple[str, str]] = []
    where = reader.path("params")
    for pair in reader.array(2, "params", limits.TABLE_FIELDS):
        if type(pair) is not list or len(pair) != _PAIR:
            raise BadInput(WRONG_TYPE, "not a pair of name and value", where=where)
        name = safe_json.check_name(pair[0], where)
        found.append((name, safe_json.check_value(pair[1], f"{where}.{name}")))
    return tuple(found)
