"""Sources that play a script of frames: a frame, a moment without any, or an error; time passes with each."""

from collections.abc import Sequence
from dataclasses import dataclass

from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.transport.sources import Frame


@dataclass
class Scripted:
    """Gives *script* one by one, a tenth of a second each. ``now`` is the time of its world."""

    script: Sequence[Frame | ColdtuskError | None]
    now: float = 0.0
    closed: bool = False
    _at: int = 0

    @property
    def title(self) -> str:
        """Its name."""
        return "the script"

    @property
    def ended(self) -> bool:
        """Whether all was played."""
        return self._at >= len(self.script)

    @property
    def dropped(self) -> int:
        """Nothing."""
        return 0

    def clock(self) -> float:
        """The time."""
        return self.now

    def take(self, seconds: float) -> Frame | None:
        """The next part."""
        assert seconds > 0
        self.now += 0.1
        part = self.script[self._at]
        self._at += 1
        if isinstance(part, ColdtuskError):
            raise part
        return part

    def close(self) -> None:
        """Remember it."""
        self.closed = True
