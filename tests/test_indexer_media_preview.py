"""A preview starts with the picture that is asked for, lasts as long, and plays everywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from indexer.errors import (
    DecodeMemoryExceeded,
    DecoderCrashed,
    DecodeTimeout,
    EmptyFile,
    MediaError,
    NotAVideo,
    NoVideoStream,
    UndecodableVideo,
    UnreadableFile,
)
from indexer.media import child
from indexer.media.jobs import DecodeLimits
from indexer.media.preview import make_preview
from indexer.media.pyav import PyavReader
from tests.synthetic import Clip, constant_rate, numbered_picture, read_index, write_clip

SOUND_HZ = 48_000


class Shown:
    """What a player makes of a preview."""

    def __init__(self, path: Path) -> None:
        with av.open(str(path)) as container:
            self.duration_s = container.duration / av.time_base
            (stream,) = container.streams.video
            self.codec = stream.codec_context.name
            self.pixel_format = stream.codec_context.pix_fmt
            self.sound_streams = len(container.streams.audio)
            self.first_s = float(stream.start_time * stream.time_base)
            images = [(f.time, f.to_ndarray(format="rgb24")) for f in container.decode(stream)]
        self.times = [time_s for time_s, _ in images]
        self.images = [image for _, image in images]
        self.numbers = [read_index(image) for image in self.images]
        self.height, self.width = self.images[0].shape[:2]


def preview(source: Path, start_s: float, end_s: float, **limits) -> Shown:
    target = source.with_name("preview.mp4")
    make_preview(source, target, start_s, end_s, DecodeLimits(**limits) if limits else None)
    assert not [path for path in source.parent.iterdir() if path.name.startswith(".")]
    return Shown(target)


def loudness(path: Path) -> np.ndarray:
    """Mean loudness of each 10 ms of a file's sound, from its time 0 on."""
    with av.open(str(path)) as container:
        (stream,) = container.streams.audio
        origin_s = (container.start_time or 0) / av.time_base
        loud = np.zeros(round(30 * SOUND_HZ))
        for frame in container.decode(stream):
            samples = np.abs(frame.to_ndarray()).max(axis=0)
            at = round((frame.time - origin_s) * SOUND_HZ)
            samples, at = samples[max(0, -at) :], max(0, at)
            loud[at : at + len(samples)] = samples
            end = at + len(samples)
    return loud[:end][: end // 480 * 480].reshape(-1, 480).mean(axis=1)


def beeps(path: Path) -> list[float]:
    """When each beep of a file begins, in seconds."""
    loud = loudness(path) > 0.1 * loudness(path).max()
    return [i / 100 for i, (a, b) in enumerate(pairwise([False, *loud])) if b and not a]


def times_of(path: Path) -> dict[int, float]:
    """When the index says that the picture of each number is shown; two of them a second."""
    with PyavReader(path, size=64) as reader:
        return {read_index(frame.image): frame.time_s for frame in reader.frames()}


def write_film(
    path: Path,
    seconds: int,
    *,
    codec: str = "aac",
    video: str = "libx264",
    sound_of_s=lambda second: 1.0,
) -> Path:
    """Numbered pictures, 10 a second, and in each second a beep; no sound at all where None."""
    with av.open(str(path), "w") as container:
        picture = container.add_stream(video, rate=10, options={"g": "20"})
        assert isinstance(picture, VideoStream)
        picture.width, picture.height, picture.pix_fmt = 128, 96, "yuv420p"
        sound = container.add_stream(codec, rate=SOUND_HZ)
        assert isinstance(sound, AudioStream)
        sound.codec_context.layout = "mono"
        for second in range(seconds):
            for tenth in range(10):
                image = numbered_picture(second * 10 + tenth, 128, 96)
                frame = VideoFrame.from_ndarray(image, format="rgb24")
                frame.pts, frame.time_base = second * 10 + tenth, Fraction(1, 10)
                container.mux(picture.encode(frame))
                if (loud := sound_of_s(second)) is not None:
                    container.mux(sound.encode(_beep(second, tenth, loud)))
        for stream in (picture, sound):
            container.mux(stream.encode(None))
    return path


def _beep(second: int, tenth: int, loudness: float) -> AudioFrame:
    """A tenth of a second of 440 Hz, silent but in the first one of each second."""
    count = SOUND_HZ // 10
    wave = np.sin(np.arange(count) * 2 * np.pi * 440 / SOUND_HZ) * loudness * (tenth == 0)
    frame = AudioFrame.from_ndarray(
        (wave * 20_000).astype(np.int16)[None], format="s16", layout="mono"
    )
    frame.sample_rate, frame.time_base = SOUND_HZ, Fraction(1, SOUND_HZ)
    frame.pts = (second * 10 + tenth) * count
    return frame


CONTAINERS = {
    "x.mp4": Clip((), options={"g": "50"}),
    "x.mov": Clip((), codec="mpeg4", time_base=Fraction(1, 25)),
    "x.mkv": Clip((), codec="libx265", options={"x265-params": "log-level=none:keyint=50"}),
    "x.webm": Clip((), codec="libvpx-vp9", options={"cpu-used": "8", "deadline": "realtime"}),
    "mpeg4.avi": Clip((), codec="mpeg4", time_base=Fraction(1, 25), options={"g": "30"}),
    "b-frames.avi": Clip(
        (), codec="mpeg4", time_base=Fraction(1, 25), options={"bf": "2", "g": "30"}
    ),
    "h264.avi": Clip((), time_base=Fraction(1, 25), options={"g": "50"}),
    "x.flv": Clip((), codec="flv", time_base=Fraction(1, 25)),
    "x.ts": Clip(()),
    "x.mpg": Clip((), codec="mpeg2video", time_base=Fraction(1, 25), options={"bf": "2"}),
    "x.wmv": Clip((), codec="wmv2", time_base=Fraction(1, 25)),
    "x.h264": Clip(()),
}


@pytest.mark.parametrize("name", list(CONTAINERS))
def test_it_starts_with_the_picture_that_is_asked_for(tmp_path, name):
    if CONTAINERS[name].codec not in av.codecs_available:
        pytest.skip(f"PyAV here has no {CONTAINERS[name].codec}")
    clip = replace(CONTAINERS[name], times_s=constant_rate(25, 16), rate=Fraction(25))
    path = write_clip(tmp_path / name, clip)
    for start in (0, 30, 301, 374):
        shown = preview(path, start / 25, start / 25 + 1)
        assert shown.numbers == list(range(start, start + 25))
        assert shown.times == pytest.approx([i / 25 for i in range(25)], abs=0.002)
        assert shown.first_s == 0
        assert shown.duration_s == pytest.approx(1.0, abs=0.005)
        assert (shown.codec, shown.pixel_format) == ("h264", "yuv420p")
        assert shown.sound_streams == 0


def test_a_moment_between_two_pictures(tmp_path):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(10, 8), rate=Fraction(10)))
    shown = preview(path, 4.05, 5.05)
    assert shown.numbers == list(range(40, 51))
    assert shown.times == pytest.approx([0, *(0.05 + i / 10 for i in range(10))], abs=0.001)
    assert shown.duration_s == pytest.approx(1.0, abs=0.002)


