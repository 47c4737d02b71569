"""The catalog's schema: migrations, versions, and a database that something is wrong with."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import IntegrityError

import indexer.store.notes_schema  # noqa: F401 - its tables enter themselves in Base
from indexer.errors import LibraryMismatch, StorageFailed
from indexer.store.base import Base
from indexer.store.catalog import Catalog
from indexer.store.catalog_writer import CatalogWriter
from indexer.store.database import HEAD, MIGRATIONS, open_database, revision, upgrade
from indexer.store.records import FileRecord
from tests.conftest import REPOSITORY


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalog.sqlite"


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {row[0] for row in rows}


def set_revision(path: Path, number: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [number])
        connection.commit()


def test_the_newest_migration_is_the_one_that_the_code_reads():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_the_migrations_make_the_tables_that_the_models_describe(path: Path):
    Catalog(path, writable=True).close()
    engine = open_database(path)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": lambda name, *_: not str(name).startswith("passage_terms"),
            },
        )
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()
    assert set(Base.metadata.tables) < tables(path)


def test_the_catalog_writes_ahead_flushes_fully_and_checks_foreign_keys(path: Path):
    Catalog(path, writable=True).close()
    engine = open_database(path)
    with engine.connect() as connection:
        found = {
            pragma: connection.execute(text(f"PRAGMA {pragma}")).scalar()
            for pragma in ("journal_mode", "synchronous", "foreign_keys")
        }
        assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        with pytest.raises(IntegrityError, match="FOREIGN KEY"):
            connection.execute(text("INSERT INTO members VALUES (1, 1)"))
    engine.dispose()


@pytest.mark.parametrize("name", ["what?.sqlite", "a#b.sqlite", "100%41.sqlite", "ü :x.sqlite"])
def test_the_database_is_the_file_that_was_named(tmp_path: Path, name: str):
    """In a URL these names would mean another file."""
    Catalog(tmp_path / name, writable=True).close()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    Catalog(tmp_path / name, writable=False).close()


def test_opening_twice_migrates_once(path: Path):
    Catalog(path, writable=True).close()
    before = path.read_bytes()
    Catalog(path, writable=True).close()
    assert path.read_bytes() == before


def statements_of_an_upgrade(path: Path) -> int:
    engine, count = open_database(path), 0

    def see(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(engine, "before_cursor_execute", see)
    upgrade(engine, path)
    engine.dispose()
    return count


def upgrade_until(path: Path, statement: int) -> None:
    """Upgrade, and kill this process before the given statement."""
    engine, left = open_database(path), statement

    def die(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", die)
    upgrade(engine, path)


def test_an_upgrade_killed_halfway_leaves_nothing_behind(tmp_path: Path):
    """Killed before statements all along the way: each time all or nothing is there."""
    total = statements_of_an_upgrade(tmp_path / "whole.sqlite")
    script = (
        "import os, sys, pathlib; from tests.test_indexer_database import upgrade_until\n"
        "for name in sys.argv[2:]:\n"
        " if os.fork() == 0: upgrade_until(pathlib.Path(sys.argv[1], name), int(name))\n"
        " assert os.WTERMSIG(os.wait()[1]) == 9\n"
    )
    steps = [str(step) for step in range(0, total, total // 6)]
    subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), *steps], cwd=REPOSITORY, check=True
    )
    for step in steps:
        path = tmp_path / step
        assert tables(path) == set()
        with pytest.raises(LibraryMismatch, match="schema none"):
            Catalog(path, writable=False)
        Catalog(path, writable=True).close()
        assert set(Base.metadata.tables) < tables(path)
    assert len(steps) > 5


def test_an_upgrade_that_fails_is_rolled_back(path: Path):
    engine = open_database(path)

    def fail(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "CREATE TABLE clips" in statement:
            raise RuntimeError("out of luck")

    event.listen(engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError):
        upgrade(engine, path)
    assert revision(engine) is None
    engine.dispose()
    assert tables(path) == set()


@pytest.mark.parametrize("writable", [False, True])
def test_a_newer_schema_is_refused_and_left_alone(path: Path, writable: bool):
    Catalog(path, writable=True).close()
    set_revision(path, "9999")
    with pytest.raises(LibraryMismatch, match=r"newer than this version's .* Upgrade") as caught:
        Catalog(path, writable=writable)
    assert str(path) in str(caught.value)
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert found == ("9999",)


def test_a_reader_does_not_migrate(path: Path):
    path.touch()
    with pytest.raises(LibraryMismatch, match="videobert index"):
        Catalog(path, writable=False)
    assert path.stat().st_size == 0 or tables(path) == set()


@pytest.mark.parametrize("writable", [False, True])
def test_a_file_that_is_no_database_is_refused_with_a_remedy(path: Path, writable: bool):
    path.write_bytes(b"these are no tables " * 100)
    with pytest.raises(LibraryMismatch, match=r"catalog is damaged .*videobert index") as caught:
        Catalog(path, writable=writable)
    assert str(path) in str(caught.value)


def test_a_place_that_cannot_be_opened_is_refused_with_a_remedy(path: Path):
    path.mkdir()
    with pytest.raises(LibraryMismatch, match=r"cannot be opened .*Check"):
        Catalog(path, writable=True)


def test_no_connection_stays_open_after_a_refusal(path: Path):
    opened: list[sqlite3.Connection] = []

    def note(connection: sqlite3.Connection, _record: object) -> None:
        opened.append(connection)

    event.listen(Engine, "connect", note)
    try:
        path.write_bytes(b"x" * 4096)
        with pytest.raises(LibraryMismatch):
            Catalog(path, writable=False)
        path.unlink()
        with pytest.raises(LibraryMismatch):
            Catalog(path, writable=False)
    finally:
        event.remove(Engine, "connect", note)
    assert opened
    for connection in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")


def test_a_full_disk_is_named_with_the_remedy(tmp_path: Path):
    """SQLite's own bound on the file's size gives the same error as a full disk."""
    catalog = CatalogWriter(tmp_path / "catalog.sqlite")
    event.listen(
        catalog._engine,
        "connect",
        lambda connection, _: connection.execute("PRAGMA max_page_count=1"),
    )
    catalog._engine.dispose()  # the bound holds for connections made from now on
    many = [FileRecord(f"/videos/{i}.mp4", 1, 1, None, "EmptyFile", "x" * 500) for i in range(200)]
    with pytest.raises(StorageFailed, match=r"catalog\.sqlite: .*disk is full.*Free space"):
        catalog.put_files(many)
    catalog.close()
    reopened = Catalog(tmp_path / "catalog.sqlite")
    assert reopened.files() == {}
    reopened.close()
