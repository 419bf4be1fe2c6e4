"""How the rejecting vectors are made: golden messages with one thing wrong."""

from dataclasses import dataclass
from typing import Any

from coldtusk_shared import cbor, envelope
from coldtusk_shared.envelope import MessageType
from tests.shared import message_vectors

GONE = object()
"""Takes a key away."""
GOLDEN = message_vectors.golden()


@dataclass(frozen=True, slots=True)
class Rejected:
    """One vector: what was expected, what came, and how it must be refused."""

    name: str
    expected: MessageType
    message: bytes
    stage: str
    code: str
    where: str

    def member(self) -> dict[str, str]:
        """As it stands in the file."""
        return {
            "name": self.name,
            "expected": self.expected.name,
            "stage": self.stage,
            "code": self.code,
            "where": self.where,
            "message": self.message.hex(),
        }


def changed(value: Any, change: Any) -> Any:
    """*value* with *change*: a map of keys or places to inner changes, or the new value itself."""
    if not isinstance(change, dict) or not isinstance(value, dict | list):
        return change
    if isinstance(value, list):
        return [changed(inner, change[place]) if place in change else inner for place, inner in enumerate(value)]
    merged = {**value, **{key: changed(value.get(key), inner) for key, inner in change.items()}}
    return {key: inner for key, inner in merged.items() if inner is not GONE}


def payload_with(name: str, change: Any) -> bytes:
    """The payload of the golden message *name*, changed."""
    return cbor.encode(changed(cbor.decode(GOLDEN[name].payload), change))


def resealed(name: str, payload: bytes) -> bytes:
    """*payload* in an envelope as that of the golden message *name*, with a right signature."""
    one = GOLDEN[name]
    if one.type is None or one.signer is None:
        raise TypeError(name)
    return envelope.seal(one.type, payload, one.signer)


def misparsed(name: str, base: str, change: Any, code: str, where: str) -> Rejected:
    """The golden message *base* with *change* in its payload: for the parser to refuse."""
    return Rejected(name, _type(base), resealed(base, payload_with(base, change)), "parse", code, where)


def _type(base: str) -> MessageType:
    type_ = GOLDEN[base].type
    if type_ is None:
        raise TypeError(base)
    return type_
