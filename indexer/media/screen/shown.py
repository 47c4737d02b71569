"""The picture as it is shown, small enough to look at twice a second."""

from __future__ import annotations

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from indexer.media.orientation import Orientation


class ShownPictures:
    """Turns decoded pictures upright, with square pixels, at bounded sizes.

    All pictures of a file come out in one size, even when the stream's own size changes, so that
    places on them can be compared.
    """

    def __init__(self, shown_size: tuple[int, int]) -> None:
        """`shown_size` is (width, height) as displayed, in pixels."""
        self._shown_size = shown_size
        self._reformatter = VideoReformatter()

    def size(self, side_px: int) -> tuple[int, int]:
        """(width, height) with a longest side of at most `side_px`; nothing is enlarged."""
        scale = min(1.0, side_px / max(self._shown_size))
        width, height = (max(1, round(side * scale)) for side in self._shown_size)
        return width, height

    def grey(
        self, picture: VideoFrame, orientation: Orientation, side_px: int
    ) -> NDArray[np.uint8]:
        """(height, width) uint8 luminance."""
        return self._convert(picture, orientation, side_px, "gray")

    def colour(
        self, picture: VideoFrame, orientation: Orientation, side_px: int
    ) -> NDArray[np.uint8]:
        """(height, width, 3) uint8 BGR."""
        return self._convert(picture, orientation, side_px, "bgr24")

    def _convert(
        self, picture: VideoFrame, orientation: Orientation, side_px: int, pixels: str
    ) -> NDArray[np.uint8]:
        width, height = self.size(side_px)
        if orientation.swaps_sides:
            width, height = height, width
        small = self._reformatter.reformat(
            picture,
            width=width,
            height=height,
            format=pixels,
            interpolation=Interpolation.AREA,
            threads=1,
        )
        return orientation.apply(small.to_ndarray().astype(np.uint8, copy=False))
