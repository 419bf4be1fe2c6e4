"""The operator's table: what is read, what is refused and where, and how the vault keeps it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import cbor, forms, limits, table_fields, table_screen, table_toml, typed_table
from coldtusk_shared.command import Field
from coldtusk_shared.errors import BadInput
from coldtusk_shared.risk import Risk
from coldtusk_shared.screen import render
from coldtusk_shared.table_fields import Column, Kind
from coldtusk_shared.typed_table import Row, Shape

TABLE = Path(__file__).parents[1] / "vectors" / "tables" / "methods.toml"
METHODS = Shape("method")
ACTIONS = Shape("action", extra=(Field(1, "path", forms.token(), required=True), Field(2, "poll", forms.token())))
ROW = '[[method]]\nname = "m"\nrisk = "reads"\n'
FIELD = ROW + '[[method.field]]\nname = "a"\n'

names = st.from_regex(r"[a-z][A-Za-z0-9_.-]{0,10}", fullmatch=True)
labels = st.from_regex(r"[a-z0-9][A-Za-z0-9]{0,10}", fullmatch=True)
plain_columns = st.builds(
    Column,
    name=names,
    kind=st.sampled_from([kind for kind in Kind if kind not in {Kind.CHOICE, Kind.UINT}]),
    required=st.booleans(),
    label=st.just("") | labels,
)
choices = st.builds(
    Column,
    name=names,
    kind=st.just(Kind.CHOICE),
    choices=st.lists(labels, min_size=1, max_size=4, unique=True).map(tuple),
)
uints = st.builds(Column, name=names, kind=st.just(Kind.UINT), least=st.integers(0, 9), most=st.integers(9, limits.U64))
columns = st.lists(
    plain_columns | choices | uints, max_size=6, unique_by=(lambda column: column.name, lambda column: column.shown)
).map(tuple)
risks = st.sampled_from([Risk.READS, Risk.CHANGES, Risk.MOVES_MONEY])
rows = st.lists(st.builds(Row, names, risks, columns), max_size=5, unique_by=lambda row: row.name).map(tuple)


def table() -> tuple[Row, ...]:
    """The rows of the vector."""
    return typed_table.parse_toml(TABLE.read_bytes(), "--table", METHODS)


def refused(act: Callable[[], object]) -> tuple[str, str]:
    """The code and the place of the refusal."""
    with pytest.raises(BadInput) as caught:
        act()
    return caught.value.code.name, caught.value.where


def refused_toml(text: str, shape: Shape = METHODS) -> tuple[str, str]:
    """How *text* is refused."""
    return refused(lambda: typed_table.parse_toml(text.encode(), "t", shape))


def test_a_table() -> None:
    """Names, risks, fields with their keys in the order of the file, and a group."""
    send, listing, rotate = (row.command for row in table())
    assert ("send", Risk.MOVES_MONEY, (("recipient", "contact"),)) == (send.name, send.risk, send.one_of)
    assert [(1, "recipient"), (2, "contact"), (3, "amount")] == [(one.key, one.name) for one in send.fields[:3]]
    assert ["amount"] == [one.name for one in send.fields if one.required]
    assert ("To", "contact") == (send.fields[0].label, send.fields[1].label)
    assert (Risk.READS, Risk.CHANGES) == (listing.risk, rotate.risk)
    assert {"send", "list_transactions", "rotate_address"} == set(typed_table.commands(table()))


@given(rows)
def test_the_vault_keeps_it(made: tuple[Row, ...]) -> None:
    """Out of CBOR comes what went in, and again the same bytes."""
    kept = cbor.encode(typed_table.encode(made, METHODS))
    found = typed_table.decode(cbor.decode(kept), "settings", METHODS)
    assert (made, kept) == (found, cbor.encode(typed_table.encode(found, METHODS)))


def test_groups_are_kept() -> None:
    """The vector with its group and bounds."""
    kept = cbor.decode(cbor.encode(typed_table.encode(table(), METHODS)))
    assert table() == typed_table.decode(kept, "settings", METHODS)


def test_texts_of_one_system() -> None:
    """A shape's own keys stand in the row, are required or not, and are kept."""
    found = typed_table.parse_toml(b'[[action]]\nname = "m"\nrisk = "changes"\npath = "/x"\n', "t", ACTIONS)
    assert {"path": "/x"} == found[0].extra
    assert found == typed_table.decode(cbor.decode(cbor.encode(typed_table.encode(found, ACTIONS))), "", ACTIONS)


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("[[method", "table.toml", "t"),
        ("\xff", "table.toml", "t"),
        (ROW + "least = 1.5", "table.toml", "t"),
        (ROW + "least = nan", "table.toml", "t"),
        (ROW + 'name = "twice"', "table.toml", "t"),
        ("a = " + "[" * 20_000, "table.toml", "t"),
        ("", "table.key", "t"),
        ("[other]\n" + ROW, "table.key", "t"),
        ("method = 3", "table.type", "t.method"),
        ("method = [3]", "table.type", "t.method[0]"),
        ('[[method]]\nname = "m"\n', "table.key", "t.method[0]"),
        (ROW + 'path = "/x"', "table.key", "t.method[0]"),
        (ROW + "one_of = 1979-05-27", "table.type", "t.method[0].one_of"),
        (FIELD, "table.key", "t.method[0].field[0]"),
        (FIELD + "form = true", "table.type", "t.method[0].field[0].form"),
        (FIELD + 'form = "text"\nrequired = "yes"', "table.type", "t.method[0].field[0].required"),
        (FIELD + 'form = "uint"\nleast = true', "table.type", "t.method[0].field[0].least"),
        (FIELD + 'form = "uint"\nleast = -1', "field.out-of-range", "t.method[0].field[0].least"),
        (FIELD + 'form = "float"', "table.value", "t.method[0].field[0].form"),
        (FIELD + 'form = "choice"', "table.option", "t.method[0].field[0]"),
        (FIELD + 'form = "text"\nchoices = ["a"]', "table.option", "t.method[0].field[0]"),
        (FIELD + 'form = "text"\nmost = 3', "table.option", "t.method[0].field[0]"),
        (FIELD + 'form = "uint"\nleast = 4\nmost = 3', "table.option", "t.method[0].field[0]"),
        (FIELD + 'form = "choice"\nchoices = ["a", "a"]', "table.twice", "t.method[0].field[0].choices"),
        (FIELD + 'form = "choice"\nchoices = [1]', "text.not-text", "t.method[0].field[0].choices"),
        (FIELD + 'form = "text"\nlabel = "Twelve wide."', "table.label", "t.method[0].field[0].label"),
        (FIELD + 'form = "text"\nlabel = "\u200b"', "text.character", "t.method[0].field[0].label"),
        (FIELD + 'form = "text"\nlabel = "..."', "table.our-label", "t.method[0].field[0].label"),
        (FIELD + 'form = "text"\nlabel = "! WARNING"', "table.our-label", "t.method[0].field[0].label"),
        (FIELD + 'form = "text"\nlabel = "To sign"', "table.our-label", "t.method[0]"),
        (FIELD.replace('"a"', '"Account"') + 'form = "text"', "table.our-label", "t.method[0]"),
        (FIELD + 'form = "text"\n[[method.field]]\nname = "a"\nform = "text"', "table.twice", "t.method[0]"),
        (
            ROW + 'field = [{name="withdraw_address_a", form="text"}, {name="withdraw_address_b", form="text"}]',
            "table.same-label",
            "t.method[0]",
        ),
        (ROW + ROW, "table.twice", "t"),
        (ROW.replace("reads", "releases a secret"), "table.value", "t.method[0].risk"),
        (ROW.replace('"m"', '"a b"'), "field.characters", "t.method[0].name"),
        (ROW + 'one_of = ["a"]', "field.wrong-type", "t.method[0].one_of[0]"),
        (ROW + 'one_of = [["a", "b"]]', "table.one-of", "t.method[0].one_of[0]"),
        (
            ROW + 'one_of = [["a", "b"]]\nfield = [{name="a", form="text", required=true}, {name="b", form="text"}]',
            "table.one-of",
            "t.method[0].one_of[0]",
        ),
        (
            ROW + 'one_of = [["a"]]\nfield = [{name="a", form="text"}]',
            "table.one-of",
            "t.method[0].one_of[0]",
        ),
        (
            ROW + 'one_of = [["a", "b"], ["b", "c"]]\n'
            'field = [{name="a", form="text"}, {name="b", form="text"}, {name="c", form="text"}]',
            "table.one-of",
            "t.method[0].one_of[1]",
        ),
    ],
)
def test_refused(text: str, code: str, where: str) -> None:
    """Each with its code and the very place."""
    assert (code, where) == refused_toml(text)


