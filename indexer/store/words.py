"""The words of a library's videos in its catalog, and what was read of their files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from indexer.media.details import Details
from indexer.store import word_queries
from indexer.store.batches import batched
from indexer.store.details import details_of, replace_details
from indexer.store.fulltext import find_unwanted, index_passages, search_channels
from indexer.store.owners import Owners
from indexer.store.passages import PassageHit
from indexer.store.records import NewPassage, PassageRecord, ReadVideo, SourceRecord
from indexer.store.schema import Passage, Reading, Source, Video
from indexer.words.query import WordQuery

_COLUMNS = [getattr(Passage, field.name) for field in fields(PassageRecord)]
"""Columns, not objects: a question looks at a thousand passages."""


class Words:
    """All that is read of them; `WordsWriter` adds what changes them."""

    def __init__(self, session: sessionmaker[Session]) -> None:
        self._session = session

    def read_contents(self, recipes: Mapping[str, str]) -> set[str]:
        """Contents of which every part of `recipes` was read, and just so."""
        return {
            content for content, made in self.recipes().items() if recipes.items() <= made.items()
        }

    def recipes(self) -> dict[str, dict[str, str]]:
        """Content -> part -> how it was read."""
        with self._session() as session:
            return dict(session.execute(word_queries.recipes()).all())

    def videos(self) -> list[ReadVideo]:
        """Every video that has a file and was read, by id."""
        with self._session() as session:
            return [ReadVideo(*row) for row in session.execute(word_queries.read_videos())]

    def counts(self) -> dict[str, int]:
        """Channel -> number of videos that have a file, and words of this channel."""
        with self._session() as session:
            found = dict(session.execute(word_queries.videos_by_channel()).all())
        return dict.fromkeys(word_queries.CHANNELS, 0) | found

    def sources(self, channel: str) -> dict[int, SourceRecord]:
        """Video id -> what its passages of `channel` were made from."""
        statement = select(Source).where(Source.channel == channel)
        with self._session() as session:
            found = session.scalars(statement)
            return {row.video_id: SourceRecord(row.key, row.description) for row in found}

    def source_of(self, video_id: int, channel: str) -> SourceRecord | None:
        """What the passages of `channel` of one video were made from."""
        with self._session() as session:
            row = session.get(Source, (video_id, channel))
            return None if row is None else SourceRecord(row.key, row.description)

    def titles(self, videos: Collection[int]) -> dict[int, str]:
        """Video id -> what its metadata call it; without those of which none is known."""
        found: dict[int, str] = {}
        with self._session() as session:
            for batch in batched(videos):
                found.update(session.execute(word_queries.titles(batch)).all())
        return found

    def passages(self, ids: Collection[int]) -> dict[int, PassageRecord]:
        """Passages by id; ids that are not there are left out."""
        found: dict[int, PassageRecord] = {}
        with self._session() as session:
            for batch in batched(ids):
                for row in session.execute(select(*_COLUMNS).where(Passage.id.in_(batch))):
                    record = PassageRecord(*row)
                    found[record.id] = record
        return found

    def search_channels(
        self,
        query: WordQuery,
        channels: Collection[str],
        limit: int,
        videos: Collection[int] | None = None,
    ) -> list[PassageHit]:
        """Passages by words, the best `limit` of each channel; see `search_passages`."""
        with self._session() as session:
            return search_channels(session, query, channels, limit, videos)

    def unwanted(self, query: WordQuery, videos: Collection[int]) -> list[PassageRecord]:
        """The passages of `videos` that hold what `query` excludes."""
        if not (query.excluded or query.excluded_prefixes):
            return []
        with self._session() as session:
            ids = find_unwanted(session, query, videos)
        return list(self.passages(ids).values())

    def passages_of(self, video_id: int, channel: str) -> list[PassageRecord]:
        """Passages of one video, by position."""
        statement = (
            select(*_COLUMNS)
            .where(Passage.video_id == video_id, Passage.channel == channel)
            .order_by(Passage.position)
        )
        with self._session() as session:
            return [PassageRecord(*row) for row in session.execute(statement)]

    def sentences(self, encoder: str, languages: Collection[str]) -> dict[str, dict[int, int]]:
        """Content -> position -> passage id, of what is said in one of `languages`.

        Of the videos that the next generation of `encoder` is made of.
        """
        found: dict[str, dict[int, int]] = {}
        with self._session() as session:
            for content, position, passage in session.execute(
                word_queries.sentences(encoder, languages)
            ):
                found.setdefault(content, {})[position] = passage
        return found

    def sentence_ids(self, videos: Collection[int]) -> list[int]:
        """Ids of what is said in these videos."""
        found: list[int] = []
        with self._session() as session:
            for batch in batched(videos):
                found += session.scalars(word_queries.sentence_ids(batch))
        return found

    def sentence_owners(self) -> Owners:
        """The videos of all that is said."""
        with self._session() as session:
            rows = session.execute(word_queries.sentence_owners())
            return Owners((sentence, video) for sentence, video in rows)

    def details(self, videos: Collection[int]) -> dict[int, Details]:
        """Video id -> what is known of it; without chapters, which are passages."""
        with self._session() as session:
            return details_of(session, videos)

    def shots(self, videos: Collection[int]) -> dict[int, list[float]]:
        """Video id -> start of each shot in seconds; without those of which none is known."""
        found: dict[int, list[float]] = {}
        with self._session() as session:
            for batch in batched(videos):
                statement = select(Reading.video_id, Reading.shots)
                for video, shots in session.execute(statement.where(Reading.video_id.in_(batch))):
                    if shots:
                        found[video] = shots
        return found


class WordsWriter(Words):
    """For the holder of the library's lock. Each method is one transaction."""

    def put_reading(self, content: str, recipes: dict[str, str], shots: Sequence[float]) -> None:
        """Note that a content, whose video must be known, was read."""
        with self._session.begin() as session:
            video = session.scalars(select(Video.id).where(Video.content == content)).one()
            session.execute(delete(Reading).where(Reading.video_id == video))
            session.add(Reading(video_id=video, recipes=recipes, shots=list(shots)))

    def unread(self, contents: Collection[str]) -> None:
        """Have these read again, and all that is made of their readings made anew."""
        with self._session.begin() as session:
            for batch in batched(contents):
                ids = select(Video.id).where(Video.content.in_(batch))
                session.execute(delete(Reading).where(Reading.video_id.in_(ids)))
                session.execute(delete(Source).where(Source.video_id.in_(ids)))

    def replace(
        self,
        video_id: int,
        channel: str,
        source: SourceRecord,
        passages: Iterable[NewPassage],
        details: Details | None = None,
    ) -> None:
        """Put `passages`, and `details` if any, in the place of those that a video had."""
        with self._session.begin() as session:
            session.execute(word_queries.remove(Passage, video_id, channel))
            session.execute(word_queries.remove(Source, video_id, channel))
            session.add(
                Source(
                    video_id=video_id,
                    channel=channel,
                    key=source.key,
                    description=source.description,
                )
            )
            session.flush()
            rows = [_row(video_id, channel, i, one) for i, one in enumerate(passages)]
            index_passages(session, rows)
            if details is not None:
                replace_details(session, video_id, details)


def _row(video_id: int, channel: str, position: int, passage: NewPassage) -> dict[str, Any]:
    return {"video_id": video_id, "channel": channel, "position": position, **vars(passage)}
