from __future__ import annotations

from indexer.store.records import ClipRecord
from search.clip_windows import WindowHit, chain


def hit(window: int, position: int, score: float, video: int = 1) -> WindowHit:
    start, at = window * 4.5, position * 4.5
    clip = ClipRecord(video * 100 + position, video, position, at, at + 9)
    return WindowHit(start, start + 9, clip, score)


def test_windows_on_one_diagonal_are_one_stretch():
    [span] = chain([hit(0, 4, 0.82), hit(1, 5, 0.9), hit(2, 6, 0.85)])
    assert (span.part.clip_start_s, span.part.clip_end_s) == (0, 18)
    assert (span.part.start_s, span.part.end_s, span.score) == (18, 36, 0.9)


def test_what_runs_backwards_is_not_chained():
    [span] = chain([hit(0, 8, 0.8), hit(1, 5, 0.9)])
    assert (span.part.start_s, span.part.end_s) == (22.5, 31.5)


def test_the_best_window_decides_not_the_mean():
    spans = chain([hit(0, 0, 0.9, 1), hit(1, 1, 0.1, 1), hit(0, 0, 0.6, 2), hit(1, 1, 0.6, 2)])
    assert [span.video_id for span in spans] == [1, 2]
