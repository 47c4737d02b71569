"""The videos that a search for words is confined to."""

from __future__ import annotations

import pytest

from indexer.store.within import Within


def test_each_video_has_a_byte_of_its_own():
    assert Within([2, 5]).flags == bytes([0, 1, 0, 0, 1])


@pytest.mark.parametrize("videos", [[], [0], [-3, 0]])
def test_what_is_no_video_has_none(videos: list[int]):
    assert Within(videos).flags == b""