def test_variable_frame_rate(tmp_path):
    times = [0, 0.1, 0.15, 2, 2.04, 2.5, 7, 7.9, 8, 11]
    path = write_clip(tmp_path / "x.mkv", Clip(times))
    shown = preview(path, 2.2, 9)
    assert shown.numbers == [4, 5, 6, 7, 8]
    assert shown.times == pytest.approx([0, 0.3, 4.8, 5.7, 5.8], abs=0.002)
    assert shown.duration_s == pytest.approx(6.8, abs=0.005)
    assert preview(path, 3, 6).numbers == [5]


def test_it_ends_with_the_video(tmp_path):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(25, 4), rate=Fraction(25)))
    shown = preview(path, 3.0, 100)
    assert shown.numbers == list(range(75, 100))
    assert shown.duration_s == pytest.approx(1.0, abs=0.005)


def test_nothing_after_the_end(tmp_path):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(25, 4), rate=Fraction(25)))
    with pytest.raises(UndecodableVideo, match=r"ends at 4.00 s"):
        preview(path, 5, 6)


def test_the_times_are_those_of_the_index(tmp_path):
    """Also where a file starts late, as broadcasts and cut recordings do."""
    path = write_clip(tmp_path / "x.mkv", Clip([100 + t for t in constant_rate(10, 8)]))
    with PyavReader(path, size=64) as reader:
        for frame in reader.frames():
            shown = preview(path, frame.time_s, frame.time_s + 0.3)
            assert shown.numbers[0] == read_index(frame.image)


