"""The bar moves within a file, and its percentage, rate and time to go are right."""

from __future__ import annotations

import io
import re
import sys

import pytest
import tqdm.std

from indexer import pipeline
from indexer.media.jobs import Opened
from indexer.progress import Progress
from tests.colours import write_colours


class Clock:
    """A time that passes when it is told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


class Terminal(io.StringIO):
    """Standard error that says it is a terminal, 200 columns wide."""

    def isatty(self) -> bool:
        return True

    def last_line(self) -> str:
        return re.split(r"[\r\n]", self.getvalue().rstrip())[-1]


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("time.monotonic", clock)
    monkeypatch.setattr(tqdm.std, "time", clock)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(tqdm.tqdm, "monitor_interval", 0)
    return clock


def on_terminal(monkeypatch) -> Terminal:
    """Called by the test itself: pytest sets standard error anew after the fixtures."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal


def test_one_long_file(clock, monkeypatch):
    """100 bytes and 600 s, of which 6 s are encoded each second: 100 s in all."""
    terminal = on_terminal(monkeypatch)
    with Progress() as progress:
        progress.start(1, 100)
        progress.opened("film", 100, 600.0)
        for second in range(1, 100):
            clock.now_s += 1
            progress.encoded("film", 6.0, "film.mp4")
            line = terminal.last_line()
            assert progress.share == pytest.approx(second / 100)
            assert line.strip().startswith(f"{second}%")
            assert "0/1 files" in line
            assert "6× realtime  film.mp4" in line
            elapsed, left = re.search(r"\[(\d\d:\d\d)<(\d\d:\d\d)\]", line).groups()
            assert elapsed == f"{second // 60:02}:{second % 60:02}"
            minutes, seconds = map(int, left.split(":"))
            assert minutes * 60 + seconds == pytest.approx(100 - second, abs=1)
        clock.now_s += 1
        progress.closed("film")
        progress.finished(100, "film.mp4")
        assert terminal.last_line().startswith("100%")
        assert "1/1 files" in terminal.last_line()


def test_time_to_go_follows_a_change_of_pace(clock, monkeypatch):
    """A thousand small files that were known already say little about the film that follows."""
    terminal = on_terminal(monkeypatch)
    with Progress() as progress:
        progress.start(1001, 2000)
        for _ in range(1000):
            clock.now_s += 0.01
            progress.finished(1, "known.mp4")
        progress.opened("film", 1000, 1000.0)
        for _ in range(200):
            clock.now_s += 1
            progress.encoded("film", 1.0, "film.mp4")
    left = [line for line in terminal.getvalue().split("\r") if "<" in line][-1]
    minutes, seconds = map(int, re.search(r"<(\d\d):(\d\d)\]", left).groups())
    assert minutes * 60 + seconds == pytest.approx(800, rel=0.1)


def test_several_files_at_once(clock, monkeypatch):
    on_terminal(monkeypatch)
    progress = Progress()
    progress.start(3, 1000)
    progress.opened("a", 400, 40.0)
    progress.opened("b", 500, 10.0)
    progress.encoded("a", 10.0, "a.mp4")
    assert progress.share == pytest.approx(0.1)
    progress.encoded("b", 5.0, "b.mp4")
    assert progress.share == pytest.approx(0.35)
    progress.closed("b")
    progress.finished(500, "b.mp4")
    assert progress.share == pytest.approx(0.6)
    progress.finished(100, "known before.mp4")
    assert progress.share == pytest.approx(0.7)


@pytest.mark.parametrize("claimed_s", [3.0, 1e-6])
def test_a_file_that_is_longer_than_it_says(claimed_s):
    progress = Progress(quiet=True)
    progress.start(2, 200)
    progress.opened("a", 100, claimed_s)
    for _ in range(10):
        progress.encoded("a", 6.0, "a.mp4")
    assert progress.share == pytest.approx(0.5)


def test_a_file_of_unknown_length_counts_at_its_end():
    progress = Progress(quiet=True)
    progress.start(2, 200)
    progress.opened("a", 100, None)
    progress.encoded("a", 6.0, "a.mp4")
    assert progress.share == 0
    progress.closed("a")
    progress.finished(100, "a.mp4")
    assert progress.share == 0.5


def test_a_file_that_fails_halfway(clock, monkeypatch):
    on_terminal(monkeypatch)
    progress = Progress()
    progress.start(2, 200)
    progress.opened("a", 100, 60.0)
    progress.encoded("a", 30.0, "a.mp4")
    progress.closed("a")
    progress.finished(100, "a.mp4")
    assert progress.share == 0.5


def test_nothing_to_do():
    progress = Progress(quiet=True)
    progress.start(0, 0)
    assert progress.share == 0


def test_silent_in_a_pipe(clock, monkeypatch):
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    with Progress() as progress:
        progress.start(1, 100)
        progress.opened("a", 100, 60.0)
        clock.now_s += 10
        progress.encoded("a", 30.0, "a.mp4")
        progress.closed("a")
        progress.finished(100, "a.mp4")
    assert pipe.getvalue() == ""


class Recorder(Progress):
    """Keeps the shares that would have been shown."""

    def __init__(self) -> None:
        super().__init__(quiet=True)
        self.shares = []

    def _show(self, name: str) -> None:
        self.shares.append(self.share)


def test_indexing_moves_within_a_file(tmp_path, encoder):
    folder = tmp_path / "videos"
    folder.mkdir()
    write_colours(folder / "long.mp4", "red", "green", "blue", seconds=20)
    (folder / "broken.mp4").write_bytes((folder / "long.mp4").read_bytes()[:900])
    progress = Recorder()
    report = pipeline.index(tmp_path / "library", [folder], encoder, progress=progress)
    assert (report.indexed, len(report.failed)) == (1, 1)
    assert progress.shares[-1] == 1
    assert len({round(share, 2) for share in progress.shares}) > 5
    assert progress.shares == sorted(progress.shares)


def test_the_estimate_is_the_containers_own(tmp_path):
    from indexer.media.isolation import DecodeJob, DecoderPool

    path = write_colours(tmp_path / "x.mp4", "red", "green", seconds=4)
    with DecoderPool(size=16, workers=1) as pool:
        (opened,) = [e for e in pool.decode([DecodeJob(path)]) if isinstance(e, Opened)]
    assert opened.duration_s == pytest.approx(8, abs=0.3)
