"""The fields that an operator's table can name: each kind by its word, and what else its row may say.

The kinds are those of :mod:`coldtusk_shared.forms`. A row is data: it is kept, compared and shown as it was written.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from coldtusk_shared import forms, limits
from coldtusk_shared.command import Field
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.forms import FieldValue, Form
from coldtusk_shared.screen import LABEL_COLUMNS
from coldtusk_shared.text import quoted

OPTION = Code(
    "table.option", "choices belong to a choice, at least one; least and most to a uint, and least is not above most"
)
WIRE = Code("table.wire", "have the call made again: the field's value is not written as the service gets it")


class Kind(Enum):
    """The word for a kind of field in a table."""

    AMOUNT = "amount"
    CURRENCY = "currency"
    ADDRESS = "address"
    TOKEN = "token"  # noqa: S105 - a kind of field
    TEXT = "text"
    UINT = "uint"
    FLAG = "flag"
    CHOICE = "choice"
    URL = "url"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a table's row. *choices* are a choice's; *least* and *most* bound a uint."""

    name: str
    kind: Kind
    required: bool = False
    label: str = ""
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = limits.U64

    @property
    def shown(self) -> str:
        """What stands beside the field's value on a screen."""
        return (self.label or self.name)[: LABEL_COLUMNS - 1]

    def field(self, key: int) -> Field:
        """The field with its key on the wire."""
        return Field(key, self.name, _FORMS[self.kind](self), self.required, self.shown)


_FORMS: Final = MappingProxyType[Kind, Callable[[Column], Form]](
    {
        Kind.AMOUNT: lambda _: forms.amount(),
        Kind.CURRENCY: lambda _: forms.CURRENCY,
        Kind.ADDRESS: lambda _: forms.ADDRESS,
        Kind.TOKEN: lambda _: forms.token(),
        Kind.TEXT: lambda _: forms.text(),
        Kind.UINT: lambda column: forms.uint(column.least, column.most),
        Kind.FLAG: lambda _: forms.FLAG,
        Kind.CHOICE: lambda column: forms.choice(*column.choices),
        Kind.URL: lambda _: forms.HTTPS,
        Kind.EMAIL: lambda _: forms.EMAIL,
    }
)


def check(column: Column, where: str) -> None:
    """Refuse options of another kind, a choice of nothing and an empty range: ``table.option``."""
    if bool(column.choices) is not (column.kind is Kind.CHOICE):
        what = "a choice names its choices" if column.kind is Kind.CHOICE else f"a {column.kind.value} has no choices"
        raise BadInput(OPTION, what, where=where)
    if column.kind is not Kind.UINT and (column.least, column.most) != (0, limits.U64):
        raise BadInput(OPTION, f"a {column.kind.value} has no bounds", where=where)
    if column.least > column.most:
        raise BadInput(OPTION, f"{column.least} is above {column.most}", where=where)


def of_wire(field: Field, text: str, where: str) -> FieldValue:
    """The value of which :attr:`Form.wire` made *text*; :class:`BadInput` if it made none such.

    A flag is "1" or "0" there; the other forms read what they write.
    """
    typed = _FLAGS.get(text, text) if field.form is forms.FLAG else text
    value = field.form.parse(typed, where)
    if field.form.wire(value) != text:
        raise BadInput(WIRE, f"the service would get {quoted(field.form.wire(value))}", where=where)
    return value


_FLAGS: Final = MappingProxyType({"1": "yes", "0": "no"})
