"""Opens the catalog's database and brings its schema up to date."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from indexer.errors import LibraryBusy, LibraryMismatch, StorageFailed

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0005"
"""The schema revision that this version reads; a test compares it with the migrations."""
BUSY_S = 30


def open_database(path: Path) -> Engine:
    """An engine on the SQLite file `path`: write-ahead log, foreign keys on."""
    url = URL.create("sqlite", database=str(path))  # a path may hold ? and #
    engine = create_engine(url, connect_args={"timeout": BUSY_S})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "handle_error", partial(_map_storage_error, path))
    event.listen(engine, "begin", _begin)
    return engine


class Sessions(sessionmaker[Session]):
    """Calling it gives a session to read with, `begin()` one to write with.

    A writer takes SQLite's write lock at once, and waits up to `BUSY_S` for it. One that reads
    first would be refused without waiting if another process wrote meanwhile.
    """

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A transaction, committed at its end. Raises LibraryBusy."""
        with self() as session, session.begin():
            session.connection(execution_options={"immediate": True})
            yield session


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    # the driver would start no transaction before DDL: a migration cut short would stay half done
    connection.isolation_level = None
    # readers go on while one process writes; FULL, for the rename that makes a generation live
    # must not reach the disk before the rows that it counts on
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()
    # not every build of SQLite has them
    for name, function in (("sin", math.sin), ("cos", math.cos)):
        connection.create_function(name, 1, partial(_unless_null, function), deterministic=True)


def _unless_null(function: Callable[[float], float], value: float | None) -> float | None:
    return None if value is None else function(value)


def _map_storage_error(path: Path, context: ExceptionContext) -> None:
    """Say in the library's terms what the disk refused; SQLite names it in words only."""
    said = str(context.original_exception)
    if any(words in said for words in ("disk is full", "disk I/O error", "readonly database")):
        raise StorageFailed(
            f"{path}: {said}. Free space on that disk, see that it can be written to, and run the "
            "same command again; what was finished is kept."
        ) from context.original_exception
    if "database is locked" in said:
        raise LibraryBusy(
            f"{path}: another process has been writing to it for {BUSY_S} s. Try again later."
        ) from context.original_exception


def prepare(engine: Engine, place: Path, *, writable: bool) -> None:
    """Bring the schema up to date, or only check it when not `writable`. Raises LibraryMismatch."""
    try:
        if writable:
            upgrade(engine, place)
        else:
            require_head(engine, place)
    except OperationalError as error:
        raise LibraryMismatch(
            f"{place}: the catalog cannot be opened ({error.orig}). Check the disk, and who may "
            "read and write the library's folder."
        ) from error
    except DatabaseError as error:
        raise LibraryMismatch(
            f"{place}: the catalog is damaged ({error.orig}). Put back a copy of it, or delete it "
            "and run `videobert index`: what has a shard is not decoded again."
        ) from error


def upgrade(engine: Engine, place: Path) -> None:
    """Run the migrations that are missing. Alembic is loaded only when there are any."""
    found = revision(engine)
    if found == HEAD:
        return
    _refuse_newer(found, place)
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def require_head(engine: Engine, place: Path) -> None:
    """Raise LibraryMismatch unless the schema is the one that this version reads."""
    found = revision(engine)
    if found is None or found < HEAD:
        raise LibraryMismatch(
            f"{place}: the catalog has schema {found or 'none'}, this version needs {HEAD}. "
            "Run `videobert index` once to bring it up to date."
        )
    _refuse_newer(found, place)


def _refuse_newer(found: str | None, place: Path) -> None:
    if found is not None and found > HEAD:
        raise LibraryMismatch(
            f"{place}: the catalog has schema {found}, newer than this version's {HEAD}. "
            "Upgrade videobert-search."
        )


def revision(engine: Engine) -> str | None:
    """The schema revision on disk, None for an empty database."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)
