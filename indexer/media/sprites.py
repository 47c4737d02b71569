"""Sheets of small pictures, one for every 1.5 s, for scrubbing through a video."""

from __future__ import annotations

from math import ceil
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from indexer.media.images import write_jpeg

INTERVAL_S = 1.5
COLUMNS = 10
ROWS = 10
TILE_SIDE = 192
MAX_TILES = 20_000
"""About 8 hours; a damaged timestamp must not fill the disk."""
_PER_SHEET = COLUMNS * ROWS


class SpriteSheets:
    """Writes sprite-000.jpg, sprite-001.jpg, ... into `folder` as the pictures come.

    Tile i shows what is on screen at i x 1.5 s; before the first picture, the first one.
    """

    def __init__(self, folder: Path, shown_size: tuple[int, int]) -> None:
        width, height = shown_size
        scale = TILE_SIDE / max(width, height)
        self.tile_width = max(1, round(width * scale))
        self.tile_height = max(1, round(height * scale))
        self.count = 0
        self._folder = folder
        self._tile: NDArray[np.uint8] | None = None
        self._sheet = np.zeros((ROWS * self.tile_height, COLUMNS * self.tile_width, 3), np.uint8)

    def add(self, time_s: float, image: NDArray[np.uint8]) -> None:
        """Show `image` (any size, RGB uint8) from `time_s` on."""
        if self._tile is not None:
            self._fill(time_s)
        if self._tile is None or self.count * INTERVAL_S < time_s + INTERVAL_S:
            tile_size = (self.tile_width, self.tile_height)
            self._tile = cv2.resize(image, tile_size, interpolation=cv2.INTER_AREA).astype(
                np.uint8, copy=False
            )

    def finish(self, duration_s: float) -> dict[str, float | int]:
        """Write the last sheet; returns what a player has to know."""
        self._fill(duration_s)
        if self.count % _PER_SHEET:
            rows = ceil(self.count % _PER_SHEET / COLUMNS)
            self._write(self._sheet[: rows * self.tile_height])
        return {
            "tile_width": self.tile_width,
            "tile_height": self.tile_height,
            "interval_s": INTERVAL_S,
            "columns": COLUMNS,
            "rows": ROWS,
            "count": self.count,
        }

    def _fill(self, until_s: float) -> None:
        """Place the picture on screen in every tile whose moment is before `until_s`."""
        while self.count * INTERVAL_S < until_s - 1e-6 and self.count < MAX_TILES:
            self._place()

    def _place(self) -> None:
        assert self._tile is not None
        row, column = divmod(self.count % _PER_SHEET, COLUMNS)
        top, left = row * self.tile_height, column * self.tile_width
        self._sheet[top : top + self.tile_height, left : left + self.tile_width] = self._tile
        self.count += 1
        if self.count % _PER_SHEET == 0:
            self._write(self._sheet)
            self._sheet[:] = 0

    def _write(self, sheet: NDArray[np.uint8]) -> None:
        number = (self.count - 1) // _PER_SHEET
        write_jpeg(self._folder / f"sprite-{number:03}.jpg", sheet)
