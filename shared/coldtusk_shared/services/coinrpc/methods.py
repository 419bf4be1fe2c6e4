"""The methods of CoinRPC: the one that its document names, and the form of the table that an operator enrols."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from coldtusk_shared import command, forms, table_fields
from coldtusk_shared.command import Command, Field, Fields
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.forms import FieldValue
from coldtusk_shared.risk import Risk
from coldtusk_shared.services.coinrpc.safe_json import Params, check_name, check_value
from coldtusk_shared.table_fields import Kind
from coldtusk_shared.typed_table import Row, Shape

BUILT_IN_NAME = Code("coinrpc.table.built-in", "leave the row out: the method is built in, and what it can do is known")
URL = Code("coinrpc.table.url", "take the field away: a URL has slashes, and no call with one is ever signed")
ORDER = Code("coinrpc.params.order", "give the parameters in the order of the enrolled table")

GET_BALANCE: Final = Command("get_balance", Risk.READS, (Field(1, "currency", forms.CURRENCY, label="Currency"),))
BUILT_IN: Final = MappingProxyType({GET_BALANCE.name: GET_BALANCE})
SHAPE: Final = Shape("method", field_name=forms.of_text("a parameter's name", check_name))


def check_table(rows: Sequence[Row], where: str) -> None:
    """Refuse a row for a built-in method, and fields of which no value can be sent.

    :raises BadInput: ``coinrpc.table.built-in``, ``coinrpc.table.url``, and what :func:`check_value` raises.
    """
    for place, row in enumerate(rows):
        inside = f"{where}.{SHAPE.rows}[{place}]"
        if row.name in BUILT_IN:
            raise BadInput(BUILT_IN_NAME, f"a row for {row.name}", where=inside)
        for column in row.columns:
            if column.kind is Kind.URL:
                raise BadInput(URL, f"the field {column.name}", where=inside)
            for choice in column.choices:
                check_value(choice, f"{inside}.{column.name}")


def typed(method: Command, params: Params, where: str) -> Fields:
    """*params* as the fields of *method*: every one known, in its order, of its form, none missing.

    :raises BadInput: ``coinrpc.params.order``, ``field.not-of-command``, ``field.required``, ``field.one-of``,
        ``table.wire``, and what the forms raise.
    """
    found: dict[str, FieldValue] = {}
    places: list[int] = []
    for name, text in params:
        field = method.field(name, where)
        found[name] = table_fields.of_wire(field, text, f"{where}.{name}")
        places.append(field.key)
    if places != sorted(places):
        wanted = ", ".join(field.name for field in method.fields if field.name in found)
        raise BadInput(ORDER, f"the order is {wanted}", where=where)
    command.check(method, found, where)
    return MappingProxyType(found)
