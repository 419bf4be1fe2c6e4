"""Opening the ledger, and its transactions.

SQLite: write-ahead log, fsync at each commit, foreign keys on, ``BEGIN IMMEDIATE`` for what writes (so that
two processes wait for each other instead of failing half way), a timeout for the lock (facts: Database).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from coldtusk_online.ledger.call_tables import CALL_HISTORY, CALLS, SERVICE_ACCOUNTS
from coldtusk_online.ledger.tables import METADATA, NOTICES, SCHEMA, SCHEMA_VERSION
from coldtusk_shared import files
from coldtusk_shared.errors import BadInput, Code, ColdtuskError, Outside, Refused
from coldtusk_shared.file_errors import place
from coldtusk_shared.file_system import OS_FILES, FileSystem

BAD_URL = Code("ledger.url", "write `sqlite:////absolute/path/ledger.sqlite`, or leave the setting out")
NEWER = Code("ledger.newer", "a newer Coldtusk made this ledger: update this one")
NOT_A_LEDGER = Code("ledger.not-a-ledger", "put this host's ledger back in its place, or restore a backup")
BUSY = Code("ledger.busy", "another Coldtusk writes to the ledger: wait for it, then try again")
FULL = Code("ledger.no-space", "make room on the medium, then run the same command again: nothing is lost")
READ_ONLY = Code("ledger.read-only", "let this user write to the ledger's folder; is the medium read-only?")
MISSING = Code("ledger.missing", "run `coldtusk-online init` first, or check the `ledger` setting and --data")
FAILED = Code("ledger.failed", "the medium failed: check it, then run the same command again")

_READ_ONLY: Final = "coldtusk_read_only"
_BUSY_MS: Final = 10_000
_SINCE: Final = {2: (SERVICE_ACCOUNTS, CALLS, CALL_HISTORY, NOTICES)}
"""The tables that each version of the schema brought."""
_KNOWN: Final[dict[str, tuple[type[ColdtuskError], Code, str]]] = {
    "SQLITE_BUSY": (Outside, BUSY, "it is locked"),
    "SQLITE_LOCKED": (Outside, BUSY, "it is locked"),
    "SQLITE_FULL": (Outside, FULL, "no space is left"),
    "SQLITE_IOERR_SHMSIZE": (Outside, FULL, "no space is left for the file of its shared memory"),
    "SQLITE_READONLY": (Outside, READ_ONLY, "writing to it is not permitted"),
    "SQLITE_CANTOPEN": (Outside, READ_ONLY, "it, or the files beside it, cannot be opened or made"),
    "SQLITE_NOTADB": (BadInput, NOT_A_LEDGER, "this file is no SQLite database"),
    "SQLITE_CORRUPT": (BadInput, NOT_A_LEDGER, "the database is damaged"),
}


class Ledger:
    """An open ledger. :func:`create` and :func:`connect` make it."""

    __slots__ = ("_engine", "_where")

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self._where = where

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One durable transaction: all of it is on disk when the block ends, or none if it raises."""
        with explained(self._where), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view."""
        with explained(self._where), self._engine.connect() as connection:
            yield connection.execution_options(**{_READ_ONLY: True})

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()


def default_url(path: Path) -> str:
    """The URL of a SQLite ledger in the file *path*."""
    return URL.create("sqlite", database=str(path.absolute())).render_as_string()


def create(url: str, fs: FileSystem = OS_FILES) -> Ledger:
    """The ledger at *url*, made (its file with mode 0600) if it is not there. It is whole or not there at a crash."""
    path = _path(url)
    if not files.exists(path, fs):
        files.write_new(path, b"", fs)
    ledger = _ledger(url, path)
    with ledger.writing() as connection:
        if not inspect(connection).get_table_names():
            METADATA.create_all(connection)
            connection.execute(insert(SCHEMA).values(version=SCHEMA_VERSION))
    _bring_up(ledger, place(path))
    return ledger


def connect(url: str, fs: FileSystem = OS_FILES) -> Ledger:
    """The existing ledger at *url*; one of an older version is brought up to this one's, in one transaction.

    :raises Refused: ``ledger.newer``, ``ledger.missing``.
    :raises BadInput: ``ledger.url``, ``ledger.not-a-ledger``.
    """
    path = _path(url)
    if not files.exists(path, fs):
        raise Refused(MISSING, "there is no such file", where=place(path))
    ledger = _ledger(url, path)
    _bring_up(ledger, place(path))
    return ledger


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn a database's error into one of ours. A broken rule of the tables stays what it is."""
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, sqlite3.Error) as error:
        family, code, what = _explanation(error.orig if isinstance(error, DBAPIError) else error)
        raise family(code, what, where=where) from error


def _explanation(error: BaseException | None) -> tuple[type[ColdtuskError], Code, str]:
    name = str(getattr(error, "sqlite_errorname", ""))
    for known, explanation in _KNOWN.items():
        if name.startswith(known):
            return explanation
    return Outside, FAILED, f"the database says {name or 'nothing more'}"


def _path(url: str) -> Path:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise BadInput(BAD_URL, "this is no database URL", where="ledger") from error
    if parsed.drivername != "sqlite" or not parsed.database or not Path(parsed.database).is_absolute() or parsed.query:
        raise BadInput(BAD_URL, "this version keeps its ledger in SQLite, at an absolute path", where="ledger")
    return Path(parsed.database)


def _ledger(url: str, path: Path) -> Ledger:
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return Ledger(engine, place(path))


def _set_up(connection: Any, _record: object) -> None:
    """Take transactions into our own hands, and say what SQLite is to be careful about."""
    connection.isolation_level = None
    for pragma in (f"busy_timeout={_BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _bring_up(ledger: Ledger, where: str) -> None:
    """Refuse what is no ledger or of a later version, and bring an earlier one up to this version at once."""
    if _version(ledger, where) == SCHEMA_VERSION:
        return
    with ledger.writing() as connection:  # another process may have done it while this one waited for the lock
        version = connection.execute(select(SCHEMA.c.version)).scalar_one()
        for since in range(version + 1, SCHEMA_VERSION + 1):
            METADATA.create_all(connection, tables=_SINCE[since])
        connection.execute(update(SCHEMA).values(version=SCHEMA_VERSION))


def _version(ledger: Ledger, where: str) -> int:
    with ledger.reading() as connection:
        if not inspect(connection).has_table(SCHEMA.name):
            raise BadInput(NOT_A_LEDGER, "the database holds no ledger", where=where)
        versions = connection.execute(select(SCHEMA.c.version)).scalars().all()
    if len(versions) == 1 and versions[0] > SCHEMA_VERSION:
        raise Refused(NEWER, f"schema version {versions[0]}, this Coldtusk knows {SCHEMA_VERSION}", where=where)
    if len(versions) != 1 or versions[0] < 1:
        raise BadInput(NOT_A_LEDGER, "the database does not say which version it has", where=where)
    return int(versions[0])
