"""An operator's table of methods or actions: TOML as a person writes it, CBOR as the vault keeps it.

Payment services have calls that nobody documents. What their operator knows of them is enrolled on the device: names,
risk and typed fields. A table is read strictly, so that a slip of the pen never becomes another rule::

    [[method]]
    name = "send"
    risk = "moves money"                       # or "changes" or "reads"
    one_of = [["recipient", "label"]]          # of each group exactly one is given

    [[method.field]]                           # in the order in which they are sent
    name = "amount"
    form = "amount"                            # a word of table_fields.Kind
    required = true
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeVar

from coldtusk_shared import forms, limits, table_fields, table_toml
from coldtusk_shared.cbor import Encodable, Value
from coldtusk_shared.command import Command, Field
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.forms import Form
from coldtusk_shared.mapreader import WRONG_TYPE, MapReader
from coldtusk_shared.risk import Risk
from coldtusk_shared.screen import LABEL_COLUMNS
from coldtusk_shared.table_fields import Column, Kind
from coldtusk_shared.text import check_label, columns, quoted

SIZE = Code("table.size", "shorten the table: the manual lists the caps")
VALUE = Code("table.value", "write one of the words that the manual lists")
TWICE = Code("table.twice", "give each method, and each field of a method, one row: take the other away")
ONE_OF = Code("table.one-of", "a group names two fields of its row or more, none required, none in another group")
LABEL = Code("table.label", "the screen has 11 columns for a label: shorten it, or leave it out")
SAME_LABEL = Code(
    "table.same-label", "give labels of their own to fields whose names begin alike: a screen shows 11 columns"
)
OUR_LABEL = Code(
    "table.our-label",
    "choose another label, one that begins with a letter or a digit: a row of the review has this one",
)
REQUIRED = Code("table.required", "give the key: the rows of this service's table need it")

NAME: Final = forms.token(r"[A-Za-z][A-Za-z0-9_.-]{0,63}", "a name: a letter, then letters, digits and _ . -")
"""The name of a method, an action or a field, where a system has no rule of its own."""
_T = TypeVar("_T")
_RISKS: Final = MappingProxyType({risk.value: risk for risk in (Risk.READS, Risk.CHANGES, Risk.MOVES_MONEY)})
_KINDS: Final = MappingProxyType({kind.value: kind for kind in Kind})
_OURS: Final = frozenset(
    {"Do", "Account", "Params", "Send at", "Window", "Send", "Action", "Fields", "Followed", "Releases", "Then", "Mind"}
    | {"Asked by", "Purpose", "Made by", "Made at", "Now", "Answer by", "Words", "Request"}
    | {"All items", "All calls", "All amounts", "To sign", "To refuse"}
)
"""What the review's own rows are called: beside a field of a table it would be the host's text that stands there."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What one system's tables look like.

    *rows* names the array in TOML ("method"); *extra* are further texts of each row, such as a path, with keys of
    their own from 1.
    """

    rows: str
    name: Form = NAME
    field_name: Form = NAME
    extra: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One method or action as it was enrolled. *extra* holds the texts of the shape's own keys, by name."""

    name: str
    risk: Risk
    columns: tuple[Column, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def command(self) -> Command:
        """The row as a command; the keys of its fields count from 1."""
        fields = tuple(column.field(key) for key, column in enumerate(self.columns, 1))
        return Command(self.name, self.risk, fields, self.one_of)


def parse_toml(data: bytes, where: str, shape: Shape) -> tuple[Row, ...]:
    """The rows of a TOML file; *where* is its name for errors.

    :raises BadInput: what :func:`table_toml.read` and :func:`decode` raise.
    """
    return decode(table_toml.read(data, where, shape.rows, {one.name: one.key for one in shape.extra}), where, shape)


def encode(rows: Sequence[Row], shape: Shape) -> list[Encodable]:
    """*rows* as the vault keeps them; :func:`decode` gives the same again."""
    return [_encode_row(row, shape) for row in rows]


def decode(value: Value, where: str, shape: Shape) -> tuple[Row, ...]:
    """The rows in *value*, every rule checked.

    :raises BadInput: ``table.size``, ``.value``, ``.twice``, ``.one-of``, ``.label``, ``.same-label``, ``.our-label``,
        ``.option``, ``.required``, what the forms of *shape* raise, and what :class:`MapReader` raises.
    """
    values = _list(value, limits.TABLE_ROWS, where)
    rows = tuple(_decode_row(one, shape, f"{where}.{shape.rows}[{place}]") for place, one in enumerate(values))
    _check_once([row.name for row in rows], where)
    return rows


def commands(rows: Sequence[Row]) -> Mapping[str, Command]:
    """The commands of *rows* by name."""
    return MappingProxyType({row.name: row.command for row in rows})


def _decode_row(value: Value, shape: Shape, where: str) -> Row:
    reader = MapReader(value, where)
    name = _named(reader.value(1, "name"), shape.name, reader.path("name"))
    risk = _word(reader.value(2, "risk"), _RISKS, reader.path("risk"))
    values = _optional(reader, table_toml.FIELDS_KEY, "field", limits.TABLE_FIELDS)
    found = tuple(_decode_column(one, shape, f"{where}.field[{place}]") for place, one in enumerate(values))
    groups = _optional(reader, 4, "one_of", limits.TABLE_FIELDS)
    one_of = tuple(_texts(group, f"{where}.one_of[{place}]") for place, group in enumerate(groups))
    extra = _extra(reader.value(table_toml.EXTRA_KEY, "") if reader.has(table_toml.EXTRA_KEY) else {}, shape, where)
    reader.done()
    _check_once([column.name for column in found], where)
    _check_shown(found, where)
    _check_groups(found, one_of, f"{where}.one_of")
    return Row(name, risk, found, one_of, extra)


def _decode_column(value: Value, shape: Shape, where: str) -> Column:
    reader = MapReader(value, where)
    column = Column(
        name=_named(reader.value(1, "name"), shape.field_name, reader.path("name")),
        kind=_word(reader.value(2, "form"), _KINDS, reader.path("form")),
        required=reader.flag(3, "required") if reader.has(3) else False,
        label=_label(reader.value(4, "label"), reader.path("label")) if reader.has(4) else "",
        choices=_texts(reader.value(5, "choices"), reader.path("choices")) if reader.has(5) else (),
        least=reader.uint(6, "least") if reader.has(6) else 0,
        most=reader.uint(7, "most") if reader.has(7) else limits.U64,
    )
    reader.done()
    table_fields.check(column, where)
    return column


def _extra(value: Value, shape: Shape, where: str) -> Mapping[str, str]:
    reader = MapReader(value, where)
    found: dict[str, str] = {}
    for one in shape.extra:
        if reader.has(one.key):
            found[one.name] = str(one.form.read(reader.value(one.key, one.name), reader.path(one.name)))
        elif one.required:
            raise BadInput(REQUIRED, f"the key {one.name} is missing", where=where)
    reader.done()
    return MappingProxyType(found)


def _encode_row(row: Row, shape: Shape) -> dict[int, Encodable]:
    wire: dict[int, Encodable] = {1: row.name, 2: row.risk.value}
    if row.columns:
        wire[table_toml.FIELDS_KEY] = [_encode_column(column) for column in row.columns]
    if row.one_of:
        wire[4] = [list(group) for group in row.one_of]
    extra = {one.key: row.extra[one.name] for one in shape.extra if one.name in row.extra}
    if extra:
        wire[table_toml.EXTRA_KEY] = extra
    return wire


def _encode_column(column: Column) -> dict[int, Encodable]:
    """What says nothing is left out, so that one table has one form."""
    wire: dict[int, Encodable] = {1: column.name, 2: column.kind.value}
    said: dict[int, tuple[Encodable, bool]] = {
        3: (True, column.required),
        4: (column.label, bool(column.label)),
        5: (list(column.choices), bool(column.choices)),
        6: (column.least, column.least > 0),
        7: (column.most, column.most < limits.U64),
    }
    return wire | {key: value for key, (value, is_said) in said.items() if is_said}


def _optional(reader: MapReader, key: int, name: str, most: int) -> list[Value]:
    return _list(reader.value(key, name), most, reader.path(name)) if reader.has(key) else []


def _list(value: Value, most: int, where: str) -> list[Value]:
    if type(value) is not list:
        raise BadInput(WRONG_TYPE, "not a list", where=where)
    if len(value) > most:
        raise BadInput(SIZE, f"{len(value)} entries, the most is {most}", where=where)
    return value


def _texts(value: Value, where: str) -> tuple[str, ...]:
    found = tuple(check_label(one, where) for one in _list(value, limits.TABLE_FIELDS, where))
    _check_once(list(found), where)
    return found


def _named(value: Value, form: Form, where: str) -> str:
    return str(form.read(value, where))


def _word(value: Value, known: Mapping[str, _T], where: str) -> _T:
    if type(value) is not str:
        raise BadInput(WRONG_TYPE, "not a text", where=where)
    if value not in known:
        raise BadInput(VALUE, f"{quoted(value)} is not {' or '.join(known)}", where=where)
    return known[value]


def _label(value: Value, where: str) -> str:
    label = check_label(value, where)
    if columns(label) >= LABEL_COLUMNS:
        raise BadInput(LABEL, f"{columns(label)} columns, the most is {LABEL_COLUMNS - 1}", where=where)
    if not label[0].isalnum():  # "..." stands where a folded text goes on, "!" before a warning
        raise BadInput(OUR_LABEL, f"a field is shown as {quoted(label)}", where=where)
    return label


def _check_once(names: Sequence[str], where: str) -> None:
    for place, name in enumerate(names):
        if name in names[:place]:
            raise BadInput(TWICE, f"{quoted(name)} stands twice", where=where)


def _check_shown(found: Sequence[Column], where: str) -> None:
    """Two fields that look alike on a screen could be taken for one another, and one for a row of ours."""
    for place, column in enumerate(found):
        if column.shown in _OURS:
            raise BadInput(OUR_LABEL, f"a field is shown as {quoted(column.shown)}", where=where)
        if any(one.shown == column.shown for one in found[:place]):
            raise BadInput(SAME_LABEL, f"two fields are shown as {quoted(column.shown)}", where=where)


def _check_groups(found: Sequence[Column], groups: Sequence[Sequence[str]], where: str) -> None:
    optional = {column.name for column in found if not column.required}
    for place, group in enumerate(groups):
        if len(group) < 2 or not optional.issuperset(group):
            raise BadInput(
                ONE_OF, "not two fields of this row or more that are not required", where=f"{where}[{place}]"
            )
        optional.difference_update(group)
