"""What people type for filters, and what they are told when it is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import InvalidQuery
from search.filters import Filters, Near, parse_filters
from search.quantities import (
    DEFAULT_RADIUS_KM,
    FARTHEST_KM,
    parse_day,
    parse_duration,
    parse_lines,
    parse_near,
)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("90", 90), ("90s", 90), ("1.5 s", 1.5), ("10m", 600), ("10 min", 600), ("2h", 7200),
        ("1h30m", 5400), ("1 h 30 min 5 s", 5405), ("1:30", 90), ("1:02:03", 3723), ("0", 0),
        ("1:30.5", 90.5), ("2 Hours", 7200), ("90:00", 5400), (" 5 seconds ", 5),
    ],
)  # fmt: skip
def test_durations(typed: str, seconds: float):
    assert parse_duration(typed) == seconds


@pytest.mark.parametrize(
    "typed",
    ["", " ", "long", "-5", "1e3", "nan", "inf", "10 parsecs", "1:75", "1:2:3:4", "m", "10m5",
     "1h30", "5s 3m", ":30", "٣", "1" * 400],
)  # fmt: skip
def test_what_is_no_duration_is_told_how_to_write_one(typed: str):
    with pytest.raises(InvalidQuery, match="Write it like 90s"):
        parse_duration(typed)


@given(seconds=st.integers(0, 10**6))
def test_a_duration_is_the_same_on_a_clock(seconds: int):
    assert parse_duration(str(timedelta(seconds=seconds % 86400))) == seconds % 86400
    assert parse_duration(f"{seconds // 3600}h{seconds % 3600 // 60}m{seconds % 60}s") == seconds


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-02", datetime(2024, 2, 1, tzinfo=UTC)),
        (" 2024-02-29 ", datetime(2024, 2, 29, tzinfo=UTC)),
        ("2024-02-29T10:00", datetime(2024, 2, 29, 10, tzinfo=UTC)),
        ("2024-02-29T10:00+02:00", datetime(2024, 2, 29, 8, tzinfo=UTC)),
    ],
)
def test_dates(typed: str, day: datetime):
    assert parse_day(typed) == day


@pytest.mark.parametrize(
    "typed", ["", "yesterday", "24", "2023-02-29", "2024-13", "31.1.2024", "0000", "2024:01:31"]
)
def test_what_is_no_date_is_told_how_to_write_one(typed: str):
    with pytest.raises(InvalidQuery, match="2024-01-31"):
        parse_day(typed)


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("720p", 720), ("1080", 1080), ("1080i", 1080), ("4K", 2160), ("uhd", 2160), ("8k", 4320),
        ("Full  HD", 1080), ("1920x1080", 1080), ("1080 x 1920", 1080), ("1920×800", 1080),
        ("640x480", 480),
    ],
)  # fmt: skip
def test_resolutions(typed: str, lines: int):
    assert parse_lines(typed) == lines


@pytest.mark.parametrize("typed", ["", "big", "0p", "000", "5", "16:9", "1920x", "-720p", "9" * 9])
def test_what_is_no_resolution_is_told_how_to_write_one(typed: str):
    with pytest.raises(InvalidQuery, match="720p, 1920x1080 or 4k"):
        parse_lines(typed)


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("48.858,2.294", Near(48.858, 2.294, DEFAULT_RADIUS_KM)),
        ("48.858, 2.294, 5km", Near(48.858, 2.294, 5)),
        ("-33.9 151.2 500 m", Near(-33.9, 151.2, 0.5)),
        ("0;-180;99999", Near(0, -180, FARTHEST_KM)),
    ],
)
def test_places(typed: str, near: Near):
    assert parse_near(typed) == near


@pytest.mark.parametrize(
    "typed", ["", "Paris", "48.8", "91,0", "0,181", "nan,0", "1,2,-3", "1,2,3mi"]
)
def test_what_is_no_place_is_told_how_to_write_one(typed: str):
    with pytest.raises(InvalidQuery, match="no place"):
        parse_near(typed)


def test_nothing_typed_asks_for_nothing():
    assert parse_filters() == Filters()


def test_all_that_can_be_typed():
    assert parse_filters(
        folder="/videos/Trip/",
        tags=["#Sea", "Ärger"],
        after="2024",
        before="2025-06",
        longer="10m",
        shorter="1:00:00",
        min_resolution="720p",
        max_resolution="4k",
        codec="H.265",
        container=".MKV",
        camera=" iPhone  12 ",
        language="eng",
        near="1,2,3km",
    ) == Filters(
        folder="/videos/Trip",
        tags=("sea", "ärger"),
        after=datetime(2024, 1, 1, tzinfo=UTC),
        before=datetime(2025, 6, 1, tzinfo=UTC),
        longer_s=600,
        shorter_s=3600,
        min_lines=720,
        max_lines=2160,
        codec="hevc",
        container="mkv",
        camera="iPhone 12",
        language="en",
        near=Near(1, 2, 3),
    )


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("mp4", "mp4"), ("m4v", "mp4"), ("matroska", "mkv"), ("mpegts", "ts"), ("mxf", "mxf")],
)
def test_containers_by_any_of_their_names(typed: str, kind: str):
    assert parse_filters(container=typed).container == kind


def test_a_folder_is_taken_as_it_is_typed():
    assert parse_filters(folder="Trip//2024/").folder == "Trip/2024"
    assert parse_filters(folder="~/Videos").folder == str(Path.home() / "Videos")
    assert parse_filters(folder="~").folder == str(Path.home())
    assert parse_filters(folder="a ~ b").folder == "a ~ b"


@pytest.mark.parametrize(
    ("name", "typed", "remedy"),
    [
        ("folder", "..", "full path"),
        ("folder", "../x", "full path"),
        ("folder", ".", "full path"),
        ("folder", "a\0b", "few words"),
        ("folder", "\udcff", "few words"),
        ("tags", ["#"], "such as holiday"),
        ("tags", [""], "such as holiday"),
        ("codec", "h 264", "hevc"),
        ("container", "%", "mkv"),
        ("container", ".", "mkv"),
        ("language", "English", "such as en"),
        ("camera", "x" * 5000, "few words"),
    ],
)
def test_what_cannot_be_is_told_what_can(name: str, typed: object, remedy: str):
    with pytest.raises(InvalidQuery, match=remedy):
        parse_filters(**{name: typed})


@pytest.mark.parametrize(
    "typed",
    [
        {"after": "2025", "before": "2024"},
        {"after": "2024", "before": "2024"},
        {"longer": "2m", "shorter": "1m"},
        {"min_resolution": "4k", "max_resolution": "720p"},
    ],
)
def test_what_no_video_can_be_is_refused(typed: dict[str, str]):
    with pytest.raises(InvalidQuery, match="Swap them"):
        parse_filters(**typed)
