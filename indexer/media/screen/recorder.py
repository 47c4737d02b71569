"""Text on screen of one video, read while it is decoded."""

from __future__ import annotations

import av.error
import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from indexer.media.orientation import Orientation
from indexer.media.reading import ScreenText
from indexer.media.screen import spans, strokes
from indexer.media.screen.attention import Attention, Verdict
from indexer.media.screen.line import Line
from indexer.media.screen.place import Place
from indexer.media.screen.reader import TextReader, reader_version
from indexer.media.screen.shortage import is_shortage
from indexer.media.screen.shown import ShownPictures
from indexer.media.screen.spacing import SPACE_PROBABILITY
from indexer.media.screen.spans import ScreenSpans
from indexer.media.screen.strokes import Strokes

LOOK_SIDE_PX = 480
"""Longest side at which strokes are looked for."""
FIND_SIDE_PX = 800
"""Of the picture that goes to the detector. At 640 small subtitles over a restless picture are
missed, at 960 a picture costs twice as much."""
READ_SIDE_PX = 960
"""Of the picture that lines are cut from; the reader makes each 48 px high."""
MAX_LINES = 60
"""Read from one picture, the largest first; a page of a book has 40."""
_SHAKE_PX = 6
_RULES = 1
"""To be raised when results change for another reason than a constant named in the recipe."""


class ScreenRecorder:
    """Reads the text on the sampled pictures of one file.

    Three steps, each for what the one before leaves: where are strokes like those of letters
    (every picture), where are lines of text (pictures whose strokes have changed), what do they
    say (lines that are new). A picture that cannot be read is left out and counted.
    """

    def __init__(self, reader: TextReader, *, shown_size: tuple[int, int]) -> None:
        """`shown_size` is (width, height) as displayed, in pixels."""
        self._reader = reader
        self._shown = ShownPictures(shown_size)
        self._attention = Attention()
        self._spans = ScreenSpans()
        self._damaged = 0

    def add(self, time_s: float, picture: VideoFrame, orientation: Orientation) -> None:
        """The next sampled frame, to be set upright by `orientation`; it stays until the next.

        Raises MemoryError, and ReaderMissing with the first picture that has to be read.
        """
        try:
            self._add(time_s, picture, orientation)
        except MemoryError:  # PyAV's is an FFmpegError too
            raise
        except cv2.error as error:
            if is_shortage(error):
                raise MemoryError("no memory for looking for on-screen text") from error
            self._damaged += 1
        except (av.error.FFmpegError, ValueError):
            self._damaged += 1

    def finish(self, duration_s: float) -> tuple[ScreenText, ...]:
        """What was read, by start."""
        return self._spans.finish(duration_s)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What went wrong, for the report on the file."""
        if not self._damaged:
            return ()
        pictures = "1 picture" if self._damaged == 1 else f"{self._damaged} pictures"
        return (f"{pictures} could not be searched for text",)

    def _add(self, time_s: float, picture: VideoFrame, orientation: Orientation) -> None:
        seen = Strokes.of(self._shown.grey(picture, orientation, LOOK_SIDE_PX))
        verdict = self._attention.judge(time_s, seen)
        if verdict is Verdict.SAME:
            self._spans.still(time_s)
            return
        lines = []
        if verdict is Verdict.LOOK:
            image = self._shown.colour(picture, orientation, READ_SIDE_PX)
            lines = self._lines(image, seen.slope)
            self._attention.looked(time_s, seen, [line.place for line in lines])
        self._spans.see(time_s, lines)

    def _lines(self, image: NDArray[np.uint8], slope: NDArray[np.int16]) -> list[Line]:
        """All lines on `image`; those that are known already are not read again."""
        corners = self._find(image)
        places = _places(corners, image, slope)
        known = self._spans.lines()
        lines = [_known(place, slope, known) for place in places]
        unread = [i for i, line in enumerate(lines) if line is None]
        readings = self._reader.read(image, corners[unread])
        for i, (text, confidence) in zip(unread, readings, strict=True):
            lines[i] = Line(places[i], places[i].cut(slope).copy(), text, confidence)
        return [line for line in lines if line is not None]

    def _find(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Corners (n, 4, 2) on `image`, which is shrunk for the detector."""
        height, width = image.shape[:2]
        scale = min(1.0, FIND_SIDE_PX / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        corners = self._reader.find(small.astype(np.uint8, copy=False))
        heights = np.linalg.norm(corners[:, 0] - corners[:, 3], axis=1)
        largest = np.argsort(-heights, kind="stable")[:MAX_LINES]
        return corners[np.sort(largest)] / np.float32(scale)


def recipe() -> str:
    """What decides over the results; changes when they would. Raises ReaderMissing."""
    sides = f"{LOOK_SIDE_PX}/{FIND_SIDE_PX}/{READ_SIDE_PX} px"
    likeness = f"strokes {strokes.EDGE}/{strokes.FINE_DENSITY}/{strokes.COARSE_DENSITY}"
    kept = f"confidence {spans.MIN_CONFIDENCE}/{spans.BRIEF_CONFIDENCE}"
    space = f"space {SPACE_PROBABILITY}"
    return f"screen {_RULES}, {reader_version()}, {sides}, {likeness}, {space}, {kept}"


def _places(
    corners: NDArray[np.float32], image: NDArray[np.uint8], slope: NDArray[np.int16]
) -> list[Place]:
    """Where the lines at `corners` of `image` are on the smaller grey picture."""
    size = (slope.shape[1], slope.shape[0])
    scale = np.array(size, np.float32) / np.array(image.shape[1::-1], np.float32)
    return [Place.around((line * scale).astype(np.float32), size) for line in corners]


def _known(place: Place, slope: NDArray[np.int16], lines: list[Line]) -> Line | None:
    """That of `lines` which stands at `place` unchanged, give or take a shaking camera."""
    for line in lines:
        if place.overlap(line.place) >= 0.7 and line.place.still_holds(
            line.strokes, slope, _SHAKE_PX
        ):
            return Line(place, place.cut(slope).copy(), line.text, line.confidence)
    return None
