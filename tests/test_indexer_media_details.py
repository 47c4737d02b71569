"""Dates, places, languages, tags and the rest that details are made of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.media.container_details import container_details
from indexer.media.dates import parse_date, stamped_time, stated_time
from indexer.media.details import Details, described
from indexer.media.generated import is_generated
from indexer.media.iso6709 import parse_place
from indexer.media.languages import language_code
from indexer.media.tags import MOST_TAGS, tag_key, united
from indexer.media.urls import web_address
from indexer.media.wording import one_line, tidy
from model.sentences import Cue

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TAG_NAMES = st.sampled_from(
    ["title", "date", "creation_time", "location", "make", "model", "comment", "keywords", "purl"]
)
TEXT = st.text(max_size=60) | st.from_regex(r"[+-]\d{2}\.\d+[+-]\d{3}\.\d+/?", fullmatch=True)


@given(text=st.text(st.characters()), most=st.integers(0, 40))
def test_tidy_text_can_be_stored_anywhere(text: str, most: int):
    for found in (tidy(text, most), one_line(text, most)):
        assert len(found) <= most
        found.encode("utf-8")
        assert found == found.strip()
        assert all(character == "\n" or character >= " " for character in found)
        assert tidy(found, most) == found
    assert "\n" not in one_line(text, most)


def test_tidy_keeps_lines_and_single_spaces():
    assert tidy("  a \t b\r\n\r\n c\x00d\ud800 ", 99) == "a b\n\ncd"
    assert one_line(" a \n\n b ", 99) == "a b"


@given(
    time=st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),
    minutes=st.integers(-720, 720),
)
def test_every_iso_time_is_the_same_moment_in_utc(time: datetime, minutes: int):
    there = time.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_date(there.isoformat()) == there
    assert parse_date(time.isoformat()) == time.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1999", datetime(1999, 1, 1, tzinfo=UTC)),
        ("1999-05", datetime(1999, 5, 1, tzinfo=UTC)),
        ("20240131", datetime(2024, 1, 31, tzinfo=UTC)),
        ("2009:08:12 10:20:30", datetime(2009, 8, 12, 10, 20, 30, tzinfo=UTC)),
        ("2019-07-01T10:11:12.000000Z", datetime(2019, 7, 1, 10, 11, 12, tzinfo=UTC)),
        ("2021-03-04T05:06:07+0200", datetime(2021, 3, 4, 3, 6, 7, tzinfo=UTC)),
        ("0001-01-01T00:00:00+10:00", None),
        ("9999-12-31T23:59:59-10:00", None),
        ("4/7/2002 14:28:05", None),
        ("2024-13", None),
        ("0000", None),
        ("last summer", None),
        ("", None),
    ],
)
def test_dates(text: str, expected: datetime | None):
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    "text",
    ["1904-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2001-01-01T00:00:00Z", "2036-02-07", "0990"],
)
def test_a_clock_that_was_not_set_is_not_believed(text: str):
    assert stamped_time(text, NOW) is None


def test_people_may_remember_more_than_programs():
    metropolis = datetime(1927, 3, 6, tzinfo=UTC)
    assert stated_time("1927-03-06", NOW) == metropolis
    assert stamped_time("1927-03-06", NOW) is None
    assert stated_time("2026-06-01T20:00:00", NOW) is not None  # in another time zone
    assert stated_time("2026-06-03", NOW) is None


@given(
    latitude=st.floats(-90, 90).map(lambda x: round(x, 4)),
    longitude=st.floats(-180, 180).map(lambda x: round(x, 4)),
    end=st.sampled_from(["", "/", "+010.5/", "-3CRSWGS_84/"]),
)
def test_places_in_degrees(latitude: float, longitude: float, end: str):
    found = parse_place(f"{latitude:+08.4f}{longitude:+09.4f}{end}")
    assert found == ((latitude, longitude) if latitude or longitude else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+4030.5-07415.25/", (40.508333, -74.254167)),  # minutes
        ("+401530.5-0741545/", (40.258472, -74.2625)),  # seconds
        ("-33.8-151/", (-33.8, -151)),
        ("+00.0000+000.0000/", None),
        ("+4060-07400/", None),
        ("+91.0+000.5/", None),
        ("+40.0+181.0/", None),
        ("+401-0741/", None),
        ("48.8577, 2.295", None),
        ("Paris", None),
    ],
)
def test_places(text: str, expected: tuple[float, float] | None):
    assert parse_place(text) == (None if expected is None else pytest.approx(expected, abs=1e-6))


@pytest.mark.parametrize(
    "text",
    [
        "Untitled", "untitled project 3", "<Untitled Chapter 1>", "Sequence 01", "Timeline 1",
        "IMG_0123", "IMG_0123.MOV", "VID_20240131_101112", "GOPR0042", "DSC_0001.mp4",
        "20240131_101112", "VideoHandler", "GPAC ISO Video Handler", "L-SMASH Video Handler",
        "Apple Video Media Handler", "Core Media Video", "Created with an editor",
        "ISO Media file produced by Google Inc.", "DE51B823-8661-4D9A-97C0-D8BD03338713",
        "Camtasia_capture12e7f7.avi Video #1", "Chapter 12", "Lavf58.29.100", " - ", "n/a",
        "Screen Recording 2024-01-31 10.11.12", "HandBrake 1.6.1 2023012300",
    ],
)  # fmt: skip
def test_what_programs_write_is_recognised(text: str):
    assert is_generated(text)


@pytest.mark.parametrize(
    "text",
    [
        "Crete by boat", "1917", "2001: A Space Odyssey", "The Handler", "Chapter 12: the storm",
        "Video of the party", "Default of a nation", "Made in Heaven", "Movie-List Presents",
        "Untitledness", "IMG club trip", "Squarenet.org", "Created equal", "旅行", "My project 3",
    ],
)  # fmt: skip
def test_what_people_write_is_kept(text: str):
    assert not is_generated(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("eng", "en"), ("fre", "fr"), ("fra", "fr"), ("ger", "de"), ("chi", "zh"), ("en-US", "en"),
        ("pt_BR", "pt"), ("zh-Hant", "zh"), ("haw", "haw"), (" EN ", "en"), ("und", ""),
        ("mul", ""), ("zxx", ""), ("English", ""), ("x-private", ""), ("", ""), ("e n", ""),
        ("en" * 5000, ""),
    ],
)  # fmt: skip
def test_languages(text: str, code: str):
    assert language_code(text) == code


def test_tags_are_united_whatever_their_case():
    assert united(["Beach", " #beach ", "", "ΣΊΣΥΦΟΣ", "σίσυφος", "#"]) == ("Beach", "ΣΊΣΥΦΟΣ")
    assert len(united(f"tag {i}" for i in range(1000))) == MOST_TAGS


@given(tag=st.text(max_size=110))
def test_a_tags_key_is_its_own_key(tag: str):
    assert tag_key(tag_key(tag)) == tag_key(tag)


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "file:///etc/passwd", "http://", "https://a b", "//x.org", "http://[x",
     "https://x.org/\nb", "see https://x.org", "https://x.org/" + "a" * 3000],
)  # fmt: skip
def test_nothing_but_a_web_address_becomes_a_link(text: str):
    assert web_address(text) is None


def test_web_addresses():
    assert web_address(" https://example.org/v?id=1&b=2 ") == "https://example.org/v?id=1&b=2"


@given(tags=st.dictionaries(TAG_NAMES, TEXT))
def test_no_tags_upset_the_reader(tags: dict[str, str]):
    details = container_details(tags, (), NOW)
    assert (details.latitude is None) == (details.longitude is None)
    assert details.recorded_at is None or details.recorded_at.tzinfo is UTC
    assert len(details.camera) <= 200


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"title": "IMG_0001.MOV"}, Details()),
        ({"title-eng": "Crete"}, Details(title="Crete")),
        ({"make": "Canon", "model": "Canon EOS R5"}, Details(camera="Canon EOS R5")),
        ({"com.android.manufacturer": "Google"}, Details(camera="Google")),
        ({"date": "1999", "creation_time": "1904-01-01T00:00:00Z"},
         Details(recorded_at=datetime(1999, 1, 1, tzinfo=UTC))),
        ({"purl": "https://x.org/1", "comment": "A trip"},
         Details(url="https://x.org/1", description="A trip")),
        ({"keywords": "a, b;A|c"}, Details(tags=("a", "b", "c"))),
        ({"encoder": "Lavf58", "major_brand": "isom", "handler_name": "VideoHandler"}, Details()),
    ],
)  # fmt: skip
def test_what_tags_mean(tags: dict[str, str], expected: Details):
    assert container_details(tags, (), NOW) == expected


def test_what_stands_beside_a_video_comes_before_what_stands_in_it():
    published = datetime(2020, 1, 1, tzinfo=UTC)
    filmed = datetime(2019, 1, 1, tzinfo=UTC)
    inside = Details(
        title="t", description="d", recorded_at=filmed, latitude=1.0, longitude=2.0, tags=("b", "C")
    )
    beside = Details(
        title="T", recorded_at=published, author="A", tags=("a", "B"), chapters=(Cue(0, 1, "x"),)
    )
    both = Details(
        title="T",
        description="d",
        recorded_at=published,
        latitude=1.0,
        longitude=2.0,
        author="A",
        tags=("a", "B", "C"),
        chapters=(Cue(0, 1, "x"),),
    )
    assert described(inside, beside) == both
    camera = described(Details(recorded_at=filmed, camera="Canon"), beside)
    assert (camera.recorded_at, camera.title) == (filmed, "T")
    assert described(Details(camera="Canon"), beside).recorded_at == published


def test_a_place_is_taken_whole():
    one, other = Details(latitude=1.0, longitude=0.0), Details(latitude=3.0, longitude=4.0)
    assert one.filled_from(other) == one
    assert Details().filled_from(other) == other