def test_a_missing_key_of_one_system() -> None:
    """A row without the path that its system needs."""
    assert ("table.required", "t.action[0]") == refused_toml('[[action]]\nname = "m"\nrisk = "reads"\n', ACTIONS)


def test_caps() -> None:
    """Bytes of the file, rows, fields of a row and choices of a field."""
    rows_ = "".join(f'[[method]]\nname = "m{n}"\nrisk = "reads"\n' for n in range(limits.TABLE_ROWS + 1))
    fields = "".join(f'[[method.field]]\nname = "f{n}"\nform = "text"\n' for n in range(limits.TABLE_FIELDS + 1))
    many = ", ".join(f'"c{n}"' for n in range(limits.TABLE_FIELDS + 1))
    assert ("table.bytes", "t") == refused_toml("#" * (limits.SERVICE_SETTINGS_BYTES + 1))
    assert ("table.size", "t") == refused_toml(rows_)
    assert ("table.size", "t.method[0].field") == refused_toml(ROW + fields)
    assert ("table.size", "t.method[0].field[0].choices") == refused_toml(f'{FIELD}form = "choice"\nchoices = [{many}]')


def test_the_vaults_own_form_is_strict() -> None:
    """Another type in CBOR: not a list, not a text, a key too many."""

    def refused_wire(value: cbor.Encodable) -> tuple[str, str]:
        return refused(lambda: typed_table.decode(cbor.decode(cbor.encode(value)), "s", METHODS))

    assert ("field.wrong-type", "s") == refused_wire({})
    assert ("field.wrong-type", "s.method[0].risk") == refused_wire([{1: "m", 2: 3}])
    assert ("field.unknown", "s.method[0]") == refused_wire([{1: "m", 2: "reads", 9: 1}])


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.AMOUNT, "0.10"),
        (Kind.UINT, "7"),
        (Kind.FLAG, "1"),
        (Kind.FLAG, "0"),
        (Kind.TEXT, "yes"),
        (Kind.URL, "https://a.b/"),
    ],
)
def test_a_value_as_the_service_gets_it(kind: Kind, text: str) -> None:
    """From the text for the service to the value and back."""
    field = Column("f", kind).field(1)
    assert text == field.form.wire(table_fields.of_wire(field, text, ""))


