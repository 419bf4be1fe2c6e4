"""Reading a message: from a source through the decoder child into the receiver, until the wanted message is whole."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Final, TypeAlias

from coldtusk_shared import envelope
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput, Code, ColdtuskError
from coldtusk_shared.transport.decoder import Decoder
from coldtusk_shared.transport.progress_line import ProgressLine
from coldtusk_shared.transport.receiver import Receiver, Taken
from coldtusk_shared.transport.sighting import Look, Sightings, Status, mean_luma
from coldtusk_shared.transport.sources import Frame, Luma, Source, frames
from coldtusk_shared.transport.sources_open import open_source

NOTHING = Code("scan.nothing", "come nearer, give more light or a larger picture, and see what the source holds")
INCOMPLETE = Code("scan.incomplete", "read for longer, or from more pictures: codes that were missed must come again")

_TICK: Final = 0.2

Wanted: TypeAlias = Callable[[bytes], object]
"""Raises what speaks against a whole message; then its codes are passed over, and reading goes on."""
Tell: TypeAlias = Callable[[Status], None]


def of_type(type_: MessageType) -> Wanted:
    """A sealed message of *type_*: who sealed it is for the command to check."""
    return lambda message: envelope.require_type(envelope.read(message), type_)


def any_sealed(message: bytes) -> None:
    """A sealed message of any type."""
    envelope.read(message)


def anything(_message: bytes) -> None:
    """Any message."""


def read_message(text: str, wanted: Wanted, *, watching: bool = True, line: ProgressLine | None = None) -> bytes:
    """The message that the source *text* shows, with its progress for a person on *line*.

    A folder is watched for new pictures if *watching*. When this returns or raises, no camera runs any more.
    Raises as :func:`open_source` and :func:`scan`.
    """
    said = line or ProgressLine()
    said.begin(text)
    try:
        with closing(open_source(text, watching=watching)) as source, Decoder() as decoder:
            message = scan(source, decoder, wanted, said.show)
    except BaseException:
        said.end()
        raise
    said.done(len(message))
    return message


def scan(
    source: Source, decoder: Decoder, wanted: Wanted, tell: Tell, clock: Callable[[], float] = time.monotonic
) -> bytes:
    """The first whole message from *source* that *wanted* has nothing against; *tell* hears how it goes.

    Raises :class:`BadInput` when *source* ends before, and what the source and the decoder raise.
    """
    return _Reading(source, decoder, wanted, tell, clock).run()


class _Reading:
    """One source, read once."""

    def __init__(
        self, source: Source, decoder: Decoder, wanted: Wanted, tell: Tell, clock: Callable[[], float]
    ) -> None:
        self._source = source
        self._decoder = decoder
        self._wanted = wanted
        self._tell = tell
        self._clock = clock
        self._receiver = Receiver()
        self._sightings = Sightings(clock())
        self._unwanted: ColdtuskError | None = None
        self._unreadable: ColdtuskError | None = None

    def run(self) -> bytes:
        """The message."""
        for frame in frames(self._source, _TICK):
            for look in () if frame is None else self._looks(frame):
                self._sightings.add(look, self._clock())
                if self._receiver.message is not None:
                    return self._receiver.message
                self._report()
            self._report()
        raise self._failure()

    def _looks(self, frame: Frame) -> Iterator[Look]:
        """What each picture of *frame* brings."""
        lost = self._decoder.lost
        if isinstance(frame, Luma):
            codes = self._decoder.luma(frame.width, frame.height, frame.plane)
            yield Look(self._take(codes), mean_luma(frame), readable=lost == self._decoder.lost)
            return
        try:
            for codes in self._decoder.picture(frame.data):
                yield Look(self._take(codes))
        except BadInput as error:
            self._unreadable = error.at(frame.name)
            yield Look((), readable=False)
        if lost != self._decoder.lost:
            yield Look((), readable=False)

    def _take(self, codes: list[bytes]) -> tuple[Taken, ...]:
        return tuple(self._take_one(code) for code in codes)

    def _take_one(self, code: bytes) -> Taken:
        taken = self._receiver.take(code)
        if taken is Taken.DONE and self._receiver.message is not None:
            return self._judged(self._receiver.message)
        return taken

    def _judged(self, message: bytes) -> Taken:
        try:
            self._wanted(message)
        except ColdtuskError as error:
            self._unwanted = error
            self._receiver.refuse()
            return Taken.REFUSED
        return Taken.DONE

    def _report(self) -> None:
        self._tell(self._sightings.status(self._receiver.progress, self._clock()))

    def _failure(self) -> ColdtuskError:
        """Why the source's end is too early."""
        progress, where = self._receiver.progress, self._source.title
        if progress is not None and progress.rank:
            what = f"it ended with {progress.rank} of the {progress.needed} codes that make the message whole"
            return BadInput(INCOMPLETE, what, where=where)
        told = self._unwanted or self._unreadable
        return told or BadInput(NOTHING, f"it ended: {self._sightings.hint().value}", where=where)
