"""The sound of a film comes out where its pictures are, whatever the file does."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from indexer.errors import (
    DecodeMemoryExceeded,
    DecoderCrashed,
    DecodeTimeout,
    NoSound,
    NotAVideo,
    UndecodableSound,
    UnreadableFile,
)
from indexer.media import child
from indexer.media.jobs import DecodeLimits
from indexer.media.speech import sound as sound_module
from indexer.media.speech.sound import RATE_HZ, read_sound
from tests.spoken import silence, write_film
from tests.synthetic import Clip, constant_rate, write_clip


def beeps_at(*times_s, seconds):
    """A tone of 0.2 s at each of the times."""
    samples = silence(seconds)
    tone = 12000 * np.sin(2 * np.pi * 440 * np.arange(RATE_HZ // 5) / RATE_HZ)
    for time_s in times_s:
        start = round(time_s * RATE_HZ)
        samples[start : start + len(tone)] = tone
    return samples


def heard_at(path):
    """When the tones of a film begin, and how long its sound is, in seconds."""
    blocks = list(read_sound(path))
    assert all(block.dtype == np.int16 and 0 < len(block) <= RATE_HZ for block in blocks)
    samples = np.concatenate(blocks).astype(float)
    loud = np.sqrt(np.convolve(samples**2, np.ones(160) / 160, "same")) > 3000
    starts = np.flatnonzero(loud[1:] & ~loud[:-1]) / RATE_HZ
    return starts.tolist(), len(samples) / RATE_HZ


@pytest.mark.parametrize(
    ("name", "codec", "video"),
    [
        ("x.mp4", "aac", "libx264"),
        ("x.mkv", "libopus", "libx264"),
        ("x.avi", "libmp3lame", "mpeg4"),
        ("x.ts", "mp2", "libx264"),
    ],
)
def test_sound_is_where_the_pictures_are(tmp_path, name, codec, video):
    sound = beeps_at(0.5, 2.5, seconds=4)
    starts, seconds = heard_at(write_film(tmp_path / name, sound, codec=codec, video=video))
    assert starts == pytest.approx([0.5, 2.5], abs=0.04)
    assert seconds == pytest.approx(4, abs=0.1)


def test_sound_that_starts_late_is_silent_before(tmp_path):
    sound = beeps_at(0.5, seconds=2)
    path = write_film(tmp_path / "x.mkv", sound, codec="pcm_s16le", sound_from_s=3.0)
    starts, seconds = heard_at(path)
    assert starts == pytest.approx([3.5], abs=0.04)
    assert seconds == pytest.approx(5, abs=0.05)


def test_a_film_begins_with_its_sound_where_that_comes_first(tmp_path):
    sound = beeps_at(0.2, 2.5, seconds=4)
    path = write_film(tmp_path / "x.mp4", sound, picture_from_s=1.0)
    starts, _ = heard_at(path)
    assert starts == pytest.approx([0.2, 2.5], abs=0.04)


def test_joined_broadcasts_follow_each_other(tmp_path):
    first = write_film(tmp_path / "a.ts", beeps_at(1.0, seconds=4), codec="mp2", video="mpeg2video")
    second = write_film(
        tmp_path / "b.ts", beeps_at(2.0, seconds=4), codec="mp2", video="mpeg2video"
    )
    joined = tmp_path / "x.ts"
    joined.write_bytes(first.read_bytes() + second.read_bytes())
    starts, seconds = heard_at(joined)
    assert starts == pytest.approx([1.0, 6.0], abs=0.25)
    assert seconds == pytest.approx(8, abs=0.5)


def test_films_without_sound_and_files_that_are_none(tmp_path):
    mute = write_clip(tmp_path / "mute.mp4", Clip(constant_rate(10, 1)))
    (tmp_path / "text.mp4").write_text("nothing " * 200)
    for path, error in [
        (mute, NoSound),
        (tmp_path / "text.mp4", NotAVideo),
        (tmp_path / "none.mp4", UnreadableFile),
    ]:
        with pytest.raises(error, match=path.name):
            list(read_sound(path))


def test_sound_without_a_byte_that_is_right(tmp_path):
    import av

    path = write_film(tmp_path / "x.mkv", beeps_at(0.5, seconds=2), codec="flac")
    with av.open(str(path)) as container:
        packets = [bytes(packet) for packet in container.demux(audio=0) if packet.size]
    data = path.read_bytes()
    for packet in packets:
        data = data.replace(packet, b"\xa5" * len(packet))
    path.write_bytes(data)
    with pytest.raises(UndecodableSound, match="nothing of its sound"):
        list(read_sound(path))


FAULTY = """
import os, signal, sys, time
from indexer.media.speech import film_sound, sound_worker

def hog():
    blocks = []
    while True:
        blocks.append(bytearray(64 << 20))

def blocks(self, inner=film_sound.FilmSound.blocks):
    for block in inner(self):
        yield block
        {fault}

film_sound.FilmSound.blocks = blocks
sound_worker.main()
"""


@pytest.fixture
def faulty(monkeypatch):
    """Children that misbehave after the first samples."""

    def become(fault):
        def command(module, *arguments):
            return [sys.executable, "-P", "-c", FAULTY.format(fault=fault), *arguments]

        monkeypatch.setattr(child, "command", command)

    return become


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ("os.abort()", DecoderCrashed, "SIGABRT"),
        ("os.kill(os.getpid(), signal.SIGSTOP)", DecodeTimeout, "no progress"),
        ("hog()", DecodeMemoryExceeded, "memory"),
        ("{}['of PyAV']", UndecodableSound, "KeyError"),
    ],
)
def test_whatever_the_decoder_does(tmp_path, faulty, fault, error, words):
    path = write_film(tmp_path / "x.mp4", beeps_at(0.5, seconds=1))
    faulty(fault)
    with pytest.raises(error, match=words) as caught:
        list(read_sound(path, DecodeLimits(stall_s=2.0, memory_bytes=700 << 20)))
    assert caught.value.path == str(path)


def test_a_process_that_cannot_start_is_not_blamed_on_the_file(tmp_path, monkeypatch):
    path = write_film(tmp_path / "x.mp4", beeps_at(0.5, seconds=1))
    command = [sys.executable, "-c", "import no_such_module"]
    monkeypatch.setattr(child, "command", lambda module, *arguments: command)
    with pytest.raises(RuntimeError, match="no_such_module"):
        list(read_sound(path))


def test_the_process_ends_when_no_more_is_wanted(tmp_path, monkeypatch):
    started = []

    class Popen(subprocess.Popen):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            started.append(self)

    monkeypatch.setattr(sound_module.subprocess, "Popen", Popen)
    sound = beeps_at(0.5, seconds=60)
    reading = read_sound(write_film(tmp_path / "x.mkv", sound, codec="pcm_s16le"))
    assert len(next(reading)) > 0
    reading.close()
    assert [process.returncode for process in started] == [-9]
