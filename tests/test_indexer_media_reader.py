"""The frame reported at time t is the one on screen at t."""

from __future__ import annotations

import gc
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.media.pyav import PyavReader
from indexer.media.reader import Frame, VideoInfo, open_video
from tests.synthetic import (
    Clip,
    constant_rate,
    numbered_picture,
    read_index,
    write_clip,
)

FILM = Fraction(24000, 1001)
NTSC = Fraction(30000, 1001)
VARIABLE = [0, 0.1, 0.3, 2.2, 2.4, 2.6, 2.61, 2.7, 7, 7.1]
B_FRAMES = {"bf": "3", "g": "24"}
OPEN_GROUPS = {"bf": "3", "g": "12", "x264-params": "open-gop=1:scenecut=0"}
REFRESH = {"bf": "0", "g": "24", "x264-params": "intra-refresh=1"}

CLIPS = {
    "7fps.mp4": Clip(constant_rate(7, 4), rate=Fraction(7)),
    "12fps.mp4": Clip(
        constant_rate(12, 4), "mpeg4", rate=Fraction(12), time_base=Fraction(1, 12)
    ),
    "film.mkv": Clip(constant_rate(FILM, 4), rate=FILM, options=B_FRAMES),
    "ntsc.mp4": Clip(constant_rate(NTSC, 4), rate=NTSC, options=B_FRAMES),
    "60fps.mp4": Clip(constant_rate(60, 3), rate=Fraction(60), options=B_FRAMES),
    "no-b-frames.mp4": Clip(constant_rate(30, 4), options={"bf": "0", "g": "30"}),
    "short-groups.mp4": Clip(constant_rate(30, 4), options={"bf": "2", "g": "7"}),
    "open-groups.mp4": Clip(constant_rate(30, 4), options=OPEN_GROUPS),
    "open-groups.mkv": Clip(constant_rate(30, 4), options=OPEN_GROUPS),
    "refresh.mkv": Clip(constant_rate(30, 4), options=REFRESH),
    "variable.mkv": Clip(VARIABLE),
    "variable.mp4": Clip(VARIABLE, options=B_FRAMES),
    "late.mp4": Clip([t + 1.25 for t in constant_rate(30, 3)]),
    "hevc.mp4": Clip(constant_rate(30, 3), "libx265", options={"x265-params": "log-level=none"}),
    "vp9.webm": Clip(constant_rate(12, 3), "libvpx-vp9", options={"cpu-used": "8"}),
    "vp8.webm": Clip(constant_rate(30, 3), "libvpx", options={"auto-alt-ref": "1"}),
    "intra.mov": Clip(constant_rate(30, 3), "prores_ks", pixel_format="yuv422p10le"),
    "ten-bit.mkv": Clip(constant_rate(30, 2), pixel_format="yuv420p10le"),
    "animation.gif": Clip(
        constant_rate(10, 3), "gif", pixel_format="rgb8", time_base=Fraction(1, 100)
    ),
    "transport.ts": Clip(constant_rate(30, 3), options=B_FRAMES),
    "program.mpg": Clip(
        constant_rate(25, 3), "mpeg2video", rate=Fraction(25), time_base=Fraction(1, 25)
    ),
    "old.avi": Clip(
        constant_rate(25, 3), "mpeg4", rate=Fraction(25), time_base=Fraction(1, 25),
        options={"bf": "2"},
    ),
    "odd.mp4": Clip(constant_rate(30, 2), width=129, height=97, pixel_format="yuv444p"),
}  # fmt: skip


def read(path: Path, **options) -> tuple[list[Frame], VideoInfo]:
    with PyavReader(path, size=64, **options) as reader:
        return list(reader.frames()), reader.info()


def on_screen(times_s: list[float], at_s: float) -> int:
    """The index of the frame shown at `at_s`, times from the first frame's."""
    shown = [i for i, t in enumerate(times_s) if t - times_s[0] <= at_s + 0.002]
    return shown[-1]


@pytest.mark.parametrize("name", CLIPS)
@pytest.mark.parametrize("threads", [1, 3])
def test_frames_are_the_ones_on_screen(tmp_path, name, threads):
    clip = CLIPS[name]
    frames, info = read(write_clip(tmp_path / name, clip), threads=threads)
    times = [frame.time_s for frame in frames]
    assert [read_index(frame.image) for frame in frames] == [
        on_screen(list(clip.times_s), t) for t in times
    ]
    assert times[0] == 0
    assert all(a < b for a, b in pairwise(times))
    cells = [int((t + 1e-4) * 2) for t in times]
    assert len(set(cells)) == len(cells), "two frames in one half-second cell"
    length = clip.times_s[-1] - clip.times_s[0]
    # whoever fills forward is never more than one cell behind what is on screen
    for cell in range(int(length * 2)):
        filled = frames[max(i for i, t in enumerate(times) if t <= cell / 2 + 0.5)]
        at_cell = on_screen(list(clip.times_s), cell / 2)
        assert read_index(filled.image) >= at_cell
    assert info.frame_count == len(frames)
    assert length < info.duration_s <= length + 0.2
    assert info.warnings == ()
    assert all(f.image.shape == (64, 64, 3) and f.image.dtype == np.uint8 for f in frames)


@pytest.mark.parametrize("name", [n for n in CLIPS if not n.startswith("animation")])
def test_skipping_changes_nothing(tmp_path, name):
    path = write_clip(tmp_path / name, CLIPS[name])
    (fast, fast_info), (full, full_info) = read(path), read(path, skip=False)
    assert [f.time_s for f in fast] == [f.time_s for f in full]
    assert all(np.array_equal(a.image, b.image) for a, b in zip(fast, full, strict=True))
    assert fast_info == full_info