def test_times_of_joined_recordings(tmp_path):
    parts = []
    for number in range(2):
        clip = Clip(
            constant_rate(10, 6),
            rate=Fraction(10),
            draw=lambda i, w, h, first=number * 60: numbered_picture(first + i, w, h),
        )
        parts.append(write_clip(tmp_path / f"{number}.ts", clip).read_bytes())
    path = tmp_path / "joined.ts"
    path.write_bytes(b"".join(parts))
    with PyavReader(path, size=64) as reader:
        indexed = {frame.time_s: read_index(frame.image) for frame in reader.frames()}
    for time_s, number in list(indexed.items())[::5]:
        assert preview(path, time_s, time_s + 0.3).numbers[0] in range(number - 1, number + 2)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_rotation_is_honoured(tmp_path, degrees):
    def draw(index: int, width: int, height: int) -> np.ndarray:
        upright = (height, width) if degrees % 180 else (width, height)
        return np.ascontiguousarray(np.rot90(numbered_picture(index, *upright), -degrees // 90))

    clip = Clip(constant_rate(10, 3), rate=Fraction(10), draw=draw, rotation=degrees)
    shown = preview(write_clip(tmp_path / "x.mp4", clip), 1, 2)
    assert shown.numbers == list(range(10, 20))
    assert (shown.width, shown.height) == ((96, 128) if degrees % 180 else (128, 96))


@pytest.mark.parametrize(
    ("clip", "size"),
    [
        (Clip((), width=1280, height=720), (640, 360)),
        (Clip((), width=1000, height=563, pixel_format="yuv444p"), (640, 360)),
        (Clip((), width=127, height=95, pixel_format="yuv444p"), (128, 96)),
        (Clip((), width=720, height=576, aspect=Fraction(64, 45)), (640, 360)),
        (Clip((), width=360, height=288, aspect=Fraction(1, 2)), (360, 576)),
        (Clip((), width=480, height=1600), (384, 1280)),
        (Clip((), width=1000, height=10), (640, 6)),
    ],
)
def test_size(tmp_path, clip, size):
    clip = replace(clip, times_s=constant_rate(5, 1), options={"preset": "ultrafast"})
    shown = preview(write_clip(tmp_path / "x.mkv", clip), 0.2, 0.6)
    assert (shown.width, shown.height) == size
    if size[1] > 50:
        assert shown.numbers == [1, 2]


def test_colours(tmp_path):
    def draw(index: int, width: int, height: int) -> np.ndarray:
        return np.full((height, width, 3), [(220, 30, 30), (30, 200, 30)][index % 2], np.uint8)

    path = write_clip(tmp_path / "x.mp4", Clip([0, 1], draw=draw))
    for image, colour in zip(preview(path, 0, 2).images, draw(0, 1, 1), strict=False):
        assert np.abs(image.mean(axis=(0, 1)) - colour[0]).max() < 12


def test_it_is_ready_for_the_web(tmp_path):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(25, 3)))
    preview(path, 1, 2)
    data = (tmp_path / "preview.mp4").read_bytes()
    assert data[4:8] == b"ftyp"
    assert data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize(
    ("name", "codec", "video"),
    [
        ("x.mp4", "aac", "libx264"),
        ("x.mkv", "libopus", "libx264"),
        ("x.avi", "libmp3lame", "mpeg4"),
        ("pcm.avi", "pcm_s16le", "mpeg4"),
        ("x.ts", "mp2", "libx264"),
    ],
)
@pytest.mark.parametrize("start_s", [0.0, 4.5])
def test_sound_is_in_sync(tmp_path, name, codec, video, start_s):
    path = write_film(tmp_path / name, 10, codec=codec, video=video)
    shown = preview(path, start_s, start_s + 3)
    numbers = [n for n, time_s in times_of(path).items() if start_s <= time_s + 0.0005]
    assert shown.numbers[0] in (numbers[0], numbers[0] - 1)
    assert shown.duration_s == pytest.approx(3, abs=0.05)
    expected = [t - start_s for t in beeps(path) if start_s <= t < start_s + 3]
    assert len(expected) == 3
    assert beeps(tmp_path / "preview.mp4") == pytest.approx(expected, abs=0.04)
    assert len(loudness(tmp_path / "preview.mp4")) == pytest.approx(300, abs=5)


