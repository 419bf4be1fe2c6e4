"""The frames of one message as they come, until it is whole.

**Poison.** A frame with the right id and a right checksum but false data cannot be told from an honest one: nothing in
a frame is authenticated, and what would do it, a signature a frame, is longer than a small fragment. It is found by the
hash when the message is whole. Then the collection starts anew; nothing of it was believed. What it costs the poisoner:

- the first frame with a number stays: a second one with other data is passed over, as is a combination that
  contradicts;
- frames of a failed attempt are set aside in the next. So a poisoned code that stands still costs us one attempt, and
  then nothing. Whoever wants more must watch our display and make a new frame for each attempt: he could as well hold
  his hand before the camera;
- an animation that repeats has no other frames: once half of a message's worth came back, all are taken again.
"""

from enum import Enum, auto

from coldtusk_shared.transport.elimination import Elimination, Gained
from coldtusk_shared.transport.fountain import coded_text, coefficients
from coldtusk_shared.transport.frame import Frame, FrameSet


class Added(Enum):
    """What one frame did to its collection."""

    ADVANCED = auto()
    REPEATED = auto()
    """This very frame was taken before, in this attempt or in the one that failed."""
    USELESS = auto()
    """It follows from those taken."""
    CONTRADICTED = auto()
    """It contradicts those taken: one of them, or this one, was made to disturb."""
    WHOLE = auto()
    """The message is there, and its hash is right."""
    POISONED = auto()
    """All fragments are there, and they are not the message: the collection starts anew."""


_OVERHEAD, _ROW_OVERHEAD, _SUSPECT = 2048, 256, 224
"""Bytes for the objects, for a row's integers and entries, for a frame of a failed attempt."""
_GAINED = {Gained.NOTHING: Added.USELESS, Gained.CONTRADICTION: Added.CONTRADICTED}


class Collection:
    """The frames of the message that *of* names."""

    def __init__(self, of: FrameSet) -> None:
        self._of = of
        self._needed = of.fragments
        self._taken: dict[int, int] = {}
        self._suspects: dict[int, int] = {}
        self._set_aside: set[int] = set()
        self._equations = Elimination(self._needed, of.fragment_bytes)
        self.message: bytes | None = None

    @property
    def rank(self) -> int:
        """Independent frames so far."""
        return self._equations.rank

    @property
    def needed(self) -> int:
        """Independent frames in all."""
        return self._needed

    @property
    def bytes_held(self) -> int:
        """What all this takes at most: each row as if it had not shrunk, and what Python adds."""
        row = (self._needed + self._of.fragment_bytes) * 16 // 15 + _ROW_OVERHEAD
        return _OVERHEAD + 10 * self._needed + self.rank * row + len(self._suspects) * _SUSPECT

    def add(self, frame: Frame) -> Added:
        """Take *frame*, which is one of this message."""
        fingerprint = hash(frame.fragment)
        if frame.sequence in self._taken:
            return Added.REPEATED if self._taken[frame.sequence] == fingerprint else Added.CONTRADICTED
        if self._suspects.get(frame.sequence) == fingerprint and not self._all_came_back(frame.sequence):
            return Added.REPEATED
        gained = self._gain(frame)
        if gained is not Gained.RANK:
            return _GAINED[gained]
        self._taken[frame.sequence] = fingerprint
        return Added.ADVANCED if self.rank < self._needed else self._finish()

    def _gain(self, frame: Frame) -> Gained:
        if frame.sequence < self._needed:
            return self._equations.add_fragment(frame.sequence, frame.fragment)
        return self._equations.add_combination(coefficients(self._of, frame.sequence), frame.fragment)

    def _finish(self) -> Added:
        text = self._equations.solution()
        message, digest = text[: self._of.length], text[self._of.length :]
        if digest.startswith(self._of.id) and coded_text(message, self._of) == text:
            self.message = message
            return Added.WHOLE
        self._suspects, self._taken = self._taken, {}
        self._set_aside = set()
        self._equations = Elimination(self._needed, self._of.fragment_bytes)
        return Added.POISONED

    def _all_came_back(self, sequence: int) -> bool:
        """Set *sequence* aside; true, and no frame is suspect any more, once there are no others to hope for."""
        self._set_aside.add(sequence)
        if 2 * len(self._set_aside) <= self._needed:
            return False
        self._suspects = {}
        return True
