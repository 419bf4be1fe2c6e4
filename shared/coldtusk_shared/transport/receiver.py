"""Frames in, one message out: a state machine that no sequence of bytes can break.

Frames of several messages may come mixed: foreign codes in the picture, the message that was shown before, a flood.
Each message has a collection of its own, ``limits.MESSAGES_AT_ONCE`` at most. When there are too many, or they hold too
much, the ``limits.MESSAGES_KEPT`` with the most frames stay, and of the others the one that advanced longest ago goes:

- who has most frames loses none to any number of newcomers, however long the display pauses;
- who is just beginning goes on, as long as it advances once while fewer than some 60 others do, however many frames
  those have gathered before: nobody fills the place for good.

Nothing here is to be believed before its envelope was opened. A message that is whole but not the wanted one is refused
(:meth:`Receiver.refuse`), and the others go on where they were.
"""

import heapq
from dataclasses import dataclass
from enum import Enum, auto
from operator import attrgetter

from coldtusk_shared import limits
from coldtusk_shared.transport.collection import Added, Collection
from coldtusk_shared.transport.frame import Flaw, Frame, FrameSet, parse


class Taken(Enum):
    """What one frame did."""

    NEW = auto()
    """The message with the most frames advanced."""
    OTHER = auto()
    """Another message advanced."""
    REPEATED = auto()
    """It was taken before."""
    USELESS = auto()
    """It follows from those taken."""
    CONTRADICTED = auto()
    """It contradicts those taken: somebody disturbs."""
    POISONED = auto()
    """A message had all its frames and the wrong hash: somebody disturbs. It starts anew."""
    FOREIGN = auto()
    """Not a frame of this version."""
    DAMAGED = auto()
    """A frame with a wrong checksum."""
    REFUSED = auto()
    """A frame of a message that was refused before."""
    DONE = auto()
    """A message is whole. Nothing more is taken until it is refused."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Independent frames so far, and in all."""

    rank: int
    needed: int


_FLAWS = {Flaw.FOREIGN: Taken.FOREIGN, Flaw.DAMAGED: Taken.DAMAGED}
_RANK = attrgetter("rank")
_ADDED = {
    Added.REPEATED: Taken.REPEATED,
    Added.USELESS: Taken.USELESS,
    Added.CONTRADICTED: Taken.CONTRADICTED,
    Added.POISONED: Taken.POISONED,
}


class Receiver:
    """Collects frames of at most *limit* messages at once, until one is whole."""

    def __init__(self, limit: int = limits.MESSAGES_AT_ONCE) -> None:
        if limit <= limits.MESSAGES_KEPT:
            raise RuntimeError(f"{limit} messages at once leave no place for a newcomer")
        self._limit = limit
        self._collections: dict[FrameSet, Collection] = {}  # in the order in which they advanced
        self._refused: dict[FrameSet, None] = {}
        self._bytes_held = 0
        self._whole: tuple[FrameSet, bytes] | None = None

    @property
    def message(self) -> bytes | None:
        """The message that is whole: its SHA-256 was checked."""
        return None if self._whole is None else self._whole[1]

    @property
    def progress(self) -> Progress | None:
        """That of the whole message, else of the one with the most frames; None before the first frame."""
        leader = self._leader() if self._whole is None else self._collections[self._whole[0]]
        return None if leader is None else Progress(leader.rank, leader.needed)

    def take(self, frame: bytes) -> Taken:
        """Take *frame*, whatever the bytes are."""
        if self._whole is not None:
            return Taken.DONE
        parsed = parse(frame)
        if isinstance(parsed, Flaw):
            return _FLAWS[parsed]
        if parsed.of in self._refused:
            return Taken.REFUSED
        return self._add(parsed)

    def refuse(self) -> None:
        """The whole message is not the wanted one: pass its frames over from now on, and go on with the others."""
        if self._whole is None:
            raise RuntimeError("there is no whole message")
        refused, _ = self._whole
        self._whole = None
        self._drop(refused)
        self._refused[refused] = None
        if len(self._refused) > limits.MESSAGES_REFUSED:
            del self._refused[next(iter(self._refused))]

    def _add(self, frame: Frame) -> Taken:
        collection = self._collections.get(frame.of) or self._begin(frame.of)
        before = collection.bytes_held
        added = collection.add(frame)
        self._bytes_held += collection.bytes_held - before
        if added not in _ADDED:
            self._collections[frame.of] = self._collections.pop(frame.of)
        self._make_room()
        if added in _ADDED:
            return _ADDED[added]
        if collection.message is not None:
            self._whole = (frame.of, collection.message)
            return Taken.DONE
        return Taken.NEW if collection is self._leader() else Taken.OTHER

    def _begin(self, of: FrameSet) -> Collection:
        collection = self._collections[of] = Collection(of)
        self._bytes_held += collection.bytes_held
        return collection

    def _make_room(self) -> None:
        """Let go of what advanced longest ago, but not of those with the most frames and not of the latest."""
        while len(self._collections) > self._limit or self._bytes_held > limits.RECEIVER_BYTES:
            kept = heapq.nlargest(limits.MESSAGES_KEPT, self._collections.values(), key=_RANK)
            self._drop(next(of for of, one in self._collections.items() if one not in kept))

    def _drop(self, of: FrameSet) -> None:
        self._bytes_held -= self._collections.pop(of).bytes_held

    def _leader(self) -> Collection | None:
        return max(reversed(self._collections.values()), key=_RANK, default=None)
