"""An operator's table on a screen: whole when it is enrolled, its differences when it is changed."""

from collections.abc import Sequence

from coldtusk_shared import limits
from coldtusk_shared.risk import Risk
from coldtusk_shared.screen import Line, line, quotation
from coldtusk_shared.table_fields import Column, Kind
from coldtusk_shared.typed_table import Row, Shape


def lines(rows: Sequence[Row], shape: Shape) -> list[Line]:
    """Every row, with all that was written about it."""
    return [_row(shape.rows.capitalize(), row) for row in rows]


def difference(old: Sequence[Row], new: Sequence[Row]) -> list[Line]:
    """What *new* says otherwise than *old*; empty if it says the same."""
    before, after = ({row.name: row for row in rows} for rows in (old, new))
    found = [_row("Taken away", row) for row in old if row.name not in after]
    found += [_row("Added", row) for row in new if row.name not in before]
    for row in new:
        if row.name in before and before[row.name] != row:
            found += [_row("Was", before[row.name]), _row("Becomes", row)]
    return found


def risk_words(risk: Risk) -> str:
    """What moves money is written so that nobody overlooks it."""
    words = str(risk.value)
    return words.upper() if risk in (Risk.MOVES_MONEY, Risk.RELEASES_SECRET) else words


def _row(label: str, row: Row) -> Line:
    said = [f"{name} {quotation(text)}" for name, text in row.extra.items()]
    said += [_column(column) for column in row.columns]
    said += [f"exactly one of {', '.join(group)}" for group in row.one_of]
    return line(label, f"{row.name} -- {risk_words(row.risk)}", *(f"  {text}" for text in said or ["no fields"]))


def _column(column: Column) -> str:
    said = [f"{column.name}: {_kind(column)}"]
    if column.required:
        said.append("required")
    if column.label:
        said.append(f"shown as {quotation(column.label)}")
    return ", ".join(said)


def _kind(column: Column) -> str:
    if column.kind is Kind.CHOICE:
        return " or ".join(quotation(choice) for choice in column.choices)
    if column.kind is Kind.UINT:
        return f"uint from {column.least}" + ("" if column.most == limits.U64 else f" to {column.most}")
    return str(column.kind.value)
