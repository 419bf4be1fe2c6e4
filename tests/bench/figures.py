"""A figure of the bench: a value and the reference that was measured in the same run."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median


class Of(Enum):
    """What of a figure a goal is about."""

    VALUE = "value"
    RATIO = "ratio"


class Bound(Enum):
    """On which side of its limit a goal is met."""

    AT_MOST = "at most"
    AT_LEAST = "at least"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure's value or ratio is to be."""

    of: Of
    bound: Bound
    limit: float

    def met(self, figure: "Figure") -> bool:
        """Whether *figure* is on the right side."""
        measured = figure.value if self.of is Of.VALUE else figure.ratio
        return measured <= self.limit if self.bound is Bound.AT_MOST else measured >= self.limit

    def __str__(self) -> str:
        return f"{self.of.value} {self.bound.value} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """*value* and *reference_value* in *unit*; the ratio is what may be compared between machines.

    *beside* are further numbers of the same run, by name: the least and the greatest of the phases, another way's.
    """

    name: str
    value: float
    unit: str
    reference: str
    reference_value: float
    goal: Goal | None = None
    beside: tuple[tuple[str, float], ...] = ()

    @property
    def ratio(self) -> float:
        """Value to reference."""
        return self.value / self.reference_value

    def json(self) -> dict[str, object]:
        """As ``build/bench.json`` has it."""
        goal = {} if self.goal is None else {"goal": str(self.goal), "met": self.goal.met(self)}
        return {
            "name": self.name,
            "value": round(self.value, 4),
            "unit": self.unit,
            "reference": self.reference,
            "ratio": round(self.ratio, 3),
            **{name: round(value, 3) for name, value in self.beside},
            **goal,
        }

    def row(self) -> str:
        """One line for a person."""
        beside = "".join(f", {name} {value:.2f}" for name, value in self.beside)
        value = f"{self.value:.2f}" if self.value >= 0.1 else f"{self.value:.4f}"
        row = f"{self.name:<62}{value:>10} {self.unit:<6}{self.ratio:>7.2f} x {self.reference}{beside}"
        if self.goal is None:
            return row
        return f"{row}; goal: {self.goal}, {'met' if self.goal.met(self) else 'MISSED'}"


def spread(phases: Sequence[float]) -> tuple[float, tuple[tuple[str, float], ...]]:
    """The median of *phases*, and what is printed beside it."""
    return median(phases), (("minimum", min(phases)), ("maximum", max(phases)))
