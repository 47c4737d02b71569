"""Pictures with text drawn on them, and how far what was read is from what was drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from av.video.frame import VideoFrame
from nltk.metrics.distance import edit_distance
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from indexer.media.pyav import PyavReader
from indexer.media.reading import ScreenText

SENTENCES = (
    "The harbour opens at 7:30 every morning",
    "Fold the dough twice, then let it rest",
    "Professor Anna Lindqvist, Uppsala 2019",
    "Why do zebras have black & white stripes?",
)
WIDTH_PX, HEIGHT_PX = 1280, 720
SHOWN = 4
"""Samples that a sentence stands for; two without text follow."""
_PAUSE = 2
_STEP_S = 0.5
_JPEG_QUALITY = 50


@dataclass(frozen=True)
class Rendering:
    """How text is drawn."""

    name: str
    height: float = 0.05
    """Of the font, as a share of the picture's height; a capital letter has 0.7 of it."""
    font: str = "DejaVuSans"
    colour: int = 255
    """Grey level, 0 to 255."""
    outlined: bool = True
    moving: bool = True
    """Whether the footage runs, or stands at its first picture."""
    plain: int | None = None
    """Grey level of the background; None is footage."""


def pictures(rendering: Rendering, footage: Path) -> Iterator[tuple[float, VideoFrame]]:
    """(time_s, picture) of all sentences, one after the other over `footage`, coded lossily."""
    views = _views(footage)
    samples = [text for sentence in SENTENCES for text in (*[sentence] * SHOWN, *[""] * _PAUSE)]
    for index, text in enumerate(samples):
        view = views[index % len(views) if rendering.moving else 0]
        if rendering.plain is not None:
            view = np.full_like(view, rendering.plain)
        drawn = _draw(view, text, rendering)
        _, coded = cv2.imencode(".jpg", drawn, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
        image = cv2.imdecode(coded, cv2.IMREAD_COLOR)
        assert image is not None
        frame = VideoFrame.from_ndarray(image.astype(np.uint8, copy=False), format="bgr24")
        yield index * _STEP_S, frame.reformat(format="yuv420p")


def error_rates(spans: Sequence[ScreenText]) -> tuple[float, float]:
    """Character and word error rate: edits by length, of what is read halfway of each sentence.

    A sentence that is not found counts 1 at most, and so does one with more edits than letters.
    """
    letters, words = [], []
    for index, sentence in enumerate(SENTENCES):
        middle_s = (index * (SHOWN + _PAUSE) + SHOWN / 2) * _STEP_S
        read = " ".join(span.text for span in spans if span.start_s <= middle_s < span.end_s)
        letters.append(min(1.0, edit_distance(sentence, read) / len(sentence)))
        expected = sentence.split()
        words.append(min(1.0, edit_distance(expected, read.split()) / len(expected)))
    return float(np.mean(letters)), float(np.mean(words))


@lru_cache
def _views(footage: Path) -> list[NDArray[np.uint8]]:
    """The samples of a clip, each (720, 1280, 3) BGR."""
    with PyavReader(footage, size=64) as reader:
        return [
            picture.reformat(WIDTH_PX, HEIGHT_PX, "bgr24").to_ndarray().astype(np.uint8, copy=False)
            for _, picture in reader.pictures()
        ]


def _draw(image: NDArray[np.uint8], text: str, rendering: Rendering) -> NDArray[np.uint8]:
    canvas = Image.fromarray(image)
    size = rendering.height * HEIGHT_PX
    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{rendering.font}.ttf"
    ImageDraw.Draw(canvas).text(
        (WIDTH_PX // 2, round(HEIGHT_PX * 0.85)),
        text,
        font=ImageFont.truetype(str(path), size),
        fill=(rendering.colour,) * 3,
        anchor="mm",
        stroke_width=max(1, round(size / 18)) if rendering.outlined else 0,
        stroke_fill=(0, 0, 0),
    )
    return np.asarray(canvas)
