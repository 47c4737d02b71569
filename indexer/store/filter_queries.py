"""The videos that filters let through, as statements; all conditions hold at once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import PurePath

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from indexer.media.tags import tag_key
from indexer.store.containers import CONTAINERS, lookalikes
from indexer.store.filters import Filters, Near
from indexer.store.schema import Details, File, Passage, Tag, Video
from indexer.store.word_queries import SPEECH

EARTH_RADIUS_KM = 6371.0088
"""Mean radius (IUGG)."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_NS = 2**63 - 1

Condition = ColumnElement[bool]


def filtered_videos(filters: Filters) -> Select[int]:
    """Ids of the videos that have a file and fit, by id.

    What is asked of a path is asked of one file of the video, all of it.
    """
    file = exists().where(File.video_id == Video.id, *_of_the_file(filters))
    return (
        select(Video.id)
        .outerjoin(Details, Details.video_id == Video.id)
        .where(*_of_the_video(filters), file)
        .order_by(Video.id)
    )


def _of_the_file(filters: Filters) -> Iterator[Condition]:
    if filters.folder:
        yield _lies_in(filters.folder)
    if filters.container:
        for extension in lookalikes(filters.container):
            yield func.lower(File.path).not_like(f"%.{extension}")
    if filters.after is not None:
        yield or_(
            Details.recorded_at >= filters.after.astimezone(UTC),
            and_(Details.recorded_at.is_(None), File.mtime_ns >= _ns(filters.after)),
        )
    if filters.before is not None:
        yield or_(
            Details.recorded_at < filters.before.astimezone(UTC),
            and_(Details.recorded_at.is_(None), File.mtime_ns < _ns(filters.before)),
        )


def _of_the_video(filters: Filters) -> Iterator[Condition]:
    for tag in filters.tags:
        yield Video.id.in_(select(Tag.video_id).where(Tag.tag == tag_key(tag)))
    if filters.longer_s is not None:
        yield Video.duration_s >= filters.longer_s
    if filters.shorter_s is not None:
        yield Video.duration_s <= filters.shorter_s
    if filters.min_lines is not None:
        yield _lines() >= filters.min_lines
    if filters.max_lines is not None:
        yield _lines() <= filters.max_lines
    if filters.codec:
        yield Video.codec == filters.codec
    if filters.container:
        yield _is_in_format(filters.container)
    if filters.camera:
        yield func.lower(Details.camera).contains(filters.camera.lower(), autoescape=True)
    if filters.language:
        yield _speaks(filters.language)
    if filters.near is not None:
        yield from _is_near(filters.near)


def _lines() -> ColumnElement[int]:
    """See `Filters.min_lines`; the greatest of both sides, each as lines."""
    lying = Video.width >= Video.height
    short = case((lying, Video.height), else_=Video.width)
    long = case((lying, Video.width), else_=Video.height) * 9 // 16
    return case((short >= long, short), else_=long)


def _lies_in(folder: str) -> Condition:
    """Exact to the case, which LIKE is not in SQLite."""
    names = str(PurePath(folder)).rstrip("/") + "/"
    path = File.path + "/"
    if names.startswith("/"):
        return func.substr(path, 1, len(names)) == names
    return func.replace(path, f"/{names}", "") != path


def _is_in_format(container: str) -> Condition:
    """FFmpeg names all formats that a demuxer reads: `mov,mp4,m4a,3gp,3g2,mj2`."""
    name = CONTAINERS[container].format if container in CONTAINERS else container
    return ("," + Video.container + ",").contains(f",{name},", autoescape=True)


def _speaks(language: str) -> Condition:
    """What was said tells more than the file's claim: cameras mark all sound as English."""
    said = exists().where(Passage.video_id == Video.id, Passage.channel == SPEECH)
    return or_(
        said.where(Passage.language == language),
        and_(Details.language == language, ~said.where(Passage.language != "")),
    )


def _is_near(near: Near) -> Iterator[Condition]:
    """Great-circle distance; the band of latitudes only spares it most of the arithmetic."""
    radians = math.pi / 180
    angle = near.radius_km / EARTH_RADIUS_KM
    yield Details.latitude.between(near.latitude - angle / radians, near.latitude + angle / radians)
    here = near.latitude * radians
    there = Details.latitude * radians
    apart = (Details.longitude - near.longitude) * radians
    cosine = math.sin(here) * func.sin(there) + math.cos(here) * func.cos(there) * func.cos(apart)
    yield cosine >= math.cos(min(angle, math.pi)) - 1e-15


def _ns(time: datetime) -> int:
    """As `File.mtime_ns` counts: from 1677 to 2262, which is what SQL's integers hold."""
    time_ns = (time - _EPOCH) // timedelta(microseconds=1) * 1000
    return max(-_MOST_NS, min(time_ns, _MOST_NS))
