"""How the pictures of a stream are shown: turned, and with square pixels."""

from __future__ import annotations

from fractions import Fraction

from av.video.frame import VideoFrame

from indexer.media.orientation import Orientation


class Geometry:
    """Of a stream whose pixels have the sample aspect ratio `aspect` (None: square)."""

    def __init__(self, aspect: Fraction | None) -> None:
        self.aspect = aspect
        self._orientations: dict[int, Orientation] = {}

    def orientation(self, picture: VideoFrame) -> Orientation:
        """How `picture` is to be turned.

        Looked up once for each angle: PyAV ties a frame whose side data was read to itself, so
        that its memory comes back only when the garbage collector happens to run.
        """
        angle = picture.rotation
        if angle not in self._orientations:
            self._orientations[angle] = Orientation.of(picture)
        return self._orientations[angle]

    def shown_size(self, picture: VideoFrame) -> tuple[int, int]:
        """Width and height as displayed, in pixels."""
        width, height, aspect = picture.width, picture.height, self.aspect
        if aspect and aspect > 1:
            width = max(1, round(width * aspect))
        elif aspect:
            height = max(1, round(height / aspect))
        return (height, width) if self.orientation(picture).swaps_sides else (width, height)
