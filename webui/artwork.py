"""Finds the picture of a moment among a video's sprite sheets."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sheets:
    """How a video's small pictures lie: tile i shows what is on screen at i x interval_s."""

    tile_width: int
    tile_height: int
    interval_s: float
    columns: int
    rows: int
    count: int

    def tile(self, time_s: float) -> Tile:
        """The tile nearest to `time_s`."""
        number = min(round(time_s / self.interval_s), self.count - 1)
        sheet, place = divmod(number, self.columns * self.rows)
        row, column = divmod(place, self.columns)
        return Tile(
            sheet=sheet,
            column=column,
            row=row,
            columns=self.columns,
            rows=self._rows_of(sheet),
            width=self.tile_width,
            height=self.tile_height,
            interval_s=self.interval_s,
        )

    def _rows_of(self, sheet: int) -> int:
        """The last sheet ends with its last tile."""
        left = self.count - sheet * self.columns * self.rows
        return min(self.rows, ceil(left / self.columns))


@dataclass(frozen=True)
class Tile:
    """One small picture of a sheet that holds `columns` x `rows` of them."""

    sheet: int
    column: int
    row: int
    columns: int
    rows: int
    width: int
    height: int
    interval_s: float
    """Seconds from one small picture to the next."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def read_sheets(folder: Path) -> Sheets | None:
    """The layout of the sheets in `folder`; None when there are none, or not yet."""
    path = folder / "artwork.json"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        logger.warning("no thumbnails: %s is damaged: %s", path, error)
        return None


@lru_cache(maxsize=1024)
def _read(path: Path, mtime_ns: int) -> Sheets:
    """`mtime_ns` only tells a rewritten file from the one that is remembered."""
    fields: dict[str, Any] = json.loads(path.read_text("utf-8"))
    sheets = Sheets(**fields)
    if min(sheets.interval_s, sheets.columns, sheets.rows, sheets.count) <= 0:
        raise ValueError(f"impossible layout {fields}")
    return sheets
