"""Poster and sprite sheets of one video, made while it is decoded."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from indexer.media import staging
from indexer.media.orientation import Orientation
from indexer.media.poster import PosterChooser
from indexer.media.sprites import SpriteSheets


class ArtworkRecorder:
    """Fills `folder` with poster.jpg, sprite-NNN.jpg and artwork.json.

    Nothing is seen of it before `publish`; `discard` leaves nothing behind. All methods raise
    OSError when the disk refuses.
    """

    def __init__(
        self, folder: Path, *, shown_size: tuple[int, int], duration_s: float | None
    ) -> None:
        """`shown_size` is (width, height) as displayed, `duration_s` what the container says."""
        self._folder = folder
        self._partial = staging.begin(folder)
        self._poster = PosterChooser(shown_size, duration_s)
        self._sprites = SpriteSheets(self._partial, shown_size)

    def add(
        self,
        time_s: float,
        sample: NDArray[np.uint8],
        picture: VideoFrame,
        orientation: Orientation,
    ) -> None:
        """The next sampled frame: `sample` (size, size, 3) RGB, upright, of the full `picture`,
        which `orientation` sets upright.
        """
        self._poster.consider(time_s, sample, picture, orientation)
        self._sprites.add(time_s, sample)

    def publish(self, duration_s: float) -> None:
        """Finish all files and put the folder in place."""
        self._poster.write(self._partial / "poster.jpg")
        layout = self._sprites.finish(duration_s)
        (self._partial / "artwork.json").write_text(json.dumps(layout) + "\n")
        staging.publish(self._folder)

    def discard(self) -> None:
        """Remove what was prepared."""
        staging.remove_partial(self._folder)