def test_sound_that_starts_late_or_ends_early(tmp_path):
    path = write_film(
        tmp_path / "x.mkv", 8, codec="pcm_s16le", sound_of_s=lambda s: 1.0 if s in (3, 4) else None
    )
    shown = preview(path, 2.0, 7.0)
    assert shown.numbers == list(range(20, 70))
    assert beeps(tmp_path / "preview.mp4") == pytest.approx([1, 2], abs=0.03)
    preview(path, 5.5, 7.0)
    assert shown.sound_streams == 1
    assert preview(path, 5.5, 7.0).sound_streams == 0


def test_broken_sound_does_not_spoil_the_picture(tmp_path):
    path = write_film(tmp_path / "x.mkv", 8)
    with av.open(str(path)) as container:
        packets = [bytes(p) for p in container.demux(audio=0) if p.size > 60]
    data = path.read_bytes()
    for packet in packets:
        data = data.replace(packet, b"\xa5" * len(packet))
    path.write_bytes(data)
    shown = preview(path, 2, 5)
    assert shown.numbers == list(range(20, 50))
    assert shown.duration_s == pytest.approx(3, abs=0.05)


def test_gif(tmp_path):
    clip = Clip(constant_rate(10, 5), codec="gif", pixel_format="rgb8", time_base=Fraction(1, 100))
    shown = preview(write_clip(tmp_path / "x.gif", clip), 2, 3)
    assert shown.numbers == list(range(20, 30))


def test_damage_in_the_middle_costs_little(tmp_path):
    clip = Clip(constant_rate(10, 12), rate=Fraction(10), options={"g": "10"})
    path = write_clip(tmp_path / "x.mkv", clip)
    with av.open(str(path)) as container:
        packets = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    data = path.read_bytes()
    for packet in packets[40:75]:
        data = data.replace(packet[4:], b"\xa5" * len(packet[4:]), 1)
    path.write_bytes(data)
    shown = preview(path, 8, 10)
    assert shown.numbers == list(range(80, 100))


@pytest.fixture
def refused(tmp_path):
    """Asks for a preview of a bad file; what it raises. Nothing may be left behind."""

    def ask(source: Path, **limits) -> MediaError:
        folder = tmp_path / "previews"
        with pytest.raises(MediaError) as caught:
            make_preview(source, folder / "p.mp4", 0, 1, DecodeLimits(**limits))
        assert list(folder.iterdir()) == []
        assert caught.value.path == str(source)
        return caught.value

    return ask


