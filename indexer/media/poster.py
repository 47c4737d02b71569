"""One picture that stands for a video."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from indexer.media.images import write_jpeg
from indexer.media.orientation import Orientation

MAX_WIDTH = 640
_BETTER_BY = 1.2
_OUTSIDE = 0.5
_WINDOW = (0.1, 0.6)
_CANDIDATES = 240


class PosterChooser:
    """Keeps the most contrasted picture of the video's earlier middle.

    A black, white or faded picture has no contrast. Only a clear improvement is converted from
    the full frame, so that a video costs a handful of conversions.
    """

    def __init__(self, shown_size: tuple[int, int], duration_s: float | None) -> None:
        scale = min(1.0, MAX_WIDTH / shown_size[0])
        self._size = tuple(max(1, round(side * scale)) for side in shown_size)
        self._duration_s = duration_s
        self._reformatter = VideoReformatter()
        self._seen = 0
        self._best = -1.0
        self._image: NDArray[np.uint8] | None = None

    def consider(
        self,
        time_s: float,
        sample: NDArray[np.uint8],
        picture: VideoFrame,
        orientation: Orientation,
    ) -> None:
        """Look at `sample` (RGB, upright) of the full frame `picture`, to be turned so."""
        self._seen += 1
        if self._seen > _CANDIDATES and self._image is not None:
            return
        score = float(sample[::4, ::4].mean(axis=2).std())
        if not self._in_window(time_s):
            score *= _OUTSIDE
        if score > self._best * _BETTER_BY or self._image is None:
            self._best = score
            self._image = self._convert(picture, orientation)

    def write(self, path: Path) -> None:
        """Write the chosen picture. Raises OSError."""
        if self._image is None:
            raise ValueError("no picture was considered")
        write_jpeg(path, self._image)

    def _in_window(self, time_s: float) -> bool:
        if not self._duration_s:
            return True
        return _WINDOW[0] <= time_s / self._duration_s <= _WINDOW[1]

    def _convert(self, picture: VideoFrame, orientation: Orientation) -> NDArray[np.uint8]:
        width, height = self._size[::-1] if orientation.swaps_sides else self._size
        small = self._reformatter.reformat(
            picture,
            width=width,
            height=height,
            format="rgb24",
            interpolation=Interpolation.AREA,
            threads=1,
        )
        return orientation.apply(small.to_ndarray().astype(np.uint8, copy=False))
