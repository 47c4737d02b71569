"""Cuts are found at their time; motion, flashes and stills are not cuts."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from indexer.media.pyav import PyavReader
from indexer.media.shots import SHORTEST_S, ShotDetector
from tests.synthetic import Clip, constant_rate, write_clip

FPS = 24
KEYS_AT_CUTS = {"preset": "veryfast"}
KEYS_EVERY_2_S = {"preset": "veryfast", "sc_threshold": "0", "g": "48", "keyint_min": "48"}
Picture = np.ndarray


def scene(number: int, width: int = 128, height: int = 96) -> Picture:
    """(height, width, 3) uint8: soft spots around one colour, other ones for each number."""
    random = np.random.default_rng(number)
    spots = random.integers(0, 256, 3) * 0.6 + random.integers(0, 256, (7, 9, 1)) * 0.4
    return cv2.resize(spots.astype(np.uint8), (width, height), interpolation=cv2.INTER_CUBIC)


def cut_at(*cuts: int) -> Callable[[int, int, int], Picture]:
    """Scene after scene, the next from each of the pictures `cuts` on; all drift sideways."""

    def draw(index: int, width: int, height: int) -> Picture:
        number = sum(index >= cut for cut in cuts)
        return np.roll(scene(number, width, height), index, axis=1)

    return draw


def shots_of(path: Path, *, told: bool = True) -> tuple[float, ...]:
    detector = ShotDetector()
    with PyavReader(path, size=224, on_coded=detector.coded if told else None) as reader:
        for frame in reader.frames():
            detector.add(frame.time_s, frame.image)
        return detector.finish(reader.info().duration_s)


def film(
    path: Path, draw: Callable[[int, int, int], Picture], seconds: float = 10, **kind: object
) -> Path:
    options = {"options": KEYS_AT_CUTS, "rate": Fraction(FPS), **kind}
    return write_clip(path, Clip(constant_rate(FPS, seconds), draw=draw, **options))


def test_cuts_are_named_to_the_picture_where_the_encoder_put_key_pictures(tmp_path):
    path = film(tmp_path / "x.mp4", cut_at(55, 110, 187))
    assert shots_of(path) == pytest.approx((0, 55 / FPS, 110 / FPS, 187 / FPS), abs=0.001)


def test_cuts_are_named_to_a_few_pictures_where_key_pictures_are_at_fixed_times(tmp_path):
    path = film(tmp_path / "x.mkv", cut_at(55, 110, 187), options=KEYS_EVERY_2_S)
    assert shots_of(path) == pytest.approx((0, 55 / FPS, 110 / FPS, 187 / FPS), abs=0.17)


@pytest.mark.parametrize("name", ["x.ts", "x.avi"])
def test_cuts_are_found_where_the_container_tells_no_sizes(tmp_path, name):
    path = film(tmp_path / name, cut_at(55, 110, 187))
    assert shots_of(path) == pytest.approx((0, 55 / FPS, 110 / FPS, 187 / FPS), abs=0.26)


def test_without_coded_pictures_a_cut_lies_in_the_middle_of_its_half_second(tmp_path):
    path = film(tmp_path / "x.mp4", cut_at(55))
    assert shots_of(path, told=False) == (0, 2.25)


def test_a_camera_that_swings_makes_no_cut(tmp_path):
    wide = scene(3, 512, 96)

    def draw(index: int, width: int, height: int) -> Picture:
        left = round(abs((index / 48 + 1) % 2 - 1) * (512 - width))
        return np.ascontiguousarray(wide[:, left : left + width])

    assert shots_of(film(tmp_path / "x.mp4", draw)) == (0,)


def test_flashes_make_no_cut(tmp_path):
    def draw(index: int, width: int, height: int) -> Picture:
        flash = index >= 48 and index % 48 < 4
        return np.full((height, width, 3), 250, np.uint8) if flash else scene(1, width, height)

    assert shots_of(film(tmp_path / "x.mp4", draw)) == (0,)


@pytest.mark.parametrize("through_black", [False, True])
def test_a_dissolve_or_fade_is_one_change_inside_of_it(tmp_path, through_black):
    def draw(index: int, width: int, height: int) -> Picture:
        share = min(1.0, max(0.0, (index - 108) / 12))
        before, after = scene(0, width, height) * (1 - share), scene(1, width, height) * share
        if through_black:
            before = before * max(0.0, 1 - 2 * share) / max(1e-9, 1 - share)
            after = after * max(0.0, 2 * share - 1) / max(1e-9, share)
        return (before + after).astype(np.uint8)

    start_s, change_s = shots_of(film(tmp_path / "x.mp4", draw))
    assert start_s == 0
    assert 4.5 - 0.1 <= change_s <= 5.0 + 0.1


def test_a_still_picture_is_one_shot(tmp_path):
    path = write_clip(tmp_path / "x.mkv", Clip([0, 20.0], draw=lambda i, w, h: scene(1, w, h)))
    assert shots_of(path) == (0,)


def test_one_picture_is_one_shot(tmp_path):
    assert shots_of(write_clip(tmp_path / "x.mp4", Clip([0]))) == (0,)


def test_nothing_seen_is_one_shot():
    assert ShotDetector().finish(3.0) == (0,)


def test_slides_that_stay_for_seconds_change_when_the_next_appears(tmp_path):
    times_s = [0, 3.13, 7.0, 7.96, 12.4]
    clip = Clip(times_s, draw=lambda i, w, h: scene(i % 2, w, h), options=KEYS_AT_CUTS)
    found = shots_of(write_clip(tmp_path / "x.mkv", clip))
    assert found == pytest.approx(times_s[:4], abs=0.001)  # the last is on screen for no time


def test_a_rate_that_varies_moves_no_cut(tmp_path):
    times_s = [*(i / 30 for i in range(90)), *(3 + i / 7 for i in range(28))]
    path = write_clip(tmp_path / "x.mkv", Clip(times_s, draw=cut_at(45, 104), options=KEYS_AT_CUTS))
    assert shots_of(path) == pytest.approx((0, 1.5, 5.0), abs=0.001)


def test_no_shot_is_shorter_than_the_shortest(tmp_path):
    starts_s = shots_of(film(tmp_path / "x.mp4", cut_at(*range(4, 240, 4))))
    assert np.diff([*starts_s, 10.0]).min() >= SHORTEST_S - 0.001


def test_pictures_need_not_be_decoded_to_be_told_of(tmp_path):
    told: list[tuple[float, int, bool]] = []
    path = film(tmp_path / "x.mp4", cut_at(55), 4)
    with PyavReader(path, size=32, on_coded=lambda *coded: told.append(coded)) as reader:
        samples = sum(1 for _ in reader.frames())
    assert samples == 8
    assert sorted(time_s for time_s, _, _ in told) == pytest.approx(constant_rate(FPS, 4))
    assert all(size > 0 for _, size, _ in told)
    assert [time_s for time_s, _, key in told if key] == pytest.approx([0, 55 / FPS])


@pytest.mark.parametrize(
    ("name", "changes_s"),
    [
        ("captioned_videos/demo__llamafactory_3.mp4", ()),
        ("captioned_videos/demo__imageio_cockatoo.mp4", ()),
        ("captioned_videos/demo__moviepy_chaplin.mp4", ()),
        ("captioned_videos/msvd__jPBxl9gFqNY_110_117.avi", (3.00, 6.34)),
        ("narrated_videos/0J7UPHL08fU-Scene-004.mp4", (1.37,)),
        ("narrated_videos/0J7UPHL08fU-Scene-024.mp4", (2.37,)),
    ],
)
def test_real_films(shared_data, name, changes_s):
    assert shots_of(shared_data / name) == pytest.approx((0, *changes_s), abs=0.2)


def test_real_clips_joined_by_another_encoder(shared_data, tmp_path):
    """Two seconds of each of four clips, cut hard."""
    folder = shared_data / "captioned_videos"
    names = ("cbvr__flower", "v2a__maskvat_conga", "demo__llamafactory_1", "v2a__maskvat_dog")
    pictures: list[Picture] = []
    for name in names:
        with PyavReader(folder / f"{name}.mp4", size=160, skip=False) as reader:
            source = islice(reader.pictures(), 4)
            first = [picture.reformat(160, 120, "rgb24").to_ndarray() for _, picture in source]
        pictures += [picture for picture in first for _ in range(FPS // 2)]
    fast = {"deadline": "realtime", "cpu-used": "8"}
    kind = {"codec": "libvpx-vp9", "options": fast, "width": 160, "height": 120}
    path = film(tmp_path / "x.webm", lambda i, w, h: pictures[i], 8, **kind)
    assert shots_of(path) == pytest.approx((0, 2, 4, 6), abs=0.1)
