"""Filters in SQL against the same conditions in Python, over a catalog of made-up videos."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path, PurePath

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from indexer.media.details import Details
from indexer.store import queries, schema
from indexer.store.database import open_database, upgrade
from indexer.store.details import details_of, replace_details
from indexer.store.filter_queries import EARTH_RADIUS_KM, filtered_videos
from indexer.store.filters import Filters, Near
from indexer.store.owners import Owners

FORMATS = {"mp4": "mov,mp4,m4a,3gp,3g2,mj2", "mkv": "matroska,webm", "avi": "avi"}
FORMATS |= {"MOV": FORMATS["mp4"], "webm": FORMATS["mkv"]}
KINDS = {"mp4": {"mp4"}, "mov": {"MOV"}, "mkv": {"mkv"}, "webm": {"webm"}, "avi": {"avi"}}
FOLDERS = ["/v", "/v/Trip", "/v/Trip/1", "/v/trip", "/v/Trips", "/w/a%b/Trip", "/w/a_b", "/"]
SIZES = [(1920, 1080), (1080, 1920), (1920, 800), (1440, 1080), (854, 480), (3840, 2160), (64, 64)]
PLACES = [(48.8577, 2.295), (48.86, 2.3), (0.0, 179.95), (0.0, -179.95), (89.9, 10.0)]
PLACES += [(-33.86, 151.2), (90.0, 0.0)]
CAMERAS = ["Apple iPhone 12", "Canon EOS R5", "100% Cam_1", ""]
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
COUNT = 120


class Row:
    """One made-up video and all that is known of it."""

    def __init__(self, number: int) -> None:
        draw = np.random.default_rng(number)

        def pick(options: list):
            return options[int(draw.integers(len(options)))]

        self.id = number
        ending = pick(list(FORMATS))
        self.paths = [
            str(PurePath(pick(FOLDERS)) / f"{number}-{i}.{ending}") for i in range(pick([1, 1, 2]))
        ]
        self.container, self.codec = FORMATS[ending], pick(["h264", "hevc", "av1"])
        self.mtimes = [EPOCH + timedelta(days=pick(list(range(100)))) for _ in self.paths]
        self.duration_s, self.size = float(pick([5, 60, 90, 3600])), pick(SIZES)
        place = pick([(None, None), *PLACES])
        self.details = Details(
            title=pick(["", "A title"]),
            recorded_at=pick([None, EPOCH + timedelta(days=pick(list(range(100))))]),
            latitude=place[0],
            longitude=place[1],
            camera=pick(CAMERAS),
            language=pick(["", "en", "de"]),
            tags=tuple(pick([[], ["Sea"], ["Sea", "ÄRGER"], ["sail"]])),
        )
        self.said = pick([[], [""], ["de"], ["en", ""], ["fr", "en"]])


ROWS = [Row(i) for i in range(1, COUNT + 1)]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    path = tmp_path_factory.mktemp("filters") / "catalog.sqlite"
    engine = open_database(path)
    upgrade(engine, path)
    with Session(engine) as session:
        for row in ROWS:
            enter(session, row)
        gone = schema.Video(**video_columns(ROWS[0]) | {"id": COUNT + 1, "content": "gone"})
        session.add(gone)
        session.flush()
        yield session
        session.rollback()
    engine.dispose()


def enter(session: Session, row: Row) -> None:
    session.add(schema.Video(**video_columns(row)))
    session.flush()
    for path, mtime in zip(row.paths, row.mtimes, strict=True):
        ns = int(mtime.timestamp()) * 10**9
        session.add(schema.File(path=path, size_bytes=1, mtime_ns=ns, video_id=row.id))
    replace_details(session, row.id, row.details)
    for i, language in enumerate(row.said):
        common = {"video_id": row.id, "position": i, "text": "x", "language": language}
        session.add(schema.Passage(channel="speech", **common))
    other = {"video_id": row.id, "position": 0, "text": "x", "language": "ja"}
    session.add(schema.Passage(channel="screen", **other))


def video_columns(row: Row) -> dict[str, object]:
    width, height = row.size
    return {
        "id": row.id, "content": f"{row.id:064d}", "size_bytes": 1, "duration_s": row.duration_s,
        "width": width, "height": height, "fps": None, "codec": row.codec,
        "container": row.container, "warnings": [],
    }  # fmt: skip


def fits(row: Row, f: Filters) -> bool:
    d, (width, height) = row.details, row.size
    lines = max(min(width, height), max(width, height) * 9 // 16)
    spoken = {language for language in row.said if language}
    return (
        any(file_fits(path, time, row, f) for path, time in zip(row.paths, row.mtimes, strict=True))
        and {tag.casefold() for tag in f.tags} <= {tag.casefold() for tag in d.tags}
        and (f.longer_s is None or row.duration_s >= f.longer_s)
        and (f.shorter_s is None or row.duration_s <= f.shorter_s)
        and (f.min_lines is None or lines >= f.min_lines)
        and (f.max_lines is None or lines <= f.max_lines)
        and f.codec in ("", row.codec)
        and f.camera.lower() in d.camera.lower()
        and (not f.language or f.language in (spoken or {d.language}))
        and (f.near is None or is_near(d, f.near))
    )


def file_fits(path: str, mtime: datetime, row: Row, f: Filters) -> bool:
    time = row.details.recorded_at or mtime
    names, wanted = PurePath(path).parts, PurePath(f.folder).parts
    rooted = f.folder.startswith("/")
    starts = [0] if rooted else range(len(names) - len(wanted) + 1)
    return (
        (not f.folder or any(names[i : i + len(wanted)] == wanted for i in starts))
        and (not f.container or PurePath(path).suffix[1:] in KINDS[f.container])
        and (f.after is None or time >= f.after)
        and (f.before is None or time < f.before)
    )


def is_near(details: Details, near: Near) -> bool:
    """By the haversine, another formula than that of SQL."""
    if details.latitude is None or details.longitude is None:
        return False
    a, b = math.radians(near.latitude), math.radians(details.latitude)
    apart = math.radians(details.longitude - near.longitude)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(apart / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(h))) <= near.radius_km


def found(session: Session, filters: Filters) -> list[int]:
    return list(session.scalars(filtered_videos(filters)))


TIMES = st.integers(-5, 105).map(
    lambda days: (EPOCH + timedelta(days=days)).astimezone(timezone(timedelta(hours=5)))
)
FILTERS = {
    "folder": st.sampled_from([*FOLDERS, "Trip", "trip", "Trip/1", "a%b", "a_b", "v/Trip", "rip"]),
    "tags": st.lists(st.sampled_from(["sea", "SEA", "ärger", "sail", "se"]), max_size=2).map(tuple),
    "after": TIMES,
    "before": TIMES,
    "longer_s": st.sampled_from([5.0, 60.5, 3600.0]),
    "shorter_s": st.sampled_from([5.0, 60.5, 3600.0]),
    "min_lines": st.sampled_from([480, 720, 1080, 2160]),
    "max_lines": st.sampled_from([480, 720, 1080, 2160]),
    "codec": st.sampled_from(["h264", "hevc", "vp9"]),
    "container": st.sampled_from(sorted(KINDS)),
    "camera": st.sampled_from(["iphone", "CANON", "%", "_", "cam_1", "e"]),
    "language": st.sampled_from(["en", "de", "fr", "ja"]),
    "near": st.builds(
        lambda place, radius: Near(*place, radius),
        st.sampled_from(PLACES),
        st.sampled_from([0.001, 0.4, 0.5, 15, 1000, 20_038]),
    ),
}


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_each_filter_lets_some_through_and_the_right_ones(session: Session, name: str):
    counts = set()

    @settings(max_examples=30, deadline=None)
    @given(value=FILTERS[name])
    def check(value: object):
        filters = Filters(**{name: value})
        expected = [row.id for row in ROWS if fits(row, filters)]
        assert found(session, filters) == expected
        assert bool(filters) is (value != ())
        counts.add(len(expected))

    check()
    assert any(0 < count < COUNT for count in counts)


@settings(max_examples=150, deadline=None)
@given(values=st.fixed_dictionaries({}, optional=FILTERS))
def test_all_filters_hold_at_once(session: Session, values: dict):
    filters = Filters(**values)
    assert found(session, filters) == [row.id for row in ROWS if fits(row, filters)]


def test_no_filter_lets_all_videos_through_that_have_a_file(session: Session):
    assert not Filters()
    assert found(session, Filters()) == [row.id for row in ROWS]


def test_what_is_asked_of_a_path_is_asked_of_one_file(session: Session):
    """A copy in the right folder and another of the right age are not both."""
    with session.begin_nested() as nested:
        row = Row(1)
        row.id, row.details, row.said = COUNT + 2, Details(), []
        row.paths, row.mtimes = ["/new/a.avi", "/old/a.avi"], [EPOCH, EPOCH - timedelta(days=9)]
        enter(session, row)
        session.flush()
        assert row.id in found(session, Filters(folder="/new", after=EPOCH))
        assert row.id not in found(session, Filters(folder="/old", after=EPOCH))
        nested.rollback()


def test_the_clips_of_a_generation_are_those_of_the_videos_that_fit(session: Session):
    with session.begin_nested() as nested:
        session.add(schema.Generation(number=7, encoder="e", clip_count=0))
        for row in ROWS[:20]:
            encoding = schema.Encoding(
                video_id=row.id, encoder="e", checksum="", clip_count=2, id=row.id
            )
            session.add(encoding)
            session.flush()
            for i in range(2):
                clip = {"id": 10 * row.id + i, "encoding_id": row.id, "position": i}
                session.execute(insert(schema.Clip).values(**clip, start_s=i, end_s=i + 1))
            if row.id % 2:
                session.execute(insert(schema.Member).values(generation=7, encoding_id=row.id))
        filters = Filters(tags=("sea",))
        videos = [row.id for row in ROWS[:20] if row.id % 2 and fits(row, filters)]
        assert videos
        owners = Owners((row[0], row[1]) for row in session.execute(queries.clips_in(7)))
        clips = owners.of(session.scalars(filtered_videos(filters)).all())
        assert sorted(clips) == [10 * video + i for video in videos for i in range(2)]
        assert session.execute(queries.clips_in(8)).all() == []
        nested.rollback()


def test_details_come_back_as_they_were_given(session: Session):
    expected = {}
    for row in ROWS:
        d = row.details
        if d != Details():
            tags = tuple(sorted(tag.casefold() for tag in d.tags))
            expected[row.id] = Details(**{**vars(d), "tags": tags})
    assert details_of(session, [row.id for row in ROWS]) == expected
    assert details_of(session, []) == {}


def test_new_details_take_the_place_of_the_old(session: Session):
    with session.begin_nested() as nested:
        here = timezone(timedelta(hours=2))
        new = Details(title="New", recorded_at=datetime(2024, 1, 1, tzinfo=here), tags=("B", "b"))
        replace_details(session, 1, new)
        kept = details_of(session, [1])[1]
        assert (kept.title, kept.tags, kept.camera) == ("New", ("b",), "")
        assert kept.recorded_at == new.recorded_at
        assert kept.recorded_at.tzinfo is UTC
        replace_details(session, 1, Details())
        assert details_of(session, [1]) == {}
        assert session.scalar(select(schema.Tag).where(schema.Tag.video_id == 1)) is None
        nested.rollback()


def test_details_go_with_their_video(tmp_path: Path):
    path = tmp_path / "catalog.sqlite"
    engine = open_database(path)
    upgrade(engine, path)
    with Session(engine) as session:
        session.add(schema.Video(**video_columns(ROWS[0])))
        session.flush()
        replace_details(session, 1, Details(title="x", tags=("y",)))
        session.execute(schema.Video.__table__.delete())
        assert details_of(session, [1]) == {}
    engine.dispose()
