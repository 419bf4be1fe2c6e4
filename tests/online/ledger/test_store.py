"""Opening the ledger, its transactions, and what a database can say."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateIndex, CreateTable

from coldtusk_online.ledger import store
from coldtusk_online.ledger.store import Ledger
from coldtusk_online.ledger.tables import ACCOUNTS, METADATA, SCHEMA, SCHEMA_VERSION
from coldtusk_shared.errors import BadInput, ColdtuskError, Outside, Refused

_ROW = {"label": "a", "network": "main", "address": bytes(20), "device": None}

_PRAGMAS = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is."""
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    """A new ledger."""
    made = store.create(store.default_url(path))
    yield made
    made.close()


def _count(ledger: Ledger) -> int:
    with ledger.reading() as db:
        return int(db.execute(select(func.count()).select_from(ACCOUNTS)).scalar_one())


def test_a_new_ledger_is_private_and_careful(ledger: Ledger, path: Path) -> None:
    """Mode 0600; write-ahead log, fsync at each commit, foreign keys, a timeout for locks."""
    assert 0o600 == path.stat().st_mode & 0o777
    with ledger.reading() as db:
        assert ["wal", 2, 1, 10_000] == [db.exec_driver_sql(f"PRAGMA {name}").scalar() for name in _PRAGMAS]
        assert SCHEMA_VERSION == db.execute(select(SCHEMA.c.version)).scalar()


def test_all_or_nothing(ledger: Ledger) -> None:
    """What raises inside a transaction leaves nothing."""
    with pytest.raises(KeyError), ledger.writing() as db:
        db.execute(insert(ACCOUNTS).values(_ROW))
        raise KeyError
    assert 0 == _count(ledger)
    with ledger.writing() as db:
        db.execute(insert(ACCOUNTS).values(_ROW))
    assert 1 == _count(ledger)


def test_a_broken_rule_stays_what_it_is(ledger: Ledger) -> None:
    """An integrity error is for the caller, who knows what it means."""
    with pytest.raises(IntegrityError), ledger.writing() as db:
        db.execute(insert(ACCOUNTS).values([_ROW, _ROW]))
    with pytest.raises(IntegrityError), ledger.writing() as db:
        db.execute(insert(ACCOUNTS).values({**_ROW, "device": bytes(16)}))


def test_what_was_made_is_found(ledger: Ledger, path: Path) -> None:
    """Making it again changes nothing."""
    with ledger.writing() as db:
        db.execute(insert(ACCOUNTS).values(_ROW))
    again = store.create(store.default_url(path))
    assert 1 == _count(again)
    again.close()


@pytest.mark.parametrize(
    "url", ["", "ledger.sqlite", "postgresql://host/db", "sqlite://", "sqlite:///relative", "sqlite:////a?mode=ro"]
)
def test_other_urls(url: str) -> None:
    """Only SQLite at an absolute path, in this version."""
    with pytest.raises(BadInput) as caught:
        store.connect(url)
    assert "ledger.url" == caught.value.code.name


def test_a_newer_schema(ledger: Ledger, path: Path) -> None:
    """A ledger of a later version is left alone."""
    with ledger.writing() as db:
        db.execute(update(SCHEMA).values(version=SCHEMA_VERSION + 1))
    with pytest.raises(Refused) as caught:
        store.connect(store.default_url(path))
    assert "ledger.newer" == caught.value.code.name


def test_a_ledger_without_one_version(ledger: Ledger, path: Path) -> None:
    """None, two, or one that never was: nothing that we made."""
    for versions in ([], [SCHEMA_VERSION, SCHEMA_VERSION + 1], [0]):
        with ledger.writing() as db:
            db.execute(delete(SCHEMA))
            for version in versions:
                db.execute(insert(SCHEMA).values(version=version))
        with pytest.raises(BadInput) as caught:
            store.connect(store.default_url(path))
        assert "ledger.not-a-ledger" == caught.value.code.name


def test_no_ledger(tmp_path: Path) -> None:
    """A ledger is not made by looking for it."""
    with pytest.raises(Refused) as caught:
        store.connect(store.default_url(tmp_path / "none"))
    assert "ledger.missing" == caught.value.code.name
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_another_file(path: Path, content: bytes) -> None:
    """An empty or foreign file is no ledger."""
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        store.connect(store.default_url(path))
    assert "ledger.not-a-ledger" == caught.value.code.name


def test_a_locked_ledger(ledger: Ledger, path: Path) -> None:
    """Who waits too long for another writer is told so."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Outside) as caught, ledger.reading() as db:
        db.exec_driver_sql("COMMIT")
        db.exec_driver_sql("PRAGMA busy_timeout=1")
        db.exec_driver_sql("BEGIN IMMEDIATE")
    other.close()
    assert "ledger.busy" == caught.value.code.name


@pytest.mark.parametrize(
    ("name", "family", "code"),
    [
        ("SQLITE_FULL", Outside, "ledger.no-space"),
        ("SQLITE_READONLY_DIRECTORY", Outside, "ledger.read-only"),
        ("SQLITE_CANTOPEN", Outside, "ledger.read-only"),
        ("SQLITE_CORRUPT_INDEX", BadInput, "ledger.not-a-ledger"),
        ("SQLITE_IOERR_WRITE", Outside, "ledger.failed"),
        ("", Outside, "ledger.failed"),
    ],
)
def test_what_sqlite_says(name: str, family: type[ColdtuskError], code: str) -> None:
    """Each of its errors is one of ours; what is not known is a failed medium."""
    error = sqlite3.OperationalError("something")
    error.sqlite_errorname = name
    with pytest.raises(family) as caught, store.explained("here"):
        raise error
    assert (code, "here") == (caught.value.code.name, caught.value.where)


def test_a_damaged_ledger(ledger: Ledger, path: Path) -> None:
    """Bytes that changed on the medium are seen, at the latest when they are read."""
    with ledger.writing() as db:
        db.execute(insert(ACCOUNTS).values(_ROW))
    ledger.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(ColdtuskError) as caught, store.connect(store.default_url(path)).reading() as db:
        db.execute(text("SELECT * FROM accounts"))
    assert "ledger.not-a-ledger" == caught.value.code.name


def test_the_tables_are_postgresql_too() -> None:
    """Every table and index can be written in PostgreSQL's words; nothing of it is SQLite's own."""
    dialect = make_url("postgresql://").get_dialect()()
    written = [str(CreateTable(table).compile(dialect=dialect)) for table in METADATA.sorted_tables]
    indexes = [index for table in METADATA.sorted_tables for index in table.indexes]
    assert any("one_nonce_a_pin" in statement for statement in written)
    assert any("one_number_an_account" in statement for statement in written)
    assert all(str(CreateIndex(index).compile(dialect=dialect)) for index in indexes)
