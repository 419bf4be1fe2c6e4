"""What is enrolled with a key of CoinRPC: ``{1: the operator's table of methods}``."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_shared import cbor, typed_table
from coldtusk_shared.command import Command
from coldtusk_shared.mapreader import MapReader
from coldtusk_shared.services.coinrpc import methods
from coldtusk_shared.typed_table import Row


def encode(rows: Sequence[Row]) -> bytes:
    """The settings with the table *rows*, which may be empty."""
    return cbor.encode({1: typed_table.encode(rows, methods.SHAPE)})


def rows_of(account: ServiceAccount) -> tuple[Row, ...]:
    """The table that was enrolled with *account*."""
    return _rows(account.settings)


def methods_of(account: ServiceAccount) -> Mapping[str, Command]:
    """Every method that *account* knows: what is built in, and its table."""
    return _methods(account.settings)


@lru_cache(maxsize=8)
def _methods(settings: bytes) -> Mapping[str, Command]:
    """Remembered: each item of a request is checked and shown by the same table."""
    return MappingProxyType({**methods.BUILT_IN, **typed_table.commands(_rows(settings))})


def _rows(settings: bytes) -> tuple[Row, ...]:
    reader = MapReader(cbor.decode(settings), "settings")
    rows = typed_table.decode(reader.value(1, "table"), "settings.table", methods.SHAPE)
    reader.done()
    methods.check_table(rows, "settings.table")
    return rows
