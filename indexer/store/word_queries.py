"""What is asked of a catalog's words: functions that build statements and touch no session."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Delete, Select, delete, exists, func, select

from indexer.store.schema import Details, Encoding, File, Passage, Reading, Source, Video

SPEECH, SCREEN, NAME = CHANNELS = ("speech", "screen", "name")


def recipes() -> Select[str, dict[str, Any]]:
    """(content, recipes) of every content that was read."""
    return select(Video.content, Reading.recipes).join(Reading, Reading.video_id == Video.id)


def read_videos() -> Select[int, str, dict[str, Any], float, float | None]:
    """(id, content, recipes, duration, frames per second) of videos with a file that were read."""
    return (
        select(Video.id, Video.content, Reading.recipes, Video.duration_s, Video.fps)
        .join(Reading, Reading.video_id == Video.id)
        .where(exists().where(File.video_id == Video.id))
        .order_by(Video.id)
    )


def videos_by_channel() -> Select[str, int]:
    """(channel, number of videos with a file that have passages of it)."""
    pairs = select(Passage.channel, Passage.video_id).distinct().subquery()
    return (
        select(pairs.c.channel, func.count())
        .where(exists().where(File.video_id == pairs.c.video_id))
        .group_by(pairs.c.channel)
    )


def sentences(encoder: str, languages: Collection[str]) -> Select[str, int, int]:
    """(content, position, passage id) of what is said in one of `languages`.

    Of contents that have a file and a shard of `encoder`.
    """
    return (
        select(Video.content, Passage.position, Passage.id)
        .join(Video, Passage.video_id == Video.id)
        .where(
            Passage.channel == SPEECH,
            Passage.language.in_(languages),
            exists().where(File.video_id == Video.id),
            exists().where(
                Encoding.video_id == Video.id, Encoding.encoder == encoder, ~Encoding.retired
            ),
        )
        .order_by(Passage.id)
    )


def sentence_ids(videos: Collection[int]) -> Select[int]:
    """Passage ids of what is said in these videos."""
    return select(Passage.id).where(Passage.video_id.in_(videos), Passage.channel == SPEECH)


def sentence_owners() -> Select[int, int]:
    """(passage id, video id) of all that is said."""
    return select(Passage.id, Passage.video_id).where(Passage.channel == SPEECH)


def titles(videos: Collection[int]) -> Select[int, str]:
    """(video id, title) of those that have one."""
    return select(Details.video_id, Details.title).where(
        Details.video_id.in_(videos), Details.title != ""
    )


def remove(table: type[Passage | Source], video_id: int, channel: str) -> Delete:
    """Deletes what a channel of a video has in `table`."""
    return delete(table).where(table.video_id == video_id, table.channel == channel)
