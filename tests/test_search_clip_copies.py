from __future__ import annotations

import numpy as np

from search.clip_copies import clip_copies
from tests.films import film, fingerprint, joined


def cut(seed: int, start_s: float):
    return lambda time_s: film(seed)(start_s + time_s)


def test_parts_of_a_compilation_are_found_in_the_clips_order():
    videos = {seed: fingerprint(film(seed), 40) for seed in (1, 2, 3, 4)}
    clip = fingerprint(joined((cut(3, 10), 6), (cut(1, 20), 6), (cut(2, 5), 6)), 18)
    spans = clip_copies(clip, videos)
    assert [span.video_id for span in spans] == [3, 1, 2]
    starts = [(span.part.clip_start_s, span.part.start_s) for span in spans]
    assert np.abs(np.subtract(starts, [(0, 10), (6, 20), (12, 5)])).max() <= 1


def test_a_faster_clip_says_its_speed():
    [span] = clip_copies(fingerprint(film(4), 16, speed=1.25), {7: fingerprint(film(4), 30)})
    assert abs(span.part.speed - 1.25) < 0.05
    assert span.part.kind == "copy"
    assert 0.7 <= span.score <= 1


def test_another_film_is_no_copy():
    assert clip_copies(fingerprint(film(5), 10), {1: fingerprint(film(6), 30)}) == []
