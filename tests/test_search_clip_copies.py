from __future__ import annotations

import numpy as np

from search.clip_copies import clip_copies
from tests.films import film, fingerprint, joined


def cut(seed: int, start_s: float):
    return lambda time_s: film(seed)(start_s + time_s)


def test_parts_of_a_compilation_are_found():
    videos = {seed: fingerprint(film(seed), 40) for seed in (1, 2, 3, 4)}
    clip = fingerprint(joined((cut(3, 10), 6), (cut(1, 20), 6), (cut(2, 5), 6)), 18)
    found = {one.video_id: one for one in clip_copies(clip, videos)}
    assert set(found) == {1, 2, 3}
    starts = [(found[i].aligned[0].clip_start_s, found[i].start_s) for i in (3, 1, 2)]
    assert np.abs(np.subtract(starts, [(0, 10), (6, 20), (12, 5)])).max() <= 1


def test_a_faster_clip_says_its_speed():
    [one] = clip_copies(fingerprint(film(4), 16, speed=1.25), {7: fingerprint(film(4), 30)})
    [part] = one.aligned
    assert abs(part.speed - 1.25) < 0.05
    assert part.kind == "copy"
    assert 0.97 <= one.score <= 1


def test_another_film_is_no_copy():
    assert clip_copies(fingerprint(film(5), 10), {1: fingerprint(film(6), 30)}) == []
