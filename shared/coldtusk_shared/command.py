"""A payment service's commands as tables: typed fields and risk, read strictly by one reader.

A command is a row of its service's table (``services/<system>/commands.py``). What is not in the table is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from coldtusk_shared.cbor import Encodable, Value
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.forms import FieldValue, Form
from coldtusk_shared.mapreader import MapReader
from coldtusk_shared.risk import Risk
from coldtusk_shared.text import quoted

ONE_OF = Code("field.one-of", "give exactly one of these fields")
NOT_A_FIELD = Code("field.not-of-command", "`--help` behind the command lists its fields")
REQUIRED = Code("field.required", "give the field: the service does not take the command without it")

Fields = Mapping[str, FieldValue]
"""A command's fields by name, in the order of its table."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its key on our wire (counted from 1, for ever), its name at the service, its form.

    *label* is its name on a screen, at most 11 columns; the service's own where it is left out.
    """

    key: int
    name: str
    form: Form
    required: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name at the service, its risk, its fields in the order in which they are sent.

    Of each group of names in *one_of* exactly one field is given.
    """

    name: str
    risk: Risk
    fields: tuple[Field, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()

    def field(self, name: str, where: str = "") -> Field:
        """The field with this name; :class:`BadInput` if the command has none."""
        found = next((field for field in self.fields if field.name == name), None)
        if found is None:
            raise BadInput(NOT_A_FIELD, f"{self.name} has no field {quoted(name)}", where=where)
        return found


def read(command: Command, value: Value, where: str) -> Fields:
    """The fields of *command* in the map *value*: every one known, of its form, none missing."""
    reader = MapReader(value, where)
    found: dict[str, FieldValue] = {}
    for field in command.fields:
        if reader.has(field.key):
            found[field.name] = field.form.read(reader.value(field.key, field.name), reader.path(field.name))
    reader.done()
    check(command, found, where)
    return MappingProxyType(found)


def typed(command: Command, given: Sequence[tuple[str, str]], where: str = "") -> Fields:
    """The fields of *command* as a person gave them, by name; in the order of the table."""
    texts: dict[str, str] = {}
    for name, text in given:
        field = command.field(name, where)
        if field.name in texts:
            raise BadInput(NOT_A_FIELD, f"the field {name} is given twice", where=where)
        texts[field.name] = text
    found = {
        field.name: field.form.parse(texts[field.name], f"{where}{field.name}")
        for field in command.fields
        if field.name in texts
    }
    check(command, found, where)
    return MappingProxyType(found)


def check(command: Command, given: Mapping[str, FieldValue], where: str) -> None:
    """Refuse missing fields, and none or two of a group of which one is to be given."""
    for field in command.fields:
        if field.required and field.name not in given:
            raise BadInput(REQUIRED, f"{command.name} needs the field {field.name}", where=where)
    for group in command.one_of:
        if sum(name in given for name in group) != 1:
            raise BadInput(ONE_OF, f"not exactly one of {', '.join(group)}", where=where)


def encode(command: Command, given: Fields) -> dict[int, Encodable]:
    """*given* as the CDDL has it; :func:`read` gives the same again."""
    return {field.key: given[field.name] for field in command.fields if field.name in given}


def same(command: Command, given: Fields) -> dict[int, Encodable]:
    """*given* with values that mean the same made equal: for what is wanted, not for how it is written."""
    return {field.key: field.form.same(given[field.name]) for field in command.fields if field.name in given}
