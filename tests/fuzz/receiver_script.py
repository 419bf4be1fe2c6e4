"""A script for the receiver, in bytes: a fuzzer that writes it needs neither to know a checksum nor a digest.

Each step is one byte that says what comes, and what belongs to it; a script that ends inside a step ends there.
"""

from collections.abc import Callable
from dataclasses import dataclass

from coldtusk_shared.transport.fountain import Encoder
from coldtusk_shared.transport.frame import Flaw, build, parse
from coldtusk_shared.transport.receiver import Receiver, Taken
from tests.shared.transport.disturbers import forged

MESSAGES = (b"the wanted one: " + bytes(range(100)), b"another: " + bytes(range(150)), b"short")
_ENCODERS = (Encoder(MESSAGES[0], 60), Encoder(MESSAGES[1], 60), Encoder(MESSAGES[1], 90), Encoder(MESSAGES[2], 60))


@dataclass(slots=True)
class _Reader:
    """The rest of a script."""

    rest: bytes

    def octets(self, count: int) -> bytes:
        """The next *count* bytes, fewer at the end."""
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def number(self, count: int = 1) -> int:
        """The next *count* bytes as a number; zero at the end."""
        return int.from_bytes(self.octets(count))


def play(script: bytes) -> Receiver:
    """Play *script*; the receiver after it, whose promises were checked at every step."""
    receiver, reader = Receiver(5), _Reader(script)
    while reader.rest:
        _take(receiver, _STEPS[reader.number() % len(_STEPS)](reader))
    return receiver


def _take(receiver: Receiver, frame: bytes) -> None:
    parsed = parse(frame)
    assert isinstance(parsed, Flaw) or frame == build(parsed)
    before = receiver.progress
    taken = receiver.take(frame)
    assert (taken is Taken.DONE) == (receiver.message is not None)
    if taken in {Taken.REPEATED, Taken.USELESS, Taken.CONTRADICTED, Taken.DAMAGED, Taken.FOREIGN, Taken.REFUSED}:
        assert before is None or before == receiver.progress
    if taken is Taken.DONE:
        assert receiver.message in MESSAGES
        receiver.refuse()


def _honest(reader: _Reader) -> bytes:
    encoder = _ENCODERS[reader.number() % len(_ENCODERS)]
    number = reader.number(2)
    return encoder.frame(0 if encoder.fragments == 1 else number)


def _poisoned(reader: _Reader) -> bytes:
    frame = bytearray(_honest(reader))
    frame[reader.number() % len(frame)] ^= reader.number()
    return forged(bytes(frame[1:9]), int.from_bytes(frame[9:12]), int.from_bytes(frame[12:15]), bytes(frame[19:]))


def _damaged(reader: _Reader) -> bytes:
    frame = bytearray(_honest(reader))
    frame[reader.number() % len(frame)] ^= reader.number()
    return bytes(frame)


def _raw(reader: _Reader) -> bytes:
    return reader.octets(reader.number())


def _made(reader: _Reader) -> bytes:
    """Any header over any data, the checksum right."""
    return forged(reader.octets(8).ljust(8), reader.number(3), reader.number(3), _raw(reader))


_STEPS: tuple[Callable[[_Reader], bytes], ...] = (_honest, _poisoned, _damaged, _raw, _made)