def test_bad_files(tmp_path, refused):
    film = write_clip(tmp_path / "film.mp4", Clip(constant_rate(10, 3)))
    (tmp_path / "text.mp4").write_text("nothing " * 200)
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "cut.mp4").write_bytes(film.read_bytes()[:900])
    (tmp_path / "list.m3u8").write_text(f"#EXTM3U\n#EXTINF:3,\n{film}\n")
    (tmp_path / "list.mp4").write_text(f"ffconcat version 1.0\nfile {film}\n")
    with av.open(str(tmp_path / "sound.mp4"), "w") as container:
        sound = container.add_stream("aac", rate=SOUND_HZ)
        container.mux([*sound.encode(_beep(0, 0, 1)), *sound.encode(None)])
    assert isinstance(refused(tmp_path / "text.mp4"), NotAVideo)
    assert isinstance(refused(tmp_path / "list.m3u8"), NotAVideo)
    assert isinstance(refused(tmp_path / "list.mp4"), NotAVideo)
    assert isinstance(refused(tmp_path / "empty.mp4"), EmptyFile)
    assert isinstance(refused(tmp_path / "cut.mp4"), UndecodableVideo)
    assert isinstance(refused(tmp_path / "sound.mp4"), NoVideoStream)
    assert isinstance(refused(tmp_path / "none.mp4"), UnreadableFile)


def test_pictures_without_a_byte_that_is_right(tmp_path, refused):
    clip = Clip(constant_rate(10, 3), codec="mpeg4", time_base=Fraction(1, 10))
    path = write_clip(tmp_path / "x.avi", clip)
    with av.open(str(path)) as container:
        packets = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    data = path.read_bytes()
    for packet in packets:
        data = data.replace(packet, b"\xa5" * len(packet))
    path.write_bytes(data)
    assert isinstance(refused(path), UndecodableVideo)


FAULTY = """
import os, signal, sys, time
from indexer.media import preview_worker
from indexer.media.excerpt import Excerpt

def hog():
    blocks = []
    while True:
        blocks.append(bytearray(64 << 20))

def frames(self, inner=Excerpt.frames):
    for item in inner(self):
        yield item
        {fault}

Excerpt.frames = frames
preview_worker.main()
"""


@pytest.fixture
def faulty(monkeypatch):
    """Children that misbehave after the first picture."""

    def become(fault: str) -> None:
        def command(module: str, *arguments: str) -> list[str]:
            return [sys.executable, "-P", "-c", FAULTY.format(fault=fault), *arguments]

        monkeypatch.setattr(child, "command", command)

    return become


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ("os.abort()", DecoderCrashed, "SIGABRT"),
        ("os._exit(3)", DecoderCrashed, "code 3"),
        ("time.sleep(60)", DecodeTimeout, "longer than 3 s"),
        ("os.kill(os.getpid(), signal.SIGSTOP)", DecodeTimeout, "longer"),
        ("hog()", DecodeMemoryExceeded, "memory"),
        ("{}['of PyAV']", UndecodableVideo, "KeyError"),
    ],
)
def test_whatever_the_decoder_does(tmp_path, refused, faulty, fault, error, words):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(10, 3)))
    faulty(fault)
    found = refused(path, stall_s=1.0, memory_bytes=700 << 20)
    assert type(found) is error
    assert words in found.reason


def test_a_process_that_cannot_start_is_not_blamed_on_the_file(tmp_path, monkeypatch):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(10, 3)))
    command = [sys.executable, "-c", "import no_such_module"]
    monkeypatch.setattr(child, "command", lambda module, *arguments: command)
    with pytest.raises(RuntimeError, match="no_such_module"):
        make_preview(path, tmp_path / "p.mp4", 0, 1)


SCRIPT = """
import os, sys
from pathlib import Path
from indexer.media import child, one_job, preview
worker, path = sys.argv[1:]
child.command = lambda module, *rest: [sys.executable, "-P", "-c", worker, *rest]
start = one_job.subprocess.Popen
def popen(*args, **kwargs):
    process = start(*args, **kwargs)
    print(process.pid, flush=True)
    return process
one_job.subprocess.Popen = popen
preview.make_preview(Path(path), Path(path).with_name("p.mp4"), 0, 1)
"""


