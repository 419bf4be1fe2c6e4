"""A person at the device, as a script: what to type at each prompt; all that was shown is kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class ScriptedOperator:
    """Types *answers* one by one. An answer of None types what the screen says signs the request."""

    answers: list[str | None] = field(default_factory=lambda: [None])
    shown: list[str] = field(default_factory=list)
    _typed: Iterator[str | None] | None = None

    def show(self, text: str) -> None:
        """Keep *text*."""
        self.shown.append(text)

    def ask(self, prompt: str) -> str:
        """The next answer."""
        self.shown.append(prompt)
        if self._typed is None:
            self._typed = iter(self.answers)
        answer = next(self._typed)
        return self._phrase() if answer is None else answer

    @property
    def screen(self) -> str:
        """All that was shown."""
        return "\n".join(self.shown)

    def _phrase(self) -> str:
        asked = next(text for text in reversed(self.shown) if text.startswith("To sign"))
        return asked.splitlines()[0].split("type  ", 1)[1]
