"""A preview sounds as its film does, at the same time."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from indexer.media.pyav import PyavReader
from tests.beeping import write_film
from tests.played import beeps, loudness, preview
from tests.synthetic import read_index


def times_of(path: Path) -> dict[int, float]:
    """When the index says that the picture of each number is shown; two of them a second."""
    with PyavReader(path, size=64) as reader:
        return {read_index(frame.image): frame.time_s for frame in reader.frames()}


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
