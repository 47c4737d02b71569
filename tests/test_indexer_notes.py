"""Saved queries and judgements: kept beside an indexer, by several processes at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from indexer.errors import LibraryMismatch, SavedQueryError
from indexer.store.catalog_writer import CatalogWriter
from indexer.store.notes import Notes
from indexer.store.saved_queries import SavedQuery
from indexer.store.stored_moment import StoredMoment
from tests.conftest import REPOSITORY

MOMENT = StoredMoment("a" * 64, 1.0, 2.5, "/videos/ü.mp4")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    CatalogWriter(tmp_path / "catalog.sqlite").close()
    return tmp_path


def test_judging_again_replaces_whatever_way_the_question_is_typed(root: Path):
    with Notes(root) as notes:
        notes.judgements.put("Café  AM Meer", MOMENT, relevant=True)
        notes.judgements.put("cafe\u0301 am meer ", MOMENT, relevant=False)
        [judged] = notes.judgements.list("CAFÉ am Meer")
        assert (judged.moment, judged.relevant) == (MOMENT, False)
        assert notes.judgements.remove("café am meer", MOMENT)
        assert not notes.judgements.remove("café am meer", MOMENT)
        assert notes.judgements.list("café am meer") == []


def test_saved_queries_keep_what_they_expect_once(root: Path):
    with Notes(root) as notes:
        notes.saved_queries.save(SavedQuery("Straße  犬", "a dog", True, (MOMENT,)))
        notes.saved_queries.expect("Straße 犬", [MOMENT, MOMENT])
        [found] = notes.saved_queries.list()
        assert (found.name, found.standing, found.expected) == ("Straße 犬", True, (MOMENT,))
        with pytest.raises(SavedQueryError, match="already"):
            notes.saved_queries.save(SavedQuery("Straße 犬", "a cat"))
        notes.saved_queries.report("Straße 犬", ["x", "x"])
        notes.saved_queries.report("Straße 犬", ["x", "y"])
        assert notes.saved_queries.reported("Straße 犬") == {"x", "y"}
        notes.saved_queries.remove("Straße 犬")
        with pytest.raises(SavedQueryError, match="query list"):
            notes.saved_queries.get("Straße 犬")


def test_processes_that_write_at_once_lose_nothing(root: Path):
    script = (
        "import sys; from pathlib import Path; from indexer.store.notes import Notes\n"
        "from indexer.store.saved_queries import SavedQuery\n"
        "with Notes(Path(sys.argv[1])) as notes:\n"
        " for i in range(20): notes.saved_queries.save(SavedQuery(f'{sys.argv[2]} {i}', 'x'))\n"
    )
    command = [sys.executable, "-c", script, str(root)]
    writers = [subprocess.Popen([*command, name], cwd=REPOSITORY) for name in "ab"]
    with closing(CatalogWriter(root / "catalog.sqlite")) as catalog:
        for _ in range(20):
            catalog.finish_run(catalog.start_run("rebuild"), {})
    assert [writer.wait() for writer in writers] == [0, 0]
    with Notes(root) as notes:
        assert len(notes.saved_queries.list()) == 40


def test_a_catalog_of_before_is_brought_up_to_date_by_the_indexer_alone(root: Path):
    path = root / "catalog.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        for table in ("judgements", "reported_contents", "expected_answers", "saved_queries"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE alembic_version SET version_num = '0004'")
        connection.commit()
    with pytest.raises(LibraryMismatch, match=r"schema 0004.*videobert index"):
        Notes(root)
    CatalogWriter(path).close()
    with Notes(root) as notes:
        assert notes.saved_queries.list() == []
