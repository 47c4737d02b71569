"""The `videobert` command as a user types it: exit codes, JSON, messages."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import videobert
from tests.conftest import REPOSITORY


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "videobert", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, **environment},
        check=False,
    )


@pytest.fixture(scope="module")
def videos(colour_videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "videos"
    folder.mkdir()
    for name in ("red.mp4", "green.mp4"):
        shutil.copy(colour_videos / name, folder)
    return folder


@pytest.fixture(scope="module")
def library(videos: Path) -> Path:
    """Made by the command itself, with the shipped encoder."""
    library = videos.parent / "library"
    done = run("index", videos, "--library", library, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["indexed"] == 2
    assert done.stderr == ""  # quiet in a pipe
    return library


def test_every_command_has_help_with_an_example():
    for command in videobert.COMMANDS:
        done = run(command, "--help")
        assert done.returncode == 0, done.stderr
        assert "Example: videobert" in done.stdout


def test_help_lists_every_command():
    listed = run("--help").stdout
    assert all(command in listed for command in videobert.COMMANDS)


def test_an_unchanged_library_is_left_alone(library: Path, videos: Path):
    report = json.loads(run("index", videos, "--library", library, "--json").stdout)
    assert (report["indexed"], report["unchanged"], report["generation"]) == (0, 2, 1)


def test_search_prints_the_contracts_json(library: Path):
    done = run("search", "a green wall", "--library", library, "--json", "-k", "1")
    answer = json.loads(done.stdout)
    assert answer["query"] == "a green wall"
    (result,) = answer["results"]
    assert {"video", "start_s", "end_s", "score", "channels"} <= set(result)
    assert 0 <= result["start_s"] < result["end_s"] <= 3.1


def test_queries_of_a_file_give_a_line_each(library: Path, tmp_path: Path):
    path = tmp_path / "queries.txt"
    path.write_text("a green wall\n\na red wall\n")
    lines = run("search", "--queries", path, "--library", library).stdout.splitlines()
    assert [json.loads(line)["query"] for line in lines] == ["a green wall", "a red wall"]


def test_search_by_clip_picture_and_moment(library: Path, videos: Path):
    by_clip = run("search", "--clip", videos / "red.mp4", "--library", library, "--json")
    assert json.loads(by_clip.stdout)["results"][0]["title"] == "red"
    by_moment = run("search", "--like", "red.mp4@1", "--library", library, "--json")
    assert [r["title"] for r in json.loads(by_moment.stdout)["results"]] == ["green"]


def test_evaluate_prints_the_contracts_json(library: Path, videos: Path):
    pairs = videos.parent / "pairs.csv"
    pairs.write_text("video,caption\nvideos/red.mp4,a red wall\nvideos/green.mp4,a green wall\n")
    figures = json.loads(run("evaluate", pairs, "--library", library, "--json").stdout)
    assert figures["queries"] == 2
    assert set(figures) >= {"r1", "r5", "r10", "median_rank"}
    assert figures["r5"] == 1.0


def test_status_counts(library: Path):
    found = json.loads(run("status", "--library", library, "--json").stdout)
    assert (found["videos"], found["clips"], found["generation"]) == (2, 2, 1)


def test_a_bad_file_is_reported_and_the_rest_indexed(videos: Path, tmp_path: Path):
    shutil.copytree(videos, tmp_path / "videos")
    (tmp_path / "videos" / "broken.mp4").write_text("not a video")
    done = run("index", tmp_path / "videos", "--library", tmp_path / "library", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["indexed"] == 2
    assert [Path(f["path"]).name for f in report["failed"]] == ["broken.mp4"]
    assert report["failed"][0]["code"] == "NotAVideo"


def test_the_library_can_come_from_the_environment(library: Path):
    done = run("status", "--json", VIDEOBERT_LIBRARY=str(library))
    assert json.loads(done.stdout)["videos"] == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["index"],
        ["index", "/no/such/folder"],
        ["search"],
        ["search", "a", "-k", "0"],
        ["search", "--clip", "/no/such/file"],
        ["frobnicate"],
    ],
    ids=" ".join,
)
def test_wrong_use_exits_with_2(arguments: list[str]):
    done = run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["search", "red"], "videobert index"),
        (["status"], "videobert index"),
        (["rebuild"], "videobert index"),
    ],
    ids=" ".join,
)
def test_a_library_that_is_not_there_exits_with_1_and_the_remedy(
    arguments: list[str], says: str, tmp_path: Path
):
    done = run(*arguments, "--library", tmp_path / "nothing")
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_what_keeps_a_run_from_starting_is_json_too(tmp_path: Path):
    done = run("rebuild", "--library", tmp_path / "nothing", "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["ok"], answer["error"]["code"]) == (1, False, "LibraryNotFound")


def test_a_library_that_is_a_file_is_told_in_words(videos: Path, tmp_path: Path):
    (tmp_path / "library").write_text("")
    done = run("index", videos, "--library", tmp_path / "library" / "below")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(tmp_path / "library") in done.stderr


def test_sigterm_ends_a_run_like_ctrl_c(colour_videos: Path, tmp_path: Path):
    """As systemd does. What is finished stays, and the next run goes on."""
    videos = tmp_path / "videos"
    videos.mkdir()
    for i in range(30):  # enough to be at work for seconds
        content = (colour_videos / "mixed.mp4").read_bytes()
        (videos / f"{i}.mp4").write_bytes(content + bytes([i]))
    library = tmp_path / "library"
    command = [sys.executable, "-m", "videobert", "index", videos, "--library", library, "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)
    while not list(library.glob("shards/*/*")):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    stopped = json.loads(process.communicate(timeout=60)[0])
    assert process.returncode == 1
    assert stopped["interrupted"]
    went_on = json.loads(run("index", videos, "--library", library, "--json").stdout)
    # one may have been stopped between its shard and its rows: it is restored, not decoded again
    assert stopped["indexed"] + went_on["indexed"] + went_on["restored"] == 30
    assert went_on["unchanged"] == stopped["indexed"]


def test_rebuild_and_rollback(videos: Path, colour_videos: Path, tmp_path: Path):
    shutil.copytree(videos, tmp_path / "videos")
    library = tmp_path / "library"
    run("index", tmp_path / "videos", "--library", library)
    shutil.copy(colour_videos / "blue.mp4", tmp_path / "videos")
    rebuilt = json.loads(run("rebuild", "--library", library, "--json").stdout)
    assert (rebuilt["ok"], rebuilt["indexed"], rebuilt["generation"]) == (True, 1, 2)
    assert "Generation 1 is live" in run("rollback", "--library", library).stdout
    assert run("rollback", "--library", library).returncode == 1


def test_forget_takes_a_video_out(videos: Path, tmp_path: Path):
    shutil.copytree(videos, tmp_path / "videos")
    library = tmp_path / "library"
    run("index", tmp_path / "videos", "--library", library)
    assert run("forget", tmp_path / "videos", "--library", library).returncode == 0
    assert json.loads(run("status", "--library", library, "--json").stdout)["videos"] == 0
    assert (tmp_path / "videos" / "red.mp4").exists()
