"""Frames and events as they come out of decoding processes, in the consumer's own time."""

from __future__ import annotations

import os
import signal
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import MediaError
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
from tests.decoders import (
    be_faulty,
    job,
    outcomes,
    pids,
    wait_until_gone,
    write_numbered,
)
from tests.synthetic import Clip, constant_rate, read_index, write_clip


@pytest.fixture
def faulty(monkeypatch):
    """See `be_faulty`."""
    be_faulty(monkeypatch)


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    """12 s of numbered frames."""
    return write_numbered(tmp_path_factory.mktemp("clip") / "clip.mp4")


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


def test_two_decodes_at_once_are_refused(tmp_path, clip):
    with DecoderPool(size=32, workers=1) as pool:
        first = pool.decode([job(tmp_path, clip, "a")])
        next(first)
        with pytest.raises(RuntimeError, match="decoding already"):
            next(pool.decode([job(tmp_path, clip, "b")]))


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
