"""Run files come back as they were written, in the order that trec_eval reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.errors import UnreadableFile
from search.trec import (
    absent_name,
    query_name,
    ranking,
    read_run,
    write_qrels,
    write_run,
)


def test_a_run_comes_back_with_all_its_digits(tmp_path: Path):
    run = {"q1": {"a": 0.1 + 0.2, "b": 1e-17, "c": -3.0}, "q2": {"b": 1 / 3}}
    write_run(tmp_path / "a.run", run)
    assert read_run(tmp_path / "a.run") == run


def test_lines_are_those_of_trec(tmp_path: Path):
    write_run(tmp_path / "a.run", {"q1": {"a": 0.25, "b": 0.5}}, tag="mine")
    lines = (tmp_path / "a.run").read_text().splitlines()
    assert lines == ["q1 Q0 b 1 0.5 mine", "q1 Q0 a 2 0.25 mine"]
    write_qrels(tmp_path / "a.qrels", {"q1": {"a": 1, "b": 2}})
    assert (tmp_path / "a.qrels").read_text() == "q1 0 a 1\nq1 0 b 2\n"


def test_of_equal_scores_the_last_name_comes_first():
    assert ranking({"a": 0.5, "c": 0.5, "b": 0.9, "d": 0.5}) == ["b", "d", "c", "a"]


def test_the_rank_that_is_written_is_not_what_counts(tmp_path: Path):
    path = tmp_path / "other.run"
    path.write_text("q1 Q0 a 1 0.1 x\n\nq1\tQ0\tb\t2\t9.5\tx\n")
    assert ranking(read_run(path)["q1"]) == ["b", "a"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("q1 Q0 a 1 0.5", "5 fields"),
        ("q1 Q0 a b 1 0.5 x", "7 fields"),
        ("q1 Q0 a 1 high x", "score high"),
        ("q1 Q0 a 1 nan x", "score nan"),
        ("q1 Q0 first 1 0.5 x", "first twice"),
    ],
)
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str, says: str):
    path = tmp_path / "bad.run"
    path.write_text(f"q1 Q0 first 1 0.9 x\n{line}\n")
    with pytest.raises(UnreadableFile, match=says) as refused:
        read_run(path)
    assert f"{path}:2" in str(refused.value)


def test_a_run_of_nothing_is_refused(tmp_path: Path):
    (tmp_path / "empty.run").write_text("\n")
    with pytest.raises(UnreadableFile, match="no result"):
        read_run(tmp_path / "empty.run")


def test_names_have_no_blanks_and_differ():
    names = [absent_name(video) for video in ("my dog.mp4", "my\tdog.mp4", "日本.mp4", "a%20b")]
    names += [query_name(text) for text in ("a dog", "a cat", "")]
    assert len(set(names)) == len(names)
    assert all(name.split() == [name] and name.isascii() for name in names)


def test_a_query_has_the_same_name_everywhere():
    assert query_name("a dog") == "q7dbdf68ac0bb"