def test_skipping_decodes_less(tmp_path):
    clip = Clip(constant_rate(30, 4), options={"bf": "0", "g": "30"})
    path = write_clip(tmp_path / "x.mp4", clip)
    decoded = {True: 0, False: 0}
    for skip in decoded:
        with PyavReader(path, size=32, skip=skip) as reader:
            decode = reader._decode
            reader._decode = lambda packets, inner=decode, skip=skip: _counted(
                inner(packets), decoded, skip
            )
            list(reader.frames())
    assert decoded[True] <= 0.6 * decoded[False]


def _counted(pictures, counts, key):
    for picture in pictures:
        counts[key] += 1
        yield picture


@settings(max_examples=8, deadline=None)
@given(
    steps=st.lists(st.floats(0.02, 1.4), min_size=3, max_size=40),
    b_frames=st.integers(0, 3),
    group=st.integers(2, 20),
)
def test_any_variable_rate(tmp_path_factory, steps, b_frames, group):
    times = [round(float(t), 3) for t in np.cumsum([0, *steps])]
    options = {"bf": str(b_frames), "g": str(group), "preset": "ultrafast", "b-pyramid": "none"}
    path = tmp_path_factory.mktemp("vfr") / "x.mkv"
    frames, _ = read(write_clip(path, Clip(times, options=options, width=64, height=48)))
    assert [read_index(f.image) for f in frames] == [on_screen(times, f.time_s) for f in frames]
    cells_with_pictures = {int((t + 1e-4) * 2) for t in times}
    assert cells_with_pictures <= {int((f.time_s + 1e-4) * 2) for f in frames}


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_rotation(tmp_path, turns, mirrored):
    def draw(index: int, width: int, height: int) -> np.ndarray:
        shown = (height, width) if turns % 2 else (width, height)
        upright = numbered_picture(index, *shown)
        # Stored so that turning, then mirroring (the order of a display matrix) undoes it.
        stored = np.rot90(upright[:, ::-1] if mirrored else upright, -turns)
        return np.ascontiguousarray(stored)

    clip = Clip(constant_rate(10, 1), draw=draw, rotation=90 * turns, mirrored=mirrored)
    with av.open(str(write_clip(tmp_path / "x.mov", clip))) as container:
        angle = next(container.decode(video=0)).rotation % 360
    frames, info = read(tmp_path / "x.mov")
    if not mirrored:
        assert angle == 90 * turns, "the clip does not say what the test wants"
    assert [read_index(frame.image) for frame in frames] == [0, 5]
    assert (info.width, info.height) == ((96, 128) if turns % 2 else (128, 96))


@pytest.mark.parametrize(
    ("aspect", "shown"), [(Fraction(4, 3), (171, 96)), (Fraction(1, 2), (128, 192))]
)
def test_pixels_that_are_not_square(tmp_path, aspect, shown):
    path = write_clip(tmp_path / "x.mkv", Clip(constant_rate(10, 1), aspect=aspect))
    _, info = read(path)
    assert (info.width, info.height) == shown


def test_sound_that_starts_first_delays_the_picture(tmp_path):
    path = tmp_path / "x.mkv"
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=30)
        video.width, video.height, video.pix_fmt = 128, 96, "yuv420p"
        sound = container.add_stream("aac", rate=8000, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 16000), np.float32), "fltp", "mono")
        silence.sample_rate, silence.pts = 8000, 0
        container.mux(sound.encode(silence))
        container.mux(sound.encode(None))
        for index in range(30):
            frame = av.VideoFrame.from_ndarray(numbered_picture(index, 128, 96), format="rgb24")
            frame.pts, frame.time_base = 21 + index, Fraction(1, 30)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    frames, info = read(path)
    assert [(round(f.time_s, 2), read_index(f.image)) for f in frames] == [
        (0.7, 0), (1.0, 9), (1.5, 24),
    ]  # fmt: skip
    assert info.duration_s == pytest.approx(1.7, abs=0.05)


def test_cover_art_is_not_the_film(tmp_path):
    film = write_clip(tmp_path / "film.mkv", Clip(constant_rate(30, 2)))
    path = tmp_path / "x.mp4"
    with av.open(str(film)) as old, av.open(str(path), "w") as new:
        cover = new.add_stream("png", rate=1)
        cover.width, cover.height, cover.pix_fmt = 640, 480, "rgb24"
        cover.disposition = av.stream.Disposition.attached_pic
        stream = new.add_stream_from_template(old.streams.video[0])
        new.mux(cover.encode(av.VideoFrame.from_ndarray(np.full((480, 640, 3), 9, np.uint8))))
        for packet in old.demux(video=0):
            if packet.size:
                packet.stream = stream
                new.mux(packet)
    frames, info = read(path)
    assert info.codec == "h264"
    assert [read_index(f.image) for f in frames] == [0, 15, 30, 45]


def test_pictures_are_let_go_at_once(tmp_path):
    path = write_clip(tmp_path / "x.mov", Clip(constant_rate(4, 20), rotation=90))
    gc.collect()
    gc.disable()
    try:
        read(path)
        left = [one for one in gc.get_objects() if issubclass(type(one), av.VideoFrame)]
    finally:
        gc.enable()
    assert len(left) <= 3


def test_info_needs_a_picture_first(tmp_path):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(10, 1)))
    with open_video(path, size=32) as reader, pytest.raises(ValueError, match="no picture"):
        reader.info()
