"""Opens the catalog's database and brings its schema up to date."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, text

from indexer.errors import LibraryMismatch

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0001"
"""The schema revision that this version reads; a test compares it with the migrations."""
BUSY_S = 30


def open_database(path: Path) -> Engine:
    """An engine on the SQLite file `path`: write-ahead log, foreign keys on."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_S})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _configure(connection: sqlite3.Connection, _record: Any) -> None:
    # the driver would start no transaction before DDL: a migration cut short would stay half done
    connection.isolation_level = None
    # readers go on while one process writes; a lost last transaction is redone from its shard
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing. Alembic is loaded only when there are any."""
    if revision(engine) == HEAD:
        return
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
    if found > HEAD:
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
