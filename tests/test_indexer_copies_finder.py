from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from indexer.copies import candidates
from indexer.copies.finder import find_copies
from indexer.copies.match import Kind, Match
from tests.films import SIDE, Picture, file_fingerprint, film, fingerprint, joined, still


def between(left: float, right: float, top: float, bottom: float) -> Callable[[Picture], Picture]:
    def cut(picture: Picture) -> Picture:
        rows = slice(round(top * SIDE), round(bottom * SIDE))
        return picture[rows, round(left * SIDE) : round(right * SIDE)]

    return cut


def with_logo(picture: Picture) -> Picture:
    marked = picture.copy()
    cv2.rectangle(marked, (74, 6), (92, 18), (255, 0, 0), -1)
    return marked


EDITS: dict[str, Callable[[Picture], Picture]] = {
    "small and blurred": lambda p: cv2.GaussianBlur(cv2.resize(p, (40, 40)), (5, 5), 0),
    "cropped by 15 %": between(0.075, 0.925, 0.075, 0.925),
    "upper left part": between(0, 0.87, 0, 0.87),
    "without its lower edge": between(0, 1, 0, 0.86),
    "with a logo": with_logo,
    "letterboxed": lambda p: np.pad(p, ((20, 20), (0, 0), (0, 0))),
    "grey": lambda p: np.repeat(p.mean(2, keepdims=True), 3, 2).astype(np.uint8),
    "brighter": lambda p: np.clip(p * 1.2 + 30.0, 0, 255).astype(np.uint8),
    "mirrored": lambda p: p[:, ::-1],
}


def only(matches: list[Match]) -> Match:
    assert len(matches) == 1, matches
    return matches[0]


def assert_times(match: Match, *expected_s: float) -> None:
    found = (match.a_start_s, match.a_end_s, match.b_start_s, match.b_end_s)
    assert np.abs(np.subtract(found, expected_s)).max() <= 1, found


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("edited_first", [False, True])
def test_an_edited_copy_is_found(name: str, edited_first: bool):
    videos = [fingerprint(film(3)), fingerprint(film(3), edit=EDITS[name])]
    match = only(find_copies(dict(enumerate(videos[::-1] if edited_first else videos))))
    assert (match.a, match.b, match.kind, match.speed) == (0, 1, Kind.COPY, 1.0)
    assert_times(match, 0, 20, 0, 20)


@pytest.mark.parametrize("speed", [1.25, 0.8, 25 / 24, 2.0])
def test_a_copy_at_another_speed_is_found(speed: float):
    faster = fingerprint(film(4), 30 / speed, speed=speed)
    match = only(find_copies({1: fingerprint(film(4), 30), 2: faster}))
    assert match.kind is Kind.COPY
    assert match.speed == pytest.approx(speed, abs=0.05)
    assert_times(match, 0, 30, 0, 30 / speed)
    turned = only(find_copies({1: faster, 2: fingerprint(film(4), 30)}))
    assert turned.speed == pytest.approx(1 / speed, abs=0.05)
    assert_times(turned, 0, 30 / speed, 0, 30)


def test_a_part_is_found_where_it_is():
    whole, part = fingerprint(film(5), 40), fingerprint(film(5), 9, start_s=12.3)
    match = only(find_copies({7: whole, 3: part}))
    assert (match.a, match.b, match.kind) == (3, 7, Kind.PART)
    assert_times(match, 0, 9, 12.3, 21.3)


def test_all_parts_of_a_compilation_are_found():
    compilation = fingerprint(joined((film(6), 12), (film(7), 14), (film(8), 0)), 40)
    videos = {6: fingerprint(film(6), 12), 7: fingerprint(film(7), 14), 9: compilation}
    first, second = find_copies(videos)
    assert (first.a, first.b, first.kind) == (6, 9, Kind.PART)
    assert_times(first, 0, 12, 0, 12)
    assert (second.a, second.b, second.kind) == (7, 9, Kind.PART)
    assert_times(second, 0, 14, 12, 26)


