"""Where frames come from, behind one protocol: planes of a camera or a video, and picture files.

A source never waits longer than it is told, so that its caller can draw while nothing comes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from coldtusk_shared.transport.decoder_wire import fits


@dataclass(frozen=True, slots=True)
class Luma:
    """One frame of a camera or video: *height* rows of *width* bytes, 0 is black."""

    width: int
    height: int
    plane: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not fits(self.width, self.height) or self.width * self.height != len(self.plane):
            raise RuntimeError(f"{len(self.plane)} bytes are not {self.width} by {self.height} pixels")


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture file, read whole: a PNG, JPEG, GIF or APNG, by its sender's word. *name* is for messages."""

    name: str
    data: bytes = field(repr=False)


Frame: TypeAlias = Luma | Picture


class Source(Protocol):
    """A stream of frames. Close it in any case: a camera's process ends with it."""

    @property
    def title(self) -> str:
        """What it is, for a person."""
        ...

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        ...

    @property
    def dropped(self) -> int:
        """Frames that were passed over, since newer ones came while the caller was busy, or since they are unfit."""
        ...

    def take(self, seconds: float) -> Frame | None:
        """The next frame, or None when none came within *seconds* or none will come.

        Raises :class:`BadInput` and :class:`Outside` when the source fails; then it has ended.
        """
        ...

    def close(self) -> None:
        """Let go of everything, at once and for good."""
        ...


def frames(source: Source, tick: float) -> Iterator[Frame | None]:
    """What *source* gives until it ends; None whenever *tick* seconds brought nothing. Raises as ``take`` does."""
    while not source.ended:
        frame = source.take(tick)
        if frame is not None or not source.ended:
            yield frame
