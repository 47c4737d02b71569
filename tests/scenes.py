"""Small videos of plain colours for the page, and the pictures that an index makes of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame

RED, GREEN, BLUE = (200, 40, 40), (40, 160, 60), (40, 70, 200)


WIDTH, HEIGHT, FPS = 192, 108, 10


@dataclass(frozen=True)
class Scene:
    """Some seconds of one colour, and the words that describe them."""

    words: str
    colour: tuple[int, int, int]
    seconds: float


def write_video(path: Path, scenes) -> Path:
    """An H.264 file that shows `scenes` one after the other."""
    frames = (_picture(s.colour) for s in scenes for _ in range(round(s.seconds * FPS)))
    return _write_frames(path, frames)


def write_snow(path: Path, seconds: float) -> Path:
    """An H.264 file that is as big as it can be for its length."""
    random = np.random.default_rng(0)
    shape = (HEIGHT, WIDTH, 3)
    frames = (random.integers(0, 256, shape, np.uint8) for _ in range(round(seconds * FPS)))
    return _write_frames(path, frames)


def _write_frames(path: Path, frames) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for frame in frames:
            container.mux(stream.encode(VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def write_artwork(folder: Path, scenes, interval_s: float = 1.5) -> None:
    """Poster and one sheet with 10 columns, as `indexer.media.artwork` lays them out."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = [s.colour for s in scenes for _ in range(round(s.seconds / interval_s))]
    sheet = np.zeros((HEIGHT, WIDTH * 10, 3), np.uint8)
    for column, colour in enumerate(shown):
        sheet[:, column * WIDTH : (column + 1) * WIDTH] = _picture(colour)
    cv2.imwrite(str(folder / "sprite-000.jpg"), sheet[..., ::-1])
    cv2.imwrite(str(folder / "poster.jpg"), _picture(scenes[0].colour)[..., ::-1])
    layout = {"tile_width": WIDTH, "tile_height": HEIGHT, "interval_s": interval_s}
    layout |= {"columns": 10, "rows": 10, "count": len(shown)}
    (folder / "artwork.json").write_text(json.dumps(layout))


def _picture(colour) -> np.ndarray:
    return np.full((HEIGHT, WIDTH, 3), colour, np.uint8)
