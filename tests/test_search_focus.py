"""Moments are cut to what answers, out of the tokens of their videos."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from indexer.store.library import Library
from search.engine import SearchEngine
from search.focus import Focus
from search.moments import Span
from search.token_vectors import BLOCK, TokenVectors
from tests.colours import index_folder, write_colours
from tests.conftest import ColourEncoder


def test_a_scene_shorter_than_a_clip_is_the_moment(tmp_path: Path):
    videos = tmp_path / "videos"
    videos.mkdir()
    write_colours(videos / "film.mp4", "blue", "red", "green", seconds=4)
    index_folder(tmp_path / "library", videos, ColourEncoder())
    with SearchEngine.open(tmp_path / "library", ColourEncoder()) as engine:
        best = engine.search("red").moments[0]
    assert (best.start_s, best.end_s) == pytest.approx((4.0, 8.0), abs=0.26)


def test_moments_of_a_video_do_not_overlap_and_lie_inside(colour_engine: SearchEngine):
    found = [m for m in colour_engine.search("blue", 50).moments if "mixed" in m.video]
    assert all(0 <= m.start_s < m.end_s <= m.duration_s for m in found)
    in_time = sorted((m.start_s, m.end_s) for m in found)
    assert all(a[1] <= b[0] for a, b in pairwise(in_time))
    assert (found[0].start_s, found[0].end_s) == pytest.approx((0.0, 18.0), abs=0.26)


@pytest.fixture
def library(colour_library: Path) -> Iterator[Library]:
    opened = Library.open(colour_library)
    yield opened
    opened.close()


def test_spans_of_videos_that_are_gone_stay_as_they_are(library: Library):
    spans = [Span(999, 0.0, 9.0, 0.5)]
    vector = ColourEncoder().encode_text(["red"])[0]
    assert Focus(library, ColourEncoder()).sharpen(vector, spans) == spans


def test_nothing_is_sharpened_to_nothing(library: Library):
    vector = ColourEncoder().encode_text(["red"])[0]
    assert Focus(library, ColourEncoder()).sharpen(vector, []) == []


def test_token_vectors_are_those_of_single_tokens_also_the_second_time(library: Library):
    video = next(v for v in library.catalog.list_videos() if "mixed" in v.path)
    vectors = TokenVectors(library, ColourEncoder())
    first, found = vectors.around({video.content: (BLOCK + 1, 24)})[video.content]
    again = vectors.around({video.content: (BLOCK + 1, 24)})[video.content][1]
    assert (first, len(found)) == (BLOCK, 24 - BLOCK)
    assert np.array_equal(found, again)
    red, blue = ColourEncoder().encode_text(["red", "blue"])
    assert found[0] @ blue > 0.9 > found[0] @ red
    assert found[-1] @ red > 0.9


def test_a_content_without_a_shard_is_left_out_and_named(
    library: Library, caplog: pytest.LogCaptureFixture
):
    vectors = TokenVectors(library, ColourEncoder())
    assert vectors.around({"ff" * 32: (0, 4)}) == {}
    assert "ff" * 32 in caplog.text
    assert "the shard is gone. Run `videobert rebuild`" in caplog.text
