"""Whatever a decoder does costs one file; nothing of it outlives the run."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import (
    DecodeMemoryExceeded,
    DecoderCrashed,
    DecodeTimeout,
    MediaError,
    NotAVideo,
    UndecodableVideo,
    UnreadableFile,
)
from indexer.media.decoder_process import DecoderProcess
from indexer.media.isolation import (
    DecodeJob,
    DecodeLimits,
    DecoderPool,
    Failed,
    Finished,
    Frames,
    Opened,
    read_clip,
)
from indexer.media.pyav import PyavReader
from tests.synthetic import Clip, constant_rate, read_index, write_clip

FAULTY_WORKER = """
import os, signal, sys, time
from pathlib import Path
from indexer.media import worker
from indexer.media.pyav import PyavReader

def hog():
    blocks = []
    while True:
        blocks.append(bytearray(64 << 20))

def spin():
    end = time.monotonic() + 60
    while time.monotonic() < end:
        sum(range(10**5))
        READER[0]._on_progress()

def count():
    with open(os.environ["COUNTER"], "a") as file:
        file.write("x")

READER = []
AT_19TH = {
    "abort": os.abort,
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "freeze": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    "exit": lambda: os._exit(3),
    "hang": lambda: time.sleep(120),
    "stuck": lambda: sum(range(10**11)),
    "hog": hog,
    "spin": spin,
    "surprise": lambda: {}["of PyAV"],
}

def pictures(reader, inner=PyavReader.pictures):
    READER[:] = [reader]
    fault = Path(reader.path).stem
    for number, item in enumerate(inner(reader)):
        if number == 18 and fault in AT_19TH:
            AT_19TH[fault]()
        if fault == "counted":
            count()
        yield item

PyavReader.pictures = pictures
worker.main()
"""
QUICK = DecodeLimits(stall_s=3.0, memory_bytes=700 << 20)


@pytest.fixture
def faulty(monkeypatch):
    """Decoders that misbehave for files of certain names."""

    def command(process: DecoderProcess, fd: int) -> list[str]:
        arguments = [str(fd), str(process._limits.memory_bytes)]
        return [sys.executable, "-P", "-c", FAULTY_WORKER, *arguments]

    monkeypatch.setattr(DecoderProcess, "_command", command)


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    """12 s of numbered frames."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    return write_clip(path, Clip(constant_rate(10, 12), width=64, height=64))


def job(folder: Path, clip: Path, name: str, **options) -> DecodeJob:
    path = folder / f"{name}.mp4"
    shutil.copy(clip, path)
    return DecodeJob(path, key=name, **options)


def outcomes(events) -> dict[str, Finished | MediaError]:
    """The last event's content by key; asserts that there is one for each job."""
    ends = {}
    for event in events:
        assert event.job.key not in ends, "something came after the end"
        if isinstance(event, Finished):
            ends[event.job.key] = event
        elif isinstance(event, Failed):
            ends[event.job.key] = event.error
    return ends


