"""A preview starts with the picture that is asked for, lasts as long, and plays everywhere."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from indexer.errors import (
    UndecodableVideo,
)
from indexer.media.preview import make_preview
from indexer.media.pyav import PyavReader
from tests.played import Shown, preview
from tests.synthetic import Clip, constant_rate, numbered_picture, read_index, write_clip

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
