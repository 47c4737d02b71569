"""What is asked of the catalog: functions that build statements and touch no session."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Delete, Select, delete, exists, func, or_, select
from sqlalchemy.orm import aliased

from indexer.store.schema import Clip, Encoding, File, Generation, Member, Video


def live_encodings(encoder: str) -> Select[int, str, str, int]:
    """(encoding id, content, checksum, clip count) of each content that has a file, by id."""
    return (
        select(Encoding.id, Video.content, Encoding.checksum, Encoding.clip_count)
        .join(Video, Encoding.video_id == Video.id)
        .where(
            Encoding.encoder == encoder,
            ~Encoding.retired,
            exists().where(File.video_id == Video.id),
        )
        .order_by(Encoding.id)
    )


def members_of(generation: int) -> Select[int]:
    """Encoding ids of a generation."""
    return select(Member.encoding_id).where(Member.generation == generation)


def clip_ids(encodings: Iterable[int]) -> Select[int, int]:
    """(clip id, encoding id) of these encodings, by id, each encoding's in order of position."""
    return (
        select(Clip.id, Clip.encoding_id)
        .where(Clip.encoding_id.in_(list(encodings)))
        .order_by(Clip.encoding_id, Clip.position)
    )


def clips_within(videos: Collection[int], generation: int) -> Select[int]:
    """Ids of a generation's clips in these videos, unordered."""
    return (
        select(Clip.id)
        .join(Encoding, Clip.encoding_id == Encoding.id)
        .join(Member, Member.encoding_id == Encoding.id)
        .where(Member.generation == generation, Encoding.video_id.in_(list(videos)))
    )


def left_behind(generation: int, encoder: str) -> Select[int]:
    """The number of videos of a generation that have a file, but no shard of `encoder`."""
    again = aliased(Encoding)
    return (
        select(func.count(Encoding.video_id.distinct()))
        .join(Member, Member.encoding_id == Encoding.id)
        .where(
            Member.generation == generation,
            exists().where(File.video_id == Encoding.video_id),
            ~exists().where(
                again.video_id == Encoding.video_id, again.encoder == encoder, ~again.retired
            ),
        )
    )


def generation_census(generation: int) -> Select[int, int]:
    """(number of clips, sum of their ids) that the catalog has for a generation's members."""
    return (
        select(func.count(Clip.id), func.coalesce(func.sum(Clip.id), 0))
        .join(Member, Member.encoding_id == Clip.encoding_id)
        .where(Member.generation == generation)
    )


def clips_with_ids(ids: Collection[int]) -> Select[int, int, int, float, float]:
    """What `ClipRecord` has, for these clip ids."""
    return _clips().where(Clip.id.in_(ids))


def clips_of(videos: Collection[int], encoder: str) -> Select[int, int, int, float, float]:
    """What `ClipRecord` has, for the clips of these videos, each one's by position."""
    return (
        _clips()
        .where(Encoding.video_id.in_(videos), Encoding.encoder == encoder, ~Encoding.retired)
        .order_by(Encoding.video_id, Clip.position)
    )


def _clips() -> Select[int, int, int, float, float]:
    """Columns, not objects: a question looks at thousands of clips."""
    return select(Clip.id, Encoding.video_id, Clip.position, Clip.start_s, Clip.end_s).join(
        Encoding, Clip.encoding_id == Encoding.id
    )


def clips_in(generation: int) -> Select[int, int, int, float, float]:
    """What `ClipRecord` has, for all clips of a generation, unordered."""
    members = Member.encoding_id == Encoding.id
    return _clips().join(Member, members).where(Member.generation == generation)


def ids_of(contents: Collection[str]) -> Select[str, int]:
    """(content, video id) of those that have a file."""
    return select(Video.content, Video.id).where(
        Video.content.in_(list(contents)), exists().where(File.video_id == Video.id)
    )


def videos_with_paths(
    ids: Collection[int] | None = None,
) -> Select[int, str, str, int, float, int, int, str, str]:
    """What `VideoRecord` has, of videos that have a file; of several paths the first by name."""
    statement = (
        select(
            Video.id,
            Video.content,
            func.min(File.path),
            Video.size_bytes,
            Video.duration_s,
            Video.width,
            Video.height,
            Video.codec,
            Video.container,
        )
        .join(File, File.video_id == Video.id)
        .group_by(Video.id)
    )
    return statement if ids is None else statement.where(Video.id.in_(ids))


def with_files(videos: Collection[int]) -> Select[int | None]:
    """Those of these videos that have a file."""
    return select(File.video_id).where(File.video_id.in_(videos)).distinct()


def unused_encodings(encoder: str) -> Select[int, str, str, bool]:
    """(encoding id, its encoder, content, retired) that no generation names and none will.

    That is: of a content without a file, of another encoder than `encoder`, or retired.
    """
    has_file = exists().where(File.video_id == Encoding.video_id)
    return (
        select(Encoding.id, Encoding.encoder, Video.content, Encoding.retired)
        .join(Video, Encoding.video_id == Video.id)
        .where(
            ~exists().where(Member.encoding_id == Encoding.id),
            or_(~has_file, Encoding.encoder != encoder, Encoding.retired),
        )
    )


def unused_videos() -> Select[int, str]:
    """(id, content) of videos without a file and without an encoding."""
    return select(Video.id, Video.content).where(
        ~exists().where(File.video_id == Video.id),
        ~exists().where(Encoding.video_id == Video.id),
    )


def generations_except(kept: Collection[int]) -> Delete:
    """Deletes the rows, members included, of all generations but the kept ones."""
    return delete(Generation).where(Generation.number.not_in(kept))
