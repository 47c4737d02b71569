"""What the catalog hands out: plain values, free of any session."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FileRecord:
    """A known path, and what it was when it was last looked at."""

    path: str
    size_bytes: int
    mtime_ns: int
    content: str | None
    """None when the file could not be indexed."""
    error_code: str | None
    error: str | None


@dataclass(frozen=True)
class VideoRecord:
    """A video of the library, under one of its paths."""

    id: int
    content: str
    path: str
    size_bytes: int
    duration_s: float
    width: int
    height: int
    codec: str
    container: str


@dataclass(frozen=True)
class ClipRecord:
    """A clip: `start_s < end_s`, seconds; `position` counts from 0 within its video."""

    id: int
    video_id: int
    position: int
    start_s: float
    end_s: float


@dataclass(frozen=True)
class EncodingRecord:
    """One shard of a live content."""

    id: int
    content: str
    checksum: str
    clip_count: int


@dataclass(frozen=True)
class ReadVideo:
    """A content that has a file and was read: `recipes` says how, part by part."""

    id: int
    content: str
    recipes: dict[str, str]
    duration_s: float
    fps: float | None


@dataclass(frozen=True)
class NewPassage:
    """Words of a video, to be entered: a sentence said, a line on screen, a name.

    Times are seconds, None for what holds for the whole video. `language` is the primary subtag,
    empty when unknown; `confidence` 0 to 1, None where a person wrote it.
    """

    text: str
    start_s: float | None = None
    end_s: float | None = None
    language: str = ""
    confidence: float | None = None


@dataclass(frozen=True)
class PassageRecord(NewPassage):
    """A passage of the catalog; `position` counts from 0 within its video and channel."""

    id: int = 0
    video_id: int = 0
    channel: str = ""
    position: int = 0


@dataclass(frozen=True)
class SourceRecord:
    """What one channel of a video was made from; another key means: make it anew."""

    key: str
    description: str


@dataclass(frozen=True)
class Garbage:
    """What the catalog no longer names, so that its files can be deleted."""

    shards: list[tuple[str, str]]
    """(encoder, content) of each."""
    contents: list[str]
    """Contents that are gone altogether, artwork included."""
