"""`videobert duplicates`: what it prints of near copies and of files that are the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.duplicates_cli import duplicates
from indexer.errors import LibraryNotFound

Run = Callable[..., Result]


@pytest.fixture
def run(narrated_library: Path) -> Run:
    return lambda *arguments: CliRunner().invoke(
        duplicates, [*arguments, "--library", str(narrated_library)]
    )


def test_near_copies_come_before_files_that_are_the_same(run: Run):
    near, same = run().output.split("\n\n")
    assert near.startswith("Group 1: copies\n")
    assert "again.mp4" in near
    assert "sign.mp4" in near
    assert near.endswith("] 0:00.0-0:06.0  99% alike")
    assert same.startswith("Group 2: copies\n")
    assert "talk.mp4  64x48  0:12.0" in same
    assert "twin.mp4  the same file" in same


def test_kinds_that_are_not_there(run: Run):
    assert run("--kind", "part", "--kind", "shared").output == "No copies.\n"


def test_json_has_a_group_an_object(run: Run):
    near, same = json.loads(run("--kind", "copy", "--json").output)
    assert near["kind"] == same["kind"] == "copy"
    [match] = near["matches"]
    assert {match["a"], match["b"]} == {video["video"] for video in near["videos"]}
    assert [Path(path).name for path in near["videos"][0]["paths"]] == ["again.mp4"], "the longer"
    [talk] = same["videos"]
    assert sorted(Path(path).name for path in talk["paths"]) == ["talk.mp4", "twin.mp4"]
    assert same["matches"] == []


def test_no_library_says_how_to_make_one(tmp_path: Path):
    done = CliRunner().invoke(duplicates, ["--library", str(tmp_path / "none")])
    assert isinstance(done.exception, LibraryNotFound)
    assert "videobert index" in str(done.exception)