def test_two_stretches_of_one_video_in_another_order_are_both_found():
    late = lambda time_s: film(6)(20 + time_s)  # noqa: E731
    turned = fingerprint(joined((late, 20), (film(6), 20)), 40)
    matches = find_copies({1: fingerprint(film(6), 40), 2: turned})
    assert [match.kind for match in matches] == [Kind.SHARED, Kind.SHARED]
    assert_times(matches[0], 0, 20, 20, 40)
    assert_times(matches[1], 20, 40, 0, 20)


@pytest.mark.parametrize(("shared_s", "joins"), [(4, False), (16, True)])
def test_a_short_common_start_joins_no_videos(shared_s: float, joins: bool):
    intro = film(9)
    videos = {n: fingerprint(joined((intro, shared_s), (film(n), 0)), 40) for n in (1, 2)}
    matches = find_copies(videos)
    assert bool(matches) is joins
    if joins:
        assert only(matches).kind is Kind.SHARED
        assert_times(matches[0], 0, 16, 0, 16)


def test_different_videos_are_not_joined():
    assert find_copies({n: fingerprint(film(n), 30) for n in range(12)}) == []


def test_another_take_of_the_same_scene_is_not_joined():
    scene = film(1)(0)

    def take(seed: int) -> Callable[[float], Picture]:
        def at(time_s: float) -> Picture:
            rng = np.random.default_rng([seed, int(time_s * 2)])
            x, y = rng.integers(30, 66, 2).tolist()
            return cv2.circle(scene.copy(), (x, y), 15, (250, 250, 240), -1)

        return at

    takes = {n: fingerprint(take(n)) for n in (1, 2)}
    assert find_copies(takes) == []
    assert len(find_copies({**takes, 3: fingerprint(take(1))})) == 1


def test_what_stands_still_or_is_black_is_no_evidence():
    black = still(np.full((SIDE, SIDE, 3), 6, np.uint8))
    videos = {
        1: fingerprint(still(film(1)(0))),
        2: fingerprint(still(film(1)(0)), start_s=500),
        3: fingerprint(black),
        4: fingerprint(black, start_s=500),
        5: fingerprint(joined((black, 15), (film(2), 0)), 25),
        6: fingerprint(joined((black, 15), (film(3), 0)), 25),
    }
    assert find_copies(videos) == []


def test_only_the_new_are_compared_and_nothing_is_missed(monkeypatch: pytest.MonkeyPatch):
    crop = EDITS["cropped by 15 %"]
    videos = {
        1: fingerprint(film(1)),
        2: fingerprint(film(2), edit=crop),
        3: fingerprint(film(1), edit=crop),
        4: fingerprint(film(2)),
        5: fingerprint(film(5)),
    }
    everything = find_copies(videos)
    assert {(match.a, match.b) for match in everything} == {(1, 3), (2, 4)}
    assert find_copies(videos, new=[3, 4, 5]) == everything
    monkeypatch.setattr(candidates, "_VIDEOS", 2)  # hashed at a time
    assert find_copies(videos) == everything
    for new in videos:
        assert find_copies(videos, new=[new]) == [m for m in everything if new in (m.a, m.b)]


def test_no_videos_have_no_copies():
    assert find_copies({}) == []
    assert find_copies({}, new=[]) == []
    assert find_copies({1: fingerprint(film(1))}, new=[]) == []


def test_real_cuts_of_one_film_are_found(shared_data: Path):
    """chair-22 is the longest; the others begin 2 and 3.7 s into it."""
    names = ("chair-22-sd-grey-bar.mp4", "chair-20-sd-bar.mp4", "chair-19-sd-bar.mp4")
    chairs = [file_fingerprint(shared_data / "similar_videos" / name) for name in names]
    boxers = [
        file_fingerprint(shared_data / "similar_videos" / f"v_Punch_g01_c0{n}.avi") for n in (1, 2)
    ]
    matches = find_copies(dict(enumerate(chairs + boxers)))
    assert [(match.a, match.b) for match in matches] == [(0, 1), (0, 2), (1, 2)]
    assert matches[0].a_start_s - matches[0].b_start_s == pytest.approx(2.0, abs=0.5)
    assert matches[1].a_start_s - matches[1].b_start_s == pytest.approx(3.7, abs=0.5)