def test_a_flag_of_other_words() -> None:
    """A person types yes; the service gets 1, and yes is not what it gets."""
    field = Column("f", Kind.FLAG).field(1)
    assert ("table.wire", "here") == refused(lambda: table_fields.of_wire(field, "yes", "here"))


def test_screen() -> None:
    """All that was enrolled, row by row."""
    expected = """\
Method      send -- MOVES MONEY
              recipient: address, shown as "To"
              contact: token
              amount: amount, required
              currency: currency
              comment: text
              speed: "slow" or "fast"
              blocks: uint from 1 to 6
              final: flag
              exactly one of recipient, contact
Method      list_transactions -- reads
              limit: uint from 0 to 100
Method      rotate_address -- changes
              no fields"""
    assert expected == render(table_screen.lines(table(), METHODS))


def test_difference() -> None:
    """Rows that went, that came, and that say something else now; nothing of the others."""
    old = (Row("a", Risk.MOVES_MONEY), Row("b", Risk.READS), Row("c", Risk.READS))
    new = (Row("c", Risk.READS), Row("b", Risk.CHANGES), Row("d", Risk.READS))
    expected = ["Taken away a -- MOVES MONEY", "Added d -- reads", "Was b -- reads", "Becomes b -- changes"]
    assert expected == [f"{one.label} {one.texts[0]}" for one in table_screen.difference(old, new)]
    assert [] == table_screen.difference(old, old)


def test_toml_alone() -> None:
    """What the first pass gives is what the vault would keep."""
    expected = [{1: "m", 2: "reads", 5: {2: "/x"}}]
    assert expected == table_toml.read(b'[[a]]\nname = "m"\nrisk = "reads"\npath = "/x"\n', "t", "a", {"path": 2})
