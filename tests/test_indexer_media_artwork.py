"""Poster and sprite sheets: right pictures in the right places, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from indexer.media.isolation import DecodeJob, DecoderPool, Failed, Finished
from tests.synthetic import Clip, constant_rate, numbered_picture, read_index, write_clip


def run(path: Path, folder: Path) -> Finished:
    with DecoderPool(size=128, workers=1) as pool:
        (end,) = [e for e in pool.decode([DecodeJob(path, folder)]) if isinstance(e, Finished)]
    return end


def picture(path: Path) -> np.ndarray:
    return cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


def tiles(folder: Path) -> list[np.ndarray]:
    """All tiles of a folder, cut as a player would."""
    layout = json.loads((folder / "artwork.json").read_text())
    per_sheet = layout["columns"] * layout["rows"]
    found = []
    for i in range(layout["count"]):
        sheet = picture(folder / f"sprite-{i // per_sheet:03}.jpg")
        row, column = divmod(i % per_sheet, layout["columns"])
        top, left = row * layout["tile_height"], column * layout["tile_width"]
        tile = sheet[top : top + layout["tile_height"], left : left + layout["tile_width"]]
        assert tile.shape == (layout["tile_height"], layout["tile_width"], 3)
        found.append(tile)
    return found


def test_each_tile_shows_its_moment(tmp_path):
    fps = 4
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(fps, 160), width=160, height=96))
    folder = tmp_path / "media" / "art"
    run(path, folder)
    layout = json.loads((folder / "artwork.json").read_text())
    assert layout == {
        "tile_width": 192, "tile_height": 115, "interval_s": 1.5,
        "columns": 10, "rows": 10, "count": 107,
    }  # fmt: skip
    assert {p.name for p in folder.iterdir()} == {
        "poster.jpg", "artwork.json", "sprite-000.jpg", "sprite-001.jpg",
    }  # fmt: skip
    assert [read_index(tile) for tile in tiles(folder)] == [
        int(i * 1.5) * fps if i % 2 == 0 else int(i * 1.5 * fps) for i in range(107)
    ]


def test_a_picture_that_stays_fills_its_tiles(tmp_path):
    path = write_clip(tmp_path / "x.mkv", Clip([0, 0.3, 7.0, 7.1]))
    run(path, tmp_path / "art")
    assert [read_index(tile) for tile in tiles(tmp_path / "art")] == [0, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("size", "poster", "tile"),
    [
        ((1280, 720), (640, 360), (192, 108)),
        ((360, 640), (360, 640), (108, 192)),
        ((64, 48), (64, 48), (192, 144)),
        ((1000, 10), (640, 6), (192, 2)),
    ],
)
def test_display_aspect_is_kept(tmp_path, size, poster, tile):
    width, height = size
    clip = Clip(constant_rate(4, 2), width=width, height=height, options={"preset": "ultrafast"})
    run(write_clip(tmp_path / "x.mp4", clip), tmp_path / "art")
    assert picture(tmp_path / "art" / "poster.jpg").shape == (poster[1], poster[0], 3)
    layout = json.loads((tmp_path / "art" / "artwork.json").read_text())
    assert (layout["tile_width"], layout["tile_height"]) == tile


def test_poster_is_upright(tmp_path):
    def draw(index: int, width: int, height: int) -> np.ndarray:
        return np.ascontiguousarray(np.rot90(numbered_picture(index, height, width), -1))

    clip = Clip(constant_rate(2, 6), draw=draw, rotation=90)
    run(write_clip(tmp_path / "x.mov", clip), tmp_path / "art")
    image = picture(tmp_path / "art" / "poster.jpg")
    assert image.shape == (128, 96, 3)
    assert read_index(image) >= 0


def test_poster_is_no_black_frame(tmp_path):
    def draw(index: int, width: int, height: int) -> np.ndarray:
        if index < 12 or index > 16:
            return np.full((height, width, 3), 0 if index < 12 else 255, np.uint8)
        return numbered_picture(index, width, height)

    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(2, 15), draw=draw))
    run(path, tmp_path / "art")
    assert 12 <= read_index(picture(tmp_path / "art" / "poster.jpg")) <= 16


def test_older_artwork_is_replaced(tmp_path):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(4, 2)))
    folder = tmp_path / "art"
    folder.mkdir()
    (folder / "sprite-007.jpg").write_text("old")
    left_behind = tmp_path / ".art.partial"
    left_behind.mkdir()
    (left_behind / "poster.jpg").write_text("half")
    run(path, folder)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["art", "x.mp4"]
    assert not (folder / "sprite-007.jpg").exists()


def test_failed_file_leaves_nothing(tmp_path):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(4, 2)))
    path.write_bytes(path.read_bytes()[:900])
    with DecoderPool(size=64, workers=1) as pool:
        (end,) = pool.decode([DecodeJob(path, tmp_path / "art")])
    assert isinstance(end, Failed)
    assert [p.name for p in tmp_path.iterdir()] == ["x.mp4"]


def test_disk_that_refuses_costs_the_artwork_only(tmp_path):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(4, 2)))
    (tmp_path / "file").touch()
    end = run(path, tmp_path / "file" / "art")
    assert end.info.frame_count == 4
    assert len(end.info.warnings) == 1
    assert end.info.warnings[0].startswith("no poster: ")
