"""A figure of the bench: a value and the reference that was measured in the same run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """*value* and *reference_value* in *unit*; the ratio is what may be compared between machines."""

    name: str
    value: float
    unit: str
    reference: str
    reference_value: float

    @property
    def ratio(self) -> float:
        """Value to reference."""
        return self.value / self.reference_value

    def json(self) -> dict[str, str | float]:
        """As ``build/bench.json`` has it."""
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "reference": self.reference,
            "ratio": round(self.ratio, 3),
        }

    def row(self) -> str:
        """One line for a person."""
        return f"{self.name:<62}{self.value:>10.2f} {self.unit:<4}{self.ratio:>7.2f} x {self.reference}"
