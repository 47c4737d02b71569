"""Details and tags of videos in the catalog; chapters are kept as passages, not here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from indexer.media.details import Details
from indexer.media.tags import tag_key
from indexer.store import schema
from indexer.store.batches import batched
from indexer.store.schema import Tag

_COLUMNS = [field.name for field in fields(Details) if field.name not in ("tags", "chapters")]


def replace_details(session: Session, video_id: int, details: Details) -> None:
    """Keep these details and tags of a video, and no others. Nothing known leaves no row."""
    session.execute(delete(schema.Details).where(schema.Details.video_id == video_id))
    session.execute(delete(Tag).where(Tag.video_id == video_id))
    columns: dict[str, Any] = {name: getattr(details, name) for name in _COLUMNS}
    columns["recorded_at"] = _in_utc(details.recorded_at)
    if any(value not in ("", None) for value in columns.values()):
        session.execute(insert(schema.Details).values(video_id=video_id, **columns))
    if keys := sorted({tag_key(tag) for tag in details.tags} - {""}):
        session.execute(insert(Tag), [{"video_id": video_id, "tag": key} for key in keys])


def details_of(session: Session, video_ids: Collection[int]) -> dict[int, Details]:
    """Details by video id, where something is known; tags case folded, no chapters."""
    columns: dict[int, dict[str, Any]] = {}
    tags: dict[int, list[str]] = {}
    for batch in batched(video_ids):
        for row in session.scalars(
            select(schema.Details).where(schema.Details.video_id.in_(batch))
        ):
            columns[row.video_id] = {name: getattr(row, name) for name in _COLUMNS}
            columns[row.video_id]["recorded_at"] = _in_utc(row.recorded_at)
        statement = select(Tag.video_id, Tag.tag).where(Tag.video_id.in_(batch)).order_by(Tag.tag)
        for video_id, tag in session.execute(statement):
            tags.setdefault(video_id, []).append(tag)
    return {
        video_id: Details(**columns.get(video_id, {}), tags=tuple(tags.get(video_id, ())))
        for video_id in columns.keys() | tags.keys()
    }


def _in_utc(time: datetime | None) -> datetime | None:
    """SQLite keeps no time zone: a time without one is UTC."""
    if time is None:
        return None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
