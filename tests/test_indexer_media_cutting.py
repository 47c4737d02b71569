"""A cut has the pictures that start in it and no other, whichever way it was made."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from indexer.errors import (
    EmptyFile,
    NotAVideo,
    TargetExists,
    UndecodableVideo,
    UnreadableFile,
)
from indexer.media.cutting import CutTarget, cut
from tests.beeping import write_film
from tests.cuts import FPS, H264, film, made
from tests.played import Shown, beeps
from tests.synthetic import Clip, constant_rate, numbered_picture, write_clip


def assert_exact(shown: Shown, first: int, end: int) -> None:
    assert shown.numbers == list(range(first, end))
    times = np.array(shown.times) - shown.first_s
    assert times == pytest.approx(np.arange(end - first) / FPS, abs=0.002)


COPIED = {
    "x.mp4": H264,
    "x.mov": Clip((), codec="mpeg4", time_base=Fraction(1, 25), options={"g": "50"}),
    "x.mkv": Clip(
        (), codec="libx265", options={"x265-params": "log-level=none:keyint=50:scenecut=0"}
    ),
    "x.webm": Clip(
        (), codec="libvpx-vp9", options={"cpu-used": "8", "deadline": "realtime", "g": "50"}
    ),
}


@pytest.mark.parametrize("name", list(COPIED))
def test_from_a_key_picture_on_it_is_copied(tmp_path, name):
    if COPIED[name].codec not in av.codecs_available:
        pytest.skip(f"PyAV here has no {COPIED[name].codec}")
    path = film(tmp_path / name, COPIED[name])
    done, shown = made(path, 50 / FPS, 6)
    assert (done.copied, done.path.suffix, done.reason) == (True, path.suffix, "")
    assert (done.start_s, done.end_s) == pytest.approx((2, 6), abs=0.002)
    assert_exact(shown, 50, 150)
    with av.open(str(path)) as before, av.open(str(done.path)) as after:
        assert before.format.name == after.format.name
        assert before.streams.video[0].codec_context.name == shown.codec


@pytest.mark.parametrize("name", ["x.mp4", "x.mkv", "x.avi", "x.ts", "x.wmv"])
def test_from_any_other_picture_on_it_is_encoded_again(tmp_path, name):
    codecs = {".avi": "mpeg4", ".wmv": "wmv2"}
    clip = replace(H264, codec=codecs.get(Path(name).suffix, "libx264"), options={"g": "50"})
    path = film(tmp_path / name, replace(clip, time_base=Fraction(1, FPS)))
    done, shown = made(path, 51 / FPS, 100 / FPS)
    assert (done.copied, done.path.suffix, shown.codec) == (False, ".mp4", "h264")
    assert done.reason
    assert shown.first_s == 0
    assert_exact(shown, 51, 100)
    assert shown.duration_s == pytest.approx(49 / FPS, abs=0.005)


def test_it_ends_where_it_is_told_however_pictures_refer_to_each_other(tmp_path):
    """With two B pictures between P pictures every third end can be had by copying."""
    path, ways = film(tmp_path / "x.mp4"), []
    for end in (70, 71, 72):
        done, shown = made(path, 2, end / FPS)
        assert_exact(shown, 50, end)
        ways.append(done.copied)
    assert sorted(ways) == [False, False, True]


def test_an_open_group_is_not_copied(tmp_path):
    """Its first pictures refer back, past what looks like a key picture."""
    options = {"x264-params": "open-gop=1:keyint=50:min-keyint=50:scenecut=0:bframes=2"}
    path = film(tmp_path / "x.mp4", Clip((), options=options))
    done, shown = made(path, 2, 6)
    assert not done.copied
    assert_exact(shown, 50, 150)
    done, shown = made(path, 4.5, 6, fast=True)
    assert done.copied
    assert_exact(shown, 100, 150)


def test_fast_begins_at_the_key_picture_before(tmp_path):
    path = film(tmp_path / "x.mp4")
    done, shown = made(path, 70 / FPS, 90 / FPS, fast=True)
    assert done.copied
    assert done.start_s == pytest.approx(2, abs=0.001)
    first, last = shown.numbers[0], shown.numbers[-1]
    assert first == 50
    assert 89 <= last <= 91
    assert sorted(shown.numbers) == shown.numbers
    assert done.end_s == pytest.approx((last + 1) / FPS, abs=0.001)


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("name", ["x.mp4", "x.mkv"])
def test_a_file_that_starts_late(tmp_path, name, fast):
    times = [100 + t for t in constant_rate(FPS, 6)]
    path = write_clip(tmp_path / name, replace(H264, times_s=times, rate=Fraction(FPS)))
    for start, copied in ((50, True), (60, fast)):
        done, shown = made(path, start / FPS, 6, fast=fast)
        assert done.copied == copied
        assert_exact(shown, 50 if copied else 60, 150)


@pytest.mark.parametrize("start_s", [1.0, 1.1])
@pytest.mark.parametrize(("degrees", "mirrored"), [(90, False), (180, False), (270, True)])
def test_rotation_is_kept(tmp_path, start_s, degrees, mirrored):
    def draw(index: int, width: int, height: int) -> np.ndarray:
        upright = (height, width) if degrees % 180 else (width, height)
        picture = numbered_picture(index, *upright)
        picture = picture[:, ::-1] if mirrored else picture
        return np.ascontiguousarray(np.rot90(picture, -degrees // 90))

    clip = Clip(constant_rate(10, 3), draw=draw, rotation=degrees, mirrored=mirrored, key_every=10)
    clip = replace(clip, rate=Fraction(10), options={"forced-idr": "1"})
    path = write_clip(tmp_path / "x.mp4", clip)
    done, _ = made(path, start_s, 3)
    assert done.copied == (start_s == 1.0)
    assert orientations(done.path) == orientations(path)
    shown = made_upright(done.path)
    assert shown.numbers == list(range(round(start_s * 10), 30))


def orientations(path: Path) -> set[tuple]:
    from indexer.media.orientation import Orientation

    with av.open(str(path)) as container:
        return {
            (Orientation.of(frame), frame.width, frame.height)
            for frame in container.decode(video=0)
        }


def made_upright(path: Path) -> Shown:
    """What a preview, which turns pictures, makes of a cut."""
    from indexer.media.preview import make_preview

    make_preview(path, path.with_name("upright.mp4"), 0, 10)
    return Shown(path.with_name("upright.mp4"))


def test_the_shape_of_pixels_and_the_size_are_kept(tmp_path):
    clip = Clip(constant_rate(10, 2), rate=Fraction(10), width=720, height=576)
    path = write_clip(tmp_path / "x.mkv", replace(clip, aspect=Fraction(64, 45)))
    _, shown = made(path, 0.5, 1.5)
    assert (shown.width, shown.height) == (720, 576)
    with av.open(str(tmp_path / "cuts/cut.mp4")) as container:
        assert container.streams.video[0].sample_aspect_ratio == Fraction(64, 45)


def test_times_are_kept(tmp_path):
    times = [0, 0.1, 0.15, 2, 2.04, 2.5, 7, 7.9, 8, 11]
    path = write_clip(tmp_path / "x.mkv", Clip(times))
    _, shown = made(path, 2.02, 7.95)
    assert shown.numbers == [4, 5, 6, 7]
    assert shown.times == pytest.approx([0, 0.46, 4.96, 5.86], abs=0.002)
    assert shown.duration_s == pytest.approx(5.91, abs=0.005)


def test_a_picture_that_stands_for_long_belongs_to_what_begins_under_it(tmp_path):
    path = write_clip(tmp_path / "x.mkv", Clip([0, 1, 6, 7, 8]))
    _, shown = made(path, 3, 7)
    assert shown.numbers == [1, 2]
    assert shown.times == pytest.approx([0, 3], abs=0.002)
    assert made(path, 3, 5)[1].numbers == [1]


@pytest.mark.parametrize(("name", "codec"), [("x.mp4", "aac"), ("x.mkv", "libopus")])
def test_sound_is_in_sync(tmp_path, name, codec):
    path = write_film(tmp_path / name, 6, codec=codec)
    for start_s in (2.0, 2.3):
        done, shown = made(path, start_s, 5)
        assert done.copied == (start_s == 2.0)
        assert shown.sound_streams == 1
        expected = [t - start_s for t in beeps(path) if start_s + 0.1 <= t < 5]
        found = [t for t in beeps(done.path) if 0.1 < t < 4.95 - start_s]
        assert found == pytest.approx(expected, abs=0.04)


def test_what_is_there_is_not_overwritten(tmp_path):
    path = film(tmp_path / "x.mp4", seconds=3)
    (tmp_path / "cut.mp4").write_bytes(b"mine")
    for target in (CutTarget(tmp_path, "cut"), CutTarget(tmp_path, "cut", ".mp4")):
        with pytest.raises(TargetExists, match=r"cut\.mp4 is there already"):
            cut(path, 1, 2, target)
    assert (tmp_path / "cut.mp4").read_bytes() == b"mine"
    cut(path, 1, 2, CutTarget(tmp_path, "cut", overwrite=True))
    assert_exact(Shown(tmp_path / "cut.mp4"), 25, 50)


def test_the_extension_chooses(tmp_path):
    path = film(tmp_path / "x.mkv", seconds=3)
    assert not cut(path, 0, 3, CutTarget(tmp_path, "as mp4", ".mp4")).copied
    assert cut(path, 0, 3, CutTarget(tmp_path, "as mkv", ".MKV")).copied
    with pytest.raises(UndecodableVideo, match=r"ends in \.mp4"):
        cut(path, 1, 2, CutTarget(tmp_path, "no", ".mkv"))
    with pytest.raises(UndecodableVideo, match=r"\.avi"):
        cut(path, 1, 2, CutTarget(tmp_path, "no", ".avi"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["as mkv.MKV", "as mp4.mp4", "x.mkv"]


@pytest.mark.parametrize(
    ("content", "error"), [(b"", EmptyFile), (b"no video", NotAVideo), (None, UnreadableFile)]
)
def test_bad_files(tmp_path, content, error):
    path = tmp_path / "bad.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error, match=r"bad\.mp4"):
        cut(path, 0, 1, CutTarget(tmp_path / "cuts", "cut"))
    assert list((tmp_path / "cuts").iterdir()) == []


def test_nothing_after_the_end(tmp_path):
    with pytest.raises(UndecodableVideo, match=r"ends at 3\.00 s"):
        cut(film(tmp_path / "x.mp4", seconds=3), 5, 6, CutTarget(tmp_path, "cut"))
    with pytest.raises(ValueError, match="no stretch"):
        cut(tmp_path / "x.mp4", 2, 2, CutTarget(tmp_path, "cut"))


def test_names_that_mean_something_to_ffmpeg(tmp_path):
    path = film(tmp_path / "concat:%03d 'ü'\n.mp4", seconds=3)
    done = cut(path, 1, 2, CutTarget(tmp_path, "pipe:%d"))
    assert_exact(Shown(done.path), 25, 50)