@pytest.mark.parametrize("fault", ["time.sleep(60)", "sum(range(10**11))"])
def test_the_child_ends_with_its_parent(tmp_path, fault):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(10, 3)))
    begun = tmp_path / "begun"
    worker = FAULTY.format(fault=f"open({str(begun)!r}, 'w').close(); {fault}")
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, worker, str(path)],
        stdout=subprocess.PIPE,
        env=child.environment(),
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        deadline_s = time.monotonic() + 30
        while not begun.exists() and time.monotonic() < deadline_s:
            time.sleep(0.05)
        parent.kill()
    assert begun.exists()
    while Path(f"/proc/{pid}").exists():
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        if state == "Z":
            break
        assert time.monotonic() < deadline_s, "the child lives on"
        time.sleep(0.05)


def test_a_folder_that_cannot_be_written(tmp_path):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(10, 3)))
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        make_preview(path, tmp_path / "file" / "p.mp4", 0, 1)
    if os.geteuid() != 0:
        (tmp_path / "locked").mkdir(mode=0o500)
        with pytest.raises(PermissionError):
            make_preview(path, tmp_path / "locked" / "p.mp4", 0, 1)


def test_a_target_that_is_taken_by_a_folder(tmp_path):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(10, 3)))
    (tmp_path / "p.mp4").mkdir()
    with pytest.raises(OSError, match=r"p\.mp4"):
        make_preview(path, tmp_path / "p.mp4", 0, 1)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["p.mp4", "x.mp4"]


@pytest.mark.parametrize("stretch", [(-1, 1), (2, 2), (2, 1), (0, 601), (float("nan"), 1)])
def test_no_stretch(tmp_path, stretch):
    with pytest.raises(ValueError, match="stretch"):
        make_preview(tmp_path / "x.mp4", tmp_path / "p.mp4", *stretch)


def test_two_at_once_do_not_harm_each_other(tmp_path):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(10, 3), rate=Fraction(10)))
    target = tmp_path / "previews" / "p.mp4"
    threads = [
        threading.Thread(target=make_preview, args=(path, target, 1.0, 2.0)) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Shown(target).numbers == list(range(10, 20))
    assert [p.name for p in target.parent.iterdir()] == ["p.mp4"]


def test_names_that_mean_something_to_ffmpeg(tmp_path, monkeypatch):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(10, 3), rate=Fraction(10)))
    monkeypatch.chdir(tmp_path)
    for name in ("concat:x|y.mp4", "-i.mp4", "%03d 'ü'.mp4", "pipe:.mp4"):
        shutil.copy(path, name)
        make_preview(Path(name), Path(f"to {name}"), 1, 2)
        assert Shown(tmp_path / f"to {name}").numbers == list(range(10, 20))


@pytest.mark.parametrize(
    "pattern",
    ["*.avi", "*.gif", "demo__imageio_cockatoo.mp4"],  # the last: x264 of 2018 in 4:4:4
)
def test_real_files(tmp_path, shared_data, pattern):
    folder = shared_data / "captioned_videos"
    found = sorted(folder.glob(pattern), key=lambda path: path.stat().st_size)
    if not found:
        pytest.skip(f"{folder} has no {pattern}")
    with PyavReader(found[0], size=64) as reader:
        frames = list(reader.frames())
        duration_s = reader.info().duration_s
    middle = frames[len(frames) // 2]
    target = tmp_path / "p.mp4"
    make_preview(found[0], target, middle.time_s, min(duration_s, middle.time_s + 2))
    shown = Shown(target)
    small = VideoFrame.from_ndarray(shown.images[0], format="rgb24")
    image = small.to_ndarray(format="rgb24", width=64, height=64, interpolation="AREA")
    assert np.abs(image.astype(int) - middle.image).mean() < 8
    assert shown.duration_s == pytest.approx(min(2, duration_s - middle.time_s), abs=0.1)
