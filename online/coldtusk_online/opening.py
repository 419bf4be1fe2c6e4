"""What a device gave for a call, as it is sent: a released result is opened here, right before, and kept nowhere."""

from coldtusk_online import services
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.reply_keys import ReplyKeys
from coldtusk_shared import cbor, request
from coldtusk_shared.request import Item, Request


def deadline_of(asked: Request, item: Item) -> int:
    """The item's own deadline, or else that of its request, in Unix seconds."""
    return (item.content.not_after or asked.not_after).value


def unsent(call: Call) -> str:
    """What is so of a *call* that was not sent in time: a number alone never ends what a device signed."""
    if call.number is None:
        return "not sent in time"
    return "not sent in time; what the device signed stays good at the service until a call of a higher number is there"


class Opener:
    """Opens the outputs of one request. *asked* is the request itself."""

    __slots__ = ("_digest", "_id", "_keys", "asked")

    def __init__(self, stored: Stored, keys: ReplyKeys) -> None:
        self.asked = stored.parsed()
        self._id = stored.id
        self._digest = request.digest(stored.payload)
        self._keys = keys

    def deadline(self, item: Item) -> int:
        """Until when *item* may be sent, in Unix seconds."""
        return deadline_of(self.asked, item)

    def output(self, call: Call, item: Item) -> bytes:
        """The output of *call*, checked by its system's rule.

        :raises Refused: ``reply-key.missing``. :raises BadInput: ``reply-key.malformed``, ``released.not-opened``, and
            what the system's rule raises.
        """
        if call.output is None:
            raise RuntimeError("only what was answered is opened")
        if not item.content.releases:
            return call.output
        match cbor.decode(call.output):
            case [bytes() as enc, bytes() as ciphertext]:
                opened = self._keys.open_(self._id, self._digest, call.id, (enc, ciphertext))
            case _:
                raise RuntimeError("taking stores an encapsulated key and a ciphertext")
        services.check_output(item, opened, f"response.results[{call.place}]")
        return opened
