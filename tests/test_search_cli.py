"""`videobert search | evaluate` on what people hand in: a sentence, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.errors import UnreadableFile
from search import cli, engine, evaluate_cli
from search.errors import InvalidQuery
from search.query import clean_text
from search.results import Moment, SearchResult
from search.textfiles import read_queries
from tests.conftest import ColourEncoder


@pytest.fixture
def run(colour_library: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs a command on the library of colours."""
    monkeypatch.setattr("model.registry.load_encoder", lambda folder: ColourEncoder())

    def invoke(command: str, *arguments: str | Path) -> Result:
        given = [*map(str, arguments), "--library", str(colour_library)]
        home = evaluate_cli if command == "evaluate" else cli
        return CliRunner().invoke(getattr(home, command), given)

    return invoke


def written(folder: Path, content: bytes) -> Path:
    path = folder / "queries.txt"
    path.write_bytes(content)
    return path


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path, run):
    path = written(tmp_path, "\ufeffred\r\n\r\n green \r\n".encode())
    lines = run("search", "--queries", path).stdout.splitlines()
    assert [json.loads(line)["query"] for line in lines] == ["red", "green"]


def test_all_lines_are_answered_in_order(tmp_path: Path, run):
    path = written(tmp_path, b"red\ngreen\nblue\n" * 50)
    lines = run("search", "--queries", path, "-k", "1").stdout.splitlines()
    assert [json.loads(line)["query"] for line in lines] == ["red", "green", "blue"] * 50


def test_lines_are_arranged_as_one_question_is(tmp_path: Path, run):
    path = written(tmp_path, b"red\ngreen\n")
    lines = run("search", "--queries", path, "--by-video").stdout.splitlines()
    one = run("search", "red", "--by-video", "--json").stdout
    assert json.loads(lines[0]) == json.loads(one)
    for found in map(json.loads, lines):
        videos = [moment["video_id"] for moment in found["results"]]
        assert len(set(videos)) == len(videos)


@pytest.mark.parametrize(
    "options",
    [["red"], ["--like", "red.mp4@1"], ["--page", "x"], ["--relevant", "1@1-2"], ["--fps", "x"]],
)
def test_what_lines_cannot_be_asked_with_is_refused(tmp_path: Path, run, options: list[str]):
    refused = run("search", "--queries", written(tmp_path, b"red\n"), *options)
    assert refused.exit_code == 2
    assert options[0] in refused.output or "TEXT" in refused.output


def test_filters_alone_are_a_question(run):
    found = json.loads(run("search", "--longer", "10s", "--json").stdout)
    assert [moment["title"] for moment in found["results"]] == ["mixed"]
    assert run("search", " ").exit_code == 2


def test_a_moment_may_be_named_by_the_clock(run):
    by_seconds = json.loads(run("search", "--like", "mixed.mp4@12", "--json").stdout)
    by_clock = json.loads(run("search", "--like", "mixed.mp4@0:12", "--json").stdout)
    assert by_clock == by_seconds
    assert "holiday.mp4@1:30" in str(run("search", "--like", "mixed.mp4@soon").exception)


@pytest.mark.parametrize(
    ("content", "place", "says"),
    [
        (b"red\n" * 100 + b"caf\xe9\n", ":101: ", "Save it as UTF-8"),
        ("red\n".encode("utf-16"), ":1: ", "Save it as UTF-8"),
        (b"red\n" * 100 + b"\n!!!\n", ":102: ", "empty"),
        (b"red\n" + b"x" * 1001, ":2: ", "1001 characters"),
        (b"", ": ", "holds no query"),
        (b" \n\n", ": ", "holds no query"),
    ],
)
def test_a_bad_file_is_refused_before_anything_is_answered(
    tmp_path: Path, run, content: bytes, place: str, says: str
):
    path = written(tmp_path, content)
    done = run("search", "--queries", path)
    assert isinstance(done.exception, InvalidQuery | UnreadableFile)
    assert str(done.exception).startswith(f"{path}{place}")
    assert says in str(done.exception)
    assert done.output == ""


