"""Which tile of which sheet shows a moment."""

from __future__ import annotations

import json

import pytest

from webui.artwork import Sheets, read_sheets

SHEETS = Sheets(tile_width=192, tile_height=108, interval_s=1.5, columns=10, rows=10, count=123)


@pytest.mark.parametrize(
    ("time_s", "place"),
    [
        (0, (0, 0, 0)),
        (1.5, (0, 0, 1)),
        (14.9, (0, 1, 0)),  # nearest to tile 10, at 15 s
        (148.5, (0, 9, 9)),
        (150, (1, 0, 0)),
        (1e6, (1, 2, 2)),  # past the end: the last one
    ],
)
def test_the_nearest_tile(time_s, place):
    tile = SHEETS.tile(time_s)
    assert (tile.sheet, tile.row, tile.column) == place


def test_the_last_sheet_is_only_as_high_as_its_tiles():
    assert SHEETS.tile(0).rows == 10
    assert SHEETS.tile(150).rows == 3


def test_a_rewritten_layout_is_read_again(tmp_path):
    assert read_sheets(tmp_path) is None
    layout = {"tile_width": 1, "tile_height": 1, "columns": 1, "rows": 1, "count": 1}
    (tmp_path / "artwork.json").write_text(json.dumps({**layout, "interval_s": 1.5}))
    assert read_sheets(tmp_path).interval_s == 1.5
    (tmp_path / "artwork.json").write_text(json.dumps({**layout, "interval_s": 0}))
    assert read_sheets(tmp_path) is None
