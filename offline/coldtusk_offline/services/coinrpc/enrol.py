"""Enrolling a key of CoinRPC: its API key, its secret, and the operator's table of methods."""

from coldtusk_offline.enrolment import NO_TABLE, Ask
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.services.coinrpc import settings
from coldtusk_shared import table_screen, typed_table
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.screen import render
from coldtusk_shared.services.coinrpc import methods
from coldtusk_shared.services.coinrpc.content import check_key
from coldtusk_shared.services.coinrpc.values import SYSTEM
from coldtusk_shared.typed_table import Row

SAME_TABLE = Code("coinrpc.table.same", "nothing was changed: the file says what is enrolled already")

_WITHOUT = """Without a table this device knows get_balance alone. Every other method counts as moving money,
and its parameters are shown as they come. A table: secret table LABEL --table FILE."""


def enrol(label: str, ask: Ask) -> ServiceAccount:
    """The account under *label*: API key, secret, and the table that was named."""
    data = ask.table()
    rows = () if data is None else _rows(data)
    key = check_key(ask.line("API key"), "API key")
    secret = ask.secret("API secret")
    if secret is None:
        raise RuntimeError("a secret that is not optional was left out")
    ask.show(render(table_screen.lines(rows, methods.SHAPE)) if rows else _WITHOUT)
    return ServiceAccount(SYSTEM, key.encode("ascii"), label, (secret,), settings.encode(rows))


def change(account: ServiceAccount, ask: Ask) -> ServiceAccount:
    """*account* with the table that is named, once the differences were shown.

    :raises Refused: ``secret.no-table``, ``coinrpc.table.same``.
    """
    data = ask.table()
    if data is None:
        raise Refused(NO_TABLE, "no table was named", where="--table")
    old, new = settings.rows_of(account), _rows(data)
    difference = table_screen.difference(old, new)
    encoded = settings.encode(new)
    if encoded == account.settings:
        raise Refused(SAME_TABLE, "there is no difference", where="--table")
    ask.show(render(difference) if difference else "The rows stand in another order.")
    return ServiceAccount(account.system, account.account, account.label, account.secrets, encoded)


def _rows(data: bytes) -> tuple[Row, ...]:
    rows = typed_table.parse_toml(data, "--table", methods.SHAPE)
    methods.check_table(rows, "--table")
    return rows