def test_lines_end_where_editors_end_them(tmp_path: Path):
    path = written(tmp_path, "red\u2028green\rblue\n".encode())
    assert read_queries(path) == ["red\u2028green", "blue"]


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(InvalidQuery, match="UTF-8") as refused:
        clean_text("bad\udcff")
    assert str(refused.value).isascii()


def test_a_moment_without_what_is_not_wanted(run):
    """Words that only say what must not be there go with an example, and with no other thing."""
    found = run("search", " -red", "--json", "--like", "mixed.mp4@1")
    titles = [moment["title"] for moment in json.loads(found.stdout)["results"]]
    assert titles[0] == "blue"
    assert "red" not in titles
    alone = run("search", " -red")
    assert "only says what must not be there" in str(alone.exception)


def test_an_unknown_home_is_no_traceback(run):
    done = run("search", "--like", "~nobody-here/a.mp4@1")
    assert "is not in the library" in str(done.exception)


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["a.mp4"], "1 video is not in the library: a.mp4\n"),
        (["a.mp4", "b\x1b.mp4"], "2 videos are not in the library: a.mp4, b\\x1b.mp4\n"),
        (list("abcdefg"), "7 videos are not in the library: a, b, c, d, e, ...\n"),
    ],
)
def test_videos_that_are_missing_are_named(tmp_path: Path, run, names: list[str], says: str):
    path = tmp_path / "pairs.csv"
    path.write_text("video,caption\n" + "".join(f"{name},red\n" for name in names))
    done = run("evaluate", path)
    assert done.exit_code == 1
    assert done.stderr == says


def test_a_run_is_written_and_compared(tmp_path: Path, run):
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("video,caption\ngreen.mp4,green\nred.mp4,red\n")
    before, qrels = tmp_path / "before.run", tmp_path / "pairs.qrels"
    table = run("evaluate", pairs, "--run", before, "--qrels", qrels).stdout
    assert "R@1 " in table
    assert "nDCG@10 " in table
    assert "over 2 pairs, 2 queries" in table
    assert len(qrels.read_text().splitlines()) == 2
    table = run("evaluate", pairs, "--compare", before).stdout
    assert table.count("no clear difference") == 6
    done = run("evaluate", pairs, "--compare", before, "--json")
    assert json.loads(done.stdout)["compared"]["map"]["verdict"] == "no clear difference"


def test_moments_have_their_own_lines(tmp_path: Path, run):
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("video,caption,start_s,end_s\ngreen.mp4,green,0,3\nred.mp4,red,,\n")
    assert "over 1 query for a moment" in run("evaluate", pairs).stdout


def test_a_run_that_is_none_is_refused_before_anything_is_asked(tmp_path: Path, run):
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("video,caption\ngreen.mp4,green\n")
    done = run("evaluate", pairs, "--compare", pairs)
    assert isinstance(done.exception, UnreadableFile)
    assert "is: query Q0 document rank score tag" in str(done.exception)


def test_a_line_that_cannot_be_read_is_pointed_at(tmp_path: Path, run):
    path = tmp_path / "queries.txt"
    path.write_text("red\na dog longer:soon\n")
    done = run("search", "--queries", path)
    assert done.stdout == ""
    assert f"{path}:2: 'soon' is no duration" in str(done.exception)
    assert str(done.exception).endswith("\n  a dog longer:soon\n        ^^^^^^^^^^^")


def test_a_name_does_not_break_its_row(run, monkeypatch: pytest.MonkeyPatch):
    name = "/v/a\nb\x1b[31m\u202e – 日本\u3000é.mp4"
    moment = Moment(1, name, 3.0, 0.0, 3.0, 0.5, {"picture": 0.5})
    result = SearchResult("red", (moment,), 1)
    monkeypatch.setattr(engine.SearchEngine, "search", lambda *_, **__: result)
    (row,) = run("search", "red").stdout.splitlines()
    assert row.endswith("/v/a\\nb\\x1b[31m\\u202e – 日本\u3000é.mp4")
