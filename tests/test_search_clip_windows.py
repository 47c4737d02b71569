from __future__ import annotations

from indexer.store.records import ClipRecord
from search.clip_windows import WindowHit, similar_moments


def hit(window: int, position: int, score: float, video: int = 1) -> WindowHit:
    start, at = window * 4.5, position * 4.5
    clip = ClipRecord(video * 100 + position, video, position, at, at + 9)
    return WindowHit(window, start, start + 9, clip, score)


def test_windows_on_one_diagonal_are_one_part():
    [one] = similar_moments([hit(0, 4, 0.82), hit(1, 5, 0.9), hit(2, 6, 0.85)])
    [part] = one.aligned
    assert (part.clip_start_s, part.clip_end_s) == (0, 18)
    assert (part.start_s, part.end_s, one.score) == (18, 36, 0.9)


def test_what_runs_backwards_is_not_one_part():
    parts = [one.aligned[0] for one in similar_moments([hit(0, 6, 0.88), hit(1, 5, 0.9)])]
    assert [(part.clip_start_s, part.start_s, part.end_s) for part in parts] == [(4.5, 22.5, 31.5)]


def test_the_best_window_decides_not_the_mean():
    found = similar_moments(
        [hit(0, 0, 0.9, 1), hit(1, 1, 0.1, 1), hit(0, 0, 0.6, 2), hit(1, 1, 0.6, 2)]
    )
    assert [one.video_id for one in found] == [1, 2]


def test_a_video_has_several_moments_that_do_not_overlap():
    found = similar_moments([hit(0, 0, 0.9), hit(0, 1, 0.5), hit(0, 6, 0.8), hit(1, 9, 0.7)])
    assert [(one.start_s, one.end_s) for one in found] == [(0, 9), (27, 36), (40.5, 49.5)]
    assert [one.aligned[0].clip_start_s for one in found] == [0, 0, 4.5]


def test_scores_below_zero_are_moments_too():
    [one] = similar_moments([hit(0, 0, -0.2), hit(1, 1, -0.21)])
    assert (one.start_s, one.end_s, one.aligned[0].clip_end_s) == (0, 13.5, 13.5)
