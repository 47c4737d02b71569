"""`videobert query` and digests, over videos that talk."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.errors import SavedQueryError
from indexer.store.notes import Notes
from search import digest_cli
from search.digest import digest, mark_told
from search.digest_cli import as_text
from search.engine import SearchEngine
from search.errors import InvalidQuery, UnknownVideo
from search.evaluate_cli import evaluate
from search.saved_cli import query
from tests.colours import index_folder
from tests.library_tools import write_video
from tests.narrated import Reader


@pytest.fixture
def library(narrated_library: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(narrated_library, tmp_path / "library"))


def run(library: Path, *arguments: str) -> Result:
    return CliRunner().invoke(query, [*arguments, "--library", str(library)])


def test_a_query_is_saved_shown_exported_and_put_back(library: Path, tmp_path: Path):
    saved = run(library, "save", "Hafen 港", "harbour", "--expect", "walk.mp4@2-4", "--standing")
    assert "walk.mp4@2-4" in saved.output
    assert run(library, "expect", "Hafen 港", "talk.mp4@5-7").exit_code == 0
    assert "(2 expected, standing)" in run(library, "list").output
    backup = tmp_path / "queries.json"
    backup.write_text(run(library, "export").output, "utf-8")
    assert run(library, "remove", "Hafen 港").exit_code == 0
    assert json.loads(run(library, "list", "--json").output) == []
    assert run(library, "import", str(backup)).exit_code == 0
    [found] = json.loads(run(library, "list", "--json").output)
    assert [found["name"], len(found["expected"])] == ["Hafen 港", 2]


def test_an_answer_that_is_gone_is_said_to_be(library: Path, tmp_path: Path):
    moment = {"content": "0" * 64, "start_s": 0, "end_s": 1, "path": "/gone.mp4"}
    backup = tmp_path / "queries.json"
    backup.write_text(json.dumps([{"name": "x", "text": "y", "expected": [moment]}]))
    run(library, "import", str(backup))
    assert "/gone.mp4@0-1  (no longer in the library)" in run(library, "show", "x").output
    assert len(json.loads(run(library, "show", "x", "--json").output)["gone"]) == 1


def test_saved_queries_are_evaluated(library: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("model.registry.load_encoder", lambda folder: Reader())
    asked = [*("--saved", "--library", str(library))]
    empty = CliRunner().invoke(evaluate, asked)
    assert "No saved query expects anything" in empty.output
    run(library, "save", "gate", "harbour gate", "--expect", "talk.mp4@0-30")
    run(library, "save", "lost", '"no such words"', "--expect", "sign.mp4@0-1")
    figures = json.loads(CliRunner().invoke(evaluate, [*asked, "--json"]).output)
    assert {one["name"]: one["found"] for one in figures["saved"]} == {"gate": 1, "lost": 0}
    assert figures["recall10"] == 0.5
    assert "gate: 1 of 1 among the best 10" in CliRunner().invoke(evaluate, asked).output
    assert CliRunner().invoke(evaluate, ["--library", str(library)]).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("save", "x", ""), InvalidQuery),
        (("save", " ", "red"), SavedQueryError),
        (("save", "x", "red", "--expect", "none.mp4@1-2"), UnknownVideo),
        (("save", "x", "red", "--expect", "talk.mp4@100-102"), InvalidQuery),
        (("remove", "x"), SavedQueryError),
        (("import", __file__), InvalidQuery),
    ],
)
def test_wrong_use_is_refused_and_keeps_nothing(
    library: Path, arguments: tuple[str, ...], error: type[Exception]
):
    assert isinstance(run(library, *arguments).exception, error)
    assert json.loads(run(library, "list", "--json").output) == []


def test_a_file_with_a_question_that_cannot_be_asked_is_refused_whole(
    library: Path, tmp_path: Path
):
    path = tmp_path / "queries.json"
    path.write_text(json.dumps([{"name": "one", "text": "red"}, {"name": "two", "text": "-red"}]))
    refused = str(run(library, "import", str(path)).exception)
    assert f"{path}: 'two': The query only says" in refused
    assert json.loads(run(library, "list", "--json").output) == []


def test_a_digest_tells_of_each_video_once(library: Path):
    run(library, "save", "sale", '"summer sale"', "--standing")
    with Notes(library) as notes, SearchEngine.open(library, Reader()) as engine:
        saved = notes.saved_queries
        first = digest(engine, saved, saved.get("sale"))
        assert len(first.moments) == 1
        assert digest(engine, saved, saved.get("sale")) == first, "not marked yet"
        mark_told(engine, saved, first)
        assert saved.get("sale").digested_at is not None
        assert digest(engine, saved, saved.get("sale")).moments == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("like:scarlet.mp4@1", {"red"}),  # violet has a cosine of a half to red, as many things do
        ("in:videos", {"red", "scarlet", "violet"}),
        ("shown:red named:scarlet", {"scarlet"}),
    ],
)
def test_a_digest_is_as_strict_with_every_kind_of_question(
    tmp_path: Path, text: str, told: set[str]
):
    for name, colour in (("red", (250, 0, 0)), ("scarlet", (250, 9, 9)), ("violet", (120, 0, 200))):
        write_video(tmp_path / "videos" / f"{name}.mp4", colour)
    index_folder(tmp_path / "library", tmp_path / "videos", Reader())
    run(tmp_path / "library", "save", "one", text, "--standing")
    with (
        Notes(tmp_path / "library") as notes,
        SearchEngine.open(tmp_path / "library", Reader()) as engine,
    ):
        found = digest(engine, notes.saved_queries, notes.saved_queries.get("one"))
    assert {moment.title for moment in found.moments} == told


def test_a_digest_reads_as_plain_text_and_as_markdown(library: Path):
    run(library, "save", "sale", '"summer sale"', "--standing")
    with Notes(library) as notes, SearchEngine.open(library, Reader()) as engine:
        found = digest(engine, notes.saved_queries, notes.saved_queries.get("sale"))
    assert as_text(found, markdown=False).startswith("sale: 1 new\n  0:0")
    assert as_text(found, markdown=True).startswith("## sale: 1 new\n\n- `")


def test_nothing_new_is_nothing_to_mail(library: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("model.registry.load_encoder", lambda *model: Reader())
    run(library, "save", "sale", '"summer sale"', "--standing")
    run(library, "save", "none", '"no such words"', "--standing")
    asked = ["--library", str(library)]
    first = CliRunner().invoke(digest_cli.digest, asked).output
    assert ("sale: 1 new" in first, "none" in first) == (True, False)
    assert CliRunner().invoke(digest_cli.digest, asked).output == ""
    told = CliRunner().invoke(digest_cli.digest, [*asked, "--json"]).output.splitlines()
    assert [json.loads(line)["new"] for line in told] == [[], []]