def is_gone(pid: int) -> bool:
    """Whether `pid` has ended (a zombie whose parent died before it counts as ended)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def wait_until_gone(pids: list[int]) -> None:
    deadline_s = time.monotonic() + 20
    while not all(is_gone(pid) for pid in pids):
        assert time.monotonic() < deadline_s, f"still running: {pids}"
        time.sleep(0.05)


def pids(pool: DecoderPool) -> list[int]:
    return [process._peer._process.pid for process in pool._idle + pool._busy]


def test_same_frames_as_in_process(tmp_path, clip):
    jobs = [job(tmp_path, clip, f"film {i}") for i in range(5)]
    times, images, infos, opened = defaultdict(list), defaultdict(list), {}, {}
    with DecoderPool(size=48, workers=2) as pool:
        for event in pool.decode(jobs):
            if isinstance(event, Frames):
                assert event.job in jobs
                assert 1 <= len(event.times_s) == len(event.images) <= 16
                assert event.times_s.dtype == np.float64
                times[event.job.key].extend(event.times_s)
                images[event.job.key].extend(event.images)
            elif isinstance(event, Opened):
                assert event.job.key not in times, "it comes before the first frame"
                opened[event.job.key] = event.duration_s
            else:
                assert isinstance(event, Finished)
                infos[event.job.key] = event.info
        assert len(pids(pool)) == 2
    with PyavReader(clip, size=48) as reader:
        expected = list(reader.frames())
        info = reader.info()
    assert set(infos) == {one.key for one in jobs}
    assert opened == {one.key: pytest.approx(12.0, abs=0.1) for one in jobs}
    for one in jobs:
        assert times[one.key] == [frame.time_s for frame in expected]
        assert np.array_equal(images[one.key], [frame.image for frame in expected])
        assert infos[one.key] == info


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


def test_slow_consumer_is_no_stall(tmp_path, clip):
    jobs = [job(tmp_path, clip, f"{i}") for i in range(3)]
    ends, slept_s = {}, 0.0
    with DecoderPool(size=224, workers=2, limits=DecodeLimits(stall_s=3.0)) as pool:
        list(pool.decode([job(tmp_path, clip, "warm")]))
        for event in pool.decode(jobs):
            if not slept_s:
                slept_s = 4.0
                time.sleep(slept_s)
            if isinstance(event, Finished | Failed):
                ends[event.job.key] = event
    assert all(isinstance(end, Finished) for end in ends.values())
    assert len(ends) == 3


def test_decoder_waits_for_a_slow_consumer(tmp_path, faulty, monkeypatch):
    counter = tmp_path / "count"
    monkeypatch.setenv("COUNTER", str(counter))
    times = constant_rate(2, 150)
    path = write_clip(tmp_path / "counted.mp4", Clip(times, width=32, height=32))
    with DecoderPool(size=224, workers=1) as pool:
        events = pool.decode([DecodeJob(path)])
        first = next(event for event in events if isinstance(event, Frames))
        time.sleep(1.5)
        ahead = counter.stat().st_size - len(first.times_s)
        rest = list(events)
    assert ahead <= 5 * 16, "the decoder ran away from its consumer"
    frames = [first, *(event for event in rest if isinstance(event, Frames))]
    assert sum(len(event.times_s) for event in frames) == 300
    assert all(a < b for a, b in pairwise(np.concatenate([f.times_s for f in frames])))


def test_jobs_are_taken_one_for_each_free_worker(tmp_path, clip):
    taken = []

    def jobs():
        for i in range(6):
            taken.append(i)
            yield job(tmp_path, clip, f"{i}")

    ended = 0
    with DecoderPool(size=32, workers=2) as pool:
        for event in pool.decode(jobs()):
            assert len(taken) <= ended + 2
            ended += isinstance(event, Finished)
    assert ended == 6


def test_pool_can_be_used_again_and_survives_idle_deaths(tmp_path, clip):
    with DecoderPool(size=32, workers=1) as pool:
        assert list(outcomes(pool.decode([job(tmp_path, clip, "a")]))) == ["a"]
        (first,) = pids(pool)
        assert list(outcomes(pool.decode([job(tmp_path, clip, "b")]))) == ["b"]
        assert pids(pool) == [first], "the worker is not long-lived"
        os.kill(first, signal.SIGKILL)
        wait_until_gone([first])
        ends = outcomes(pool.decode([job(tmp_path, clip, "c")]))
        assert isinstance(ends["c"], Finished)


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


def test_two_decodes_at_once_are_refused(tmp_path, clip):
    with DecoderPool(size=32, workers=1) as pool:
        first = pool.decode([job(tmp_path, clip, "a")])
        next(first)
        with pytest.raises(RuntimeError, match="decoding already"):
            next(pool.decode([job(tmp_path, clip, "b")]))


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


def test_a_file_that_says_nothing_of_its_length(tmp_path):
    path = write_clip(tmp_path / "x.h264", Clip(constant_rate(10, 3), width=64, height=64))
    with DecoderPool(size=32, workers=1) as pool:
        events = list(pool.decode([DecodeJob(path)]))
    assert [event.duration_s for event in events if isinstance(event, Opened)] == [None]
    assert isinstance(events[-1], Finished)


def test_a_file_that_cannot_be_opened_only_fails(tmp_path):
    (tmp_path / "text.mp4").write_text("nothing " * 200)
    with DecoderPool(size=32, workers=1) as pool:
        (event,) = pool.decode([DecodeJob(tmp_path / "text.mp4")])
    assert isinstance(event, Failed)


def test_read_clip(tmp_path, clip):
    times, images, info = read_clip(clip, 40)
    assert (times.shape, times.dtype) == ((24,), np.float64)
    assert (images.shape, images.dtype) == ((24, 40, 40, 3), np.uint8)
    assert [read_index(image) for image in images] == list(range(0, 120, 5))
    assert info.frame_count == 24
    times, images, info = read_clip(clip, 40, frame_limit=3)
    assert len(times) == len(images) == 3
    assert "only the first 3 frames" in " ".join(info.warnings)
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(MediaError, match="empty"):
        read_clip(tmp_path / "empty.mp4", 40)


def test_memory_limit_leaves_room_for_4k(tmp_path):
    path = tmp_path / "4k.mp4"
    noise = np.random.default_rng(0).integers(0, 255, (2160, 3840, 3), np.uint8)
    write_clip(
        path,
        Clip(
            constant_rate(5, 1),
            width=3840,
            height=2160,
            options={"preset": "ultrafast"},
            draw=lambda index, width, height: np.roll(noise, index, axis=0),
        ),
    )
    limits = DecodeLimits(memory_bytes=DecodeLimits().memory_bytes // 2)
    _, _, info = read_clip(path, 224, limits)
    assert (info.width, info.height) == (3840, 2160)
