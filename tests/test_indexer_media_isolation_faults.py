"""Whatever a decoder does costs one file; nothing of it outlives the run."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.errors import (
    DecodeMemoryExceeded,
    DecoderCrashed,
    DecodeTimeout,
    NotAVideo,
    UndecodableVideo,
    UnreadableFile,
)
from indexer.media.decoder_process import DecoderProcess
from indexer.media.isolation import (
    DecodeJob,
    DecodeLimits,
    DecoderPool,
    Finished,
    Frames,
    Opened,
    read_clip,
)
from tests.decoders import (
    FAULTY_WORKER,
    be_faulty,
    job,
    outcomes,
    pids,
    wait_until_gone,
    write_numbered,
)

QUICK = DecodeLimits(stall_s=3.0, memory_bytes=700 << 20)


@pytest.fixture
def faulty(monkeypatch):
    """See `be_faulty`."""
    be_faulty(monkeypatch)


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    """12 s of numbered frames."""
    return write_numbered(tmp_path_factory.mktemp("clip") / "clip.mp4")


@pytest.mark.parametrize("workers", [1, 2])
def test_one_bad_file_costs_one_file(tmp_path, clip, faulty, workers):
    expected = {
        "abort": (DecoderCrashed, "SIGABRT"),
        "kill": (DecoderCrashed, "SIGKILL"),
        "exit": (DecoderCrashed, "code 3"),
        "hang": (DecodeTimeout, "no progress"),
        "freeze": (DecodeTimeout, "no progress"),
        "hog": (DecodeMemoryExceeded, "memory"),
        "surprise": (UndecodableVideo, "KeyError"),
    }
    names = [name for bad in expected for name in (bad, f"good after {bad}")]
    with DecoderPool(size=32, workers=workers, limits=QUICK) as pool:
        ends = outcomes(pool.decode(job(tmp_path, clip, name) for name in names))
    assert set(ends) == set(names)
    for name, end in ends.items():
        if name in expected:
            kind, words = expected[name]
            assert type(end) is kind, name
            assert words in end.reason
            assert f"{name}.mp4" in str(end)
        else:
            assert isinstance(end, Finished), f"{name}: {end}"
            assert end.info.frame_count == 24


def test_cpu_time_is_bounded(tmp_path, clip, faulty):
    limits = DecodeLimits(stall_s=30, grace_s=0.5, per_second_s=0.05)
    with DecoderPool(size=32, workers=1, limits=limits) as pool:
        ends = outcomes(pool.decode([job(tmp_path, clip, "spin")]))
    assert isinstance(ends["spin"], DecodeTimeout)
    assert "of computing" in ends["spin"].reason


def test_giving_up_leaves_no_process_and_no_rubbish(tmp_path, clip, faulty):
    art = tmp_path / "art" / "1"
    with DecoderPool(size=32, workers=1) as pool:
        events = pool.decode([job(tmp_path, clip, "hang", artwork_dir=art)])
        assert isinstance(next(events), Opened)
        assert isinstance(next(events), Frames)
        running = pids(pool)
        assert len(list(art.parent.iterdir())) == 1
        events.close()
        wait_until_gone(running)
        assert list(art.parent.iterdir()) == []
        ends = outcomes(pool.decode([job(tmp_path, clip, "next")]))
        assert isinstance(ends["next"], Finished)
        running = pids(pool)
    wait_until_gone(running)


def test_failure_leaves_no_artwork(tmp_path, clip, faulty):
    folder = tmp_path / "art"
    bad = ["abort", "hog", "surprise"]
    jobs = [job(tmp_path, clip, name, artwork_dir=folder / name) for name in [*bad, "good"]]
    with DecoderPool(size=32, workers=1, limits=QUICK) as pool:
        outcomes(pool.decode(jobs))
    assert [path.name for path in folder.iterdir()] == ["good"]


SCRIPT = """
import sys
from pathlib import Path
from indexer.media.decoder_process import DecoderProcess
from indexer.media.isolation import DecodeJob, DecoderPool, Frames
worker, folder, *names = sys.argv[1:]
DecoderProcess._command = lambda self, fd: [sys.executable, "-P", "-c", worker, str(fd), str(2**30)]
with DecoderPool(size=32, workers=2) as pool:
    for event in pool.decode(DecodeJob(Path(folder) / f"{name}.mp4") for name in names):
        if isinstance(event, Frames):
            print(*(p._peer._process.pid for p in pool._busy), flush=True)
"""


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("names", [["hang", "hang"], ["hang", "stuck"]])
def test_children_end_with_their_parent(tmp_path, clip, sent, names):
    for name in names:
        job(tmp_path, clip, name)
    parent = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, FAULTY_WORKER, str(tmp_path), *names],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[1])},
    )
    children = [int(pid) for pid in parent.stdout.readline().split()]
    assert children
    if sent == signal.SIGINT:  # as the terminal does: to all of them
        os.killpg(parent.pid, sent)
    else:
        parent.send_signal(sent)
    _, errors = parent.communicate(timeout=20)
    wait_until_gone(children)
    if sent == signal.SIGINT:
        assert errors.count("KeyboardInterrupt") == 1, errors
        assert parent.returncode == -signal.SIGINT


def test_nothing_reaches_the_terminal(tmp_path, clip, faulty, capfd):
    data = bytearray(clip.read_bytes())
    data[len(data) // 3 : len(data) // 2] = bytes(len(data) // 2 - len(data) // 3)
    (tmp_path / "damaged.mp4").write_bytes(data)
    jobs = [DecodeJob(tmp_path / "damaged.mp4", key="damaged"), job(tmp_path, clip, "abort")]
    with DecoderPool(size=32, workers=1) as pool:
        assert len(outcomes(pool.decode(jobs))) == 2
    assert capfd.readouterr() == ("", "")


def test_decoder_that_cannot_start_is_not_blamed_on_the_file(tmp_path, clip, monkeypatch):
    command = [sys.executable, "-c", "import no_such_module"]
    monkeypatch.setattr(DecoderProcess, "_command", lambda self, fd: command)
    with (
        DecoderPool(size=32, workers=1) as pool,
        pytest.raises(RuntimeError, match="no_such_module"),
    ):
        list(pool.decode([job(tmp_path, clip, "x")]))


def test_modules_beside_the_videos_are_not_imported(tmp_path, clip, monkeypatch):
    (tmp_path / "av.py").write_text("raise SystemExit('imported')")
    monkeypatch.chdir(tmp_path)
    times, _, _ = read_clip(clip, 32)
    assert len(times) == 24


def test_errors_cross_the_border_whole(tmp_path, clip):
    (tmp_path / "text.mp4").write_text("nothing " * 200)
    name = b"\xff.mp4".decode("utf-8", "surrogateescape")
    shutil.copy(clip, tmp_path / name)
    jobs = [
        DecodeJob(tmp_path / "text.mp4", key="text"),
        DecodeJob(tmp_path / name, key="name"),
        DecodeJob(tmp_path / "none.mp4", key="none"),
    ]
    with DecoderPool(size=32, workers=1) as pool:
        ends = outcomes(pool.decode(jobs))
    assert {key: type(end) for key, end in ends.items()} == {
        "text": NotAVideo,
        "name": UnreadableFile,
        "none": UnreadableFile,
    }
    assert "Rename" in ends["name"].remedy
