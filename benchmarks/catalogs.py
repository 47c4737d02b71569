"""Catalogs with made-up videos, for measurements and for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from indexer.store.schema import File, Video


@contextmanager
def own_schema(url: str) -> Iterator[Engine]:
    """An engine on a PostgreSQL database that sees an empty schema, and nothing else of it.

    The schema is removed afterwards, with all that is in it.
    """
    name = f"videobert_{uuid4().hex}"
    everything = create_engine(url)
    with everything.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    engine = create_engine(url, connect_args={"options": f"-csearch_path={name}"})
    try:
        yield engine
    finally:
        engine.dispose()
        with everything.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        everything.dispose()


def add_video(session: Session, content: str, path: str | None) -> int:
    """Enter a video of a minute, with a file at `path` unless that is None; returns its id.

    `content`, any text, must be new.
    """
    video = Video(
        content=content,
        size_bytes=1,
        duration_s=60.0,
        width=640,
        height=480,
        codec="h264",
        container="mp4",
        warnings=[],
    )
    session.add(video)
    session.flush()
    if path is not None:
        session.add(File(path=path, size_bytes=1, mtime_ns=1, video_id=video.id))
    return video.id
