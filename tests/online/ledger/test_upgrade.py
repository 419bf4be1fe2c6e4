"""A ledger of version 1, as the first release wrote it, is brought up to this version's: whole, or not at all.

``tests/vectors/ledger/version-1.sql`` is the dump of a ledger that the code of version 1 made: a device, two accounts,
a payment that was mined and one that was issued.
"""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from coldtusk_online.ledger import accounts, calls, devices, requests, store
from coldtusk_online.ledger.states import State
from coldtusk_online.ledger.tables import METADATA, SCHEMA, SCHEMA_VERSION
from tests.boundary.source_tree import ROOT

_DUMP = (ROOT / "tests" / "vectors" / "ledger" / "version-1.sql").read_text(encoding="utf-8")
_KILL = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from coldtusk_online.ledger import store
from coldtusk_online.ledger.call_tables import CALL_HISTORY
event.listen(CALL_HISTORY, "after_create", lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
store.connect(store.default_url(Path(sys.argv[1])))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger of version 1."""
    made = tmp_path / "ledger.sqlite"
    with sqlite3.connect(made) as connection:
        connection.executescript(_DUMP)
    connection.close()
    return made


def _tables(path: Path) -> set[str]:
    with sqlite3.connect(path) as connection:
        found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    return found


def _version(path: Path) -> list[int]:
    with sqlite3.connect(path) as connection:
        found = [version for (version,) in connection.execute("SELECT version FROM schema")]
    connection.close()
    return found


def test_everything_of_before_is_there(path: Path) -> None:
    """Devices, accounts, requests and payments stand as they stood, and nothing was called yet."""
    ledger = store.connect(store.default_url(path))
    with ledger.reading() as db:
        assert [SCHEMA_VERSION] == list(db.execute(select(SCHEMA.c.version)).scalars())
        assert ["cold-1"] == [device.label for device in devices.all_of(db)]
        assert ["savings", "treasury"] == [account.label for account in accounts.all_of(db)]
        states = [(stored.state, stored.calls) for stored in requests.all_of(db)]
        assert [] == calls.all_of(db)
    ledger.close()
    assert {(State.CONFIRMED, ()), (State.ISSUED, ())} == set(states)


def test_it_has_the_tables_of_a_new_ledger(path: Path, tmp_path: Path) -> None:
    """Columns, indexes and constraints are those that `init` makes."""
    ledgers = [
        store.connect(store.default_url(path)),
        store.create(store.default_url(tmp_path / "new.sqlite")),
    ]
    shapes = []
    for ledger in ledgers:
        with ledger.reading() as db:
            looked = inspect(db)
            shapes.append(
                {
                    table: (
                        {(column["name"], str(column["type"])) for column in looked.get_columns(table)},
                        {index["name"] for index in looked.get_indexes(table)},
                        {str(one["column_names"]) for one in looked.get_unique_constraints(table)},
                    )
                    for table in METADATA.tables
                }
            )
        ledger.close()
    assert shapes[0] == shapes[1]


def test_opening_it_again_changes_nothing(path: Path) -> None:
    """`init` over it neither."""
    for opened in (store.connect, store.create, store.connect):
        opened(store.default_url(path)).close()
    assert [SCHEMA_VERSION] == _version(path)


def test_killed_half_way(path: Path) -> None:
    """One transaction: version 1 stands whole, and the next command brings it up."""
    before = _tables(path)
    environment = {"PYTHONPATH": ":".join(str(ROOT / part) for part in ("shared", "online"))}
    done = subprocess.run([sys.executable, "-c", _KILL, str(path)], check=False, env=environment)
    assert -signal.SIGKILL == done.returncode
    assert ([1], before) == (_version(path), _tables(path))
    store.connect(store.default_url(path)).close()
    assert [SCHEMA_VERSION] == _version(path)
