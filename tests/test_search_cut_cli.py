"""`videobert cut` and `videobert search --format` on a real library."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.errors import TargetExists
from search import cli, cut_cli
from search.errors import InvalidQuery, UnknownVideo
from tests.conftest import ColourEncoder
from tests.played import Shown


@pytest.fixture
def run(colour_library: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr("model.registry.load_encoder", lambda folder: ColourEncoder())
    monkeypatch.chdir(tmp_path)

    def invoke(command: str, *arguments: str) -> Result:
        home = cut_cli.cut if command == "cut" else cli.search
        return CliRunner().invoke(home, [*arguments, "--library", str(colour_library)])

    return invoke


def test_a_moment_into_this_folder(run, tmp_path: Path):
    done = run("cut", "mixed.mp4@16-20.5")
    assert done.exit_code == 0
    assert done.stdout.startswith("mixed 16.00-20.50.mp4  16.00–20.50 s, encoded again: ")
    images = Shown(tmp_path / "mixed 16.00-20.50.mp4").images
    assert len(images) == 18
    assert [image.mean((0, 1)).argmax() for image in (images[0], images[-1])] == [2, 0]


def test_a_result_is_cut_by_its_id_and_the_whole_video_is_copied(run, tmp_path: Path):
    found = json.loads(run("search", "red", "-k", "1", "--json").stdout)["results"][0]
    told = json.loads(run("cut", found["id"], "--json", "-o", "new/").stdout)
    assert told["moment"] == found["id"]
    assert Path(told["file"]).parent == Path("new")
    whole = json.loads(run("cut", "red.mp4@0-3", "--json", "-o", "whole.mp4").stdout)
    assert (whole["copied"], whole["file"], whole["reason"]) == (True, "whole.mp4", "")
    assert len(Shown(tmp_path / "whole.mp4").images) == 12


def test_one_that_cannot_be_cut_does_not_keep_the_others(run, tmp_path: Path):
    done = run(
        "cut", "red.mp4@0-3", "nothing.mp4@1-2", "green.mp4@90-91", "blue.mp4@0-3", "-o", "x/"
    )
    assert done.exit_code == 1
    assert sorted(path.name for path in (tmp_path / "x").iterdir()) == [
        "blue 0.00-3.00.mp4",
        "red 0.00-3.00.mp4",
    ]
    assert "nothing.mp4 is not in the library" in done.stderr
    assert "is 3.0 s long" in done.stderr


def test_nothing_is_overwritten_but_by_force(run, tmp_path: Path):
    (tmp_path / "a.mp4").write_bytes(b"mine")
    assert isinstance(run("cut", "red.mp4@0-3", "-o", "a.mp4").exception, TargetExists)
    assert (tmp_path / "a.mp4").read_bytes() == b"mine"
    assert run("cut", "red.mp4@0-3", "-o", "a.mp4", "--force").exit_code == 0
    assert len(Shown(tmp_path / "a.mp4").images) == 12


def test_a_video_never_replaces_itself(run, colour_videos: Path):
    before = (colour_videos / "red.mp4").read_bytes()
    done = run("cut", "red.mp4@0-1", "--force", "-o", str(colour_videos / "red.mp4"))
    assert isinstance(done.exception, InvalidQuery)
    assert (colour_videos / "red.mp4").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["red.mp4"], InvalidQuery),
        (["red.mp4@2-1"], InvalidQuery),
        (["red.mp4@5-6"], InvalidQuery),
        (["999@0-1"], UnknownVideo),
    ],
)
def test_no_such_moment(run, arguments, error):
    assert isinstance(run("cut", *arguments).exception, error)


def test_wrong_use(run):
    assert run("cut", "red.mp4@0-1", "blue.mp4@0-1", "-o", "a.mp4").exit_code == 2
    assert run("cut", "red.mp4@0-1", "-o", "noextension").exit_code == 2
    assert run("search", "red", "--json", "--format", "csv").exit_code == 2


def test_answers_are_printed_in_the_format(run, tmp_path: Path):
    done = run("search", "red", "-k", "2", "--format", "csv")
    rows = list(csv.DictReader(StringIO(done.stdout_bytes.decode(), newline="")))
    told = json.loads(run("search", "red", "-k", "2", "--format", "json").stdout)["results"]
    assert [row["id"] for row in rows] == [one["id"] for one in told]
    assert b"\r\n" in done.stdout_bytes
    assert run("search", "red", "--format", "m3u").stdout.startswith("#EXTM3U\n")
    assert run("search", "red", "--format", "edl").stdout.startswith("TITLE: red\n")
    (tmp_path / "q.txt").write_text("red\n")
    assert run("search", "--queries", "q.txt", "--format", "csv").exit_code == 2
