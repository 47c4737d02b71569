"""A made-up library in a real catalog and vector store, and filters whose answer is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from indexer.store import schema
from indexer.store.catalog import Catalog
from indexer.store.database import open_database, upgrade
from indexer.store.filters import Filters
from indexer.store.fulltext import index_passages
from indexer.store.generation import Generation, Manifest
from indexer.store.library import Library
from indexer.store.paths import LibraryPaths
from indexer.store.vectors import FaissStore, Float32

CLIPS = 4
"""Clips of a video, 3 s each; it also says one sentence and shows one line."""
KINDS = 100
"""Folders, tags and cameras: each has about 1 % of the videos."""
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_SYLLABLES = ("ba", "do", "ke", "lu", "mi", "na", "po", "ru", "ti", "zo")
WORDS = [a + b + c for a in _SYLLABLES for b in _SYLLABLES for c in _SYLLABLES[:3]]

Mask = NDArray[np.bool_]
Int64 = NDArray[np.int64]


@dataclass(frozen=True)
class Videos:
    """What is known of (V,) videos with the ids 1 to V, apart from the catalog."""

    kind: Int64
    """Folder, tag and camera, columns 0 to 2 of (V, 3)."""
    common: Mask
    """Whether they have the tag that 90 % have."""
    duration_s: NDArray[np.float64]
    day: Int64

    @classmethod
    def random(cls, count: int, chance: np.random.Generator) -> Videos:
        return cls(
            kind=chance.integers(KINDS, size=(count, 3)),
            common=chance.random(count) < 0.9,
            duration_s=np.round(chance.uniform(12, 4000, count), 1),
            day=chance.integers(1000, size=count),
        )

    def narrow(self, chance: np.random.Generator) -> tuple[Filters, Mask]:
        """A filter that lets about 1 % through, and which videos those are."""
        number, start = int(chance.integers(KINDS)), int(chance.integers(990))
        least = float(chance.uniform(12, 3900))
        after, before = (_EPOCH + timedelta(days=d) for d in (start, start + 10))
        one = self.kind == number
        options: list[tuple[Filters, Mask]] = [
            (Filters(folder=f"/films/{number}"), one[:, 0]),
            (Filters(tags=(f"tag{number}",)), one[:, 1]),
            (Filters(camera=f"Maker No{number}."), one[:, 2]),
            (
                Filters(longer_s=least, shorter_s=least + 40),
                (self.duration_s >= least) & (self.duration_s <= least + 40),
            ),
            (Filters(after=after, before=before), (self.day >= start) & (self.day < start + 10)),
            (Filters(tags=("common", f"tag{number}")), self.common & one[:, 1]),
        ]
        return options[int(chance.integers(len(options)))]

    def wide(self, chance: np.random.Generator) -> tuple[Filters, Mask]:
        """A filter that lets about 90 % through, and which videos those are."""
        day, least = int(chance.integers(80, 120)), float(chance.uniform(300, 500))
        options: list[tuple[Filters, Mask]] = [
            (Filters(tags=("common",)), self.common),
            (Filters(after=_EPOCH + timedelta(days=day)), self.day >= day),
            (Filters(before=_EPOCH + timedelta(days=1000 - day)), self.day < 1000 - day),
            (Filters(longer_s=least), self.duration_s >= least),
            (Filters(folder="/films", shorter_s=4000 - least), self.duration_s <= 4000 - least),
        ]
        return options[int(chance.integers(len(options)))]


@dataclass(frozen=True)
class FilteredLibrary:
    """The library, and beside it all vectors, by which it is checked."""

    library: Library
    videos: Videos
    clips: Float32
    """(CLIPS * V, dim) of the clips with the ids 1, 2, ..., video by video."""
    sentences: Float32
    """(V, dim)."""
    sentence_ids: Int64
    """(V,) ids of what the videos say."""

    def close(self) -> None:
        self.library.close()


def make_library(folder: Path, count: int, dim: int, seed: int = 0) -> FilteredLibrary:
    """`count` videos in a catalog in `folder`, with unit vectors of chance."""
    chance = np.random.default_rng(seed)
    videos = Videos.random(count, chance)
    paths = LibraryPaths(folder)
    engine = open_database(paths.catalog)
    upgrade(engine, paths.catalog)
    with Session(engine) as session, session.begin():
        _enter(session, videos)
        index_passages(session, _passages(count, chance))
        said = select(schema.Passage.id).where(schema.Passage.channel == "speech")
        ids = session.scalars(said.order_by(schema.Passage.video_id)).all()
    engine.dispose()
    sentence_ids = np.array(ids, np.int64)
    clips, sentences = unit_vectors(CLIPS * count, dim, chance), unit_vectors(count, dim, chance)
    stores = FaissStore(dim), FaissStore(dim)
    stores[0].add(np.arange(1, len(clips) + 1, dtype=np.int64), clips)
    stores[1].add(sentence_ids, sentences)
    manifest = Manifest(1, "made up", dim, len(clips), 0, "", 0, "")
    library = Library(paths, Catalog(paths.catalog), Generation(manifest, *stores))
    return FilteredLibrary(library, videos, clips, sentences, sentence_ids)


def unit_vectors(count: int, dim: int, chance: np.random.Generator) -> Float32:
    """(count, dim) in all directions."""
    vectors = chance.standard_normal((count, dim), np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _enter(session: Session, videos: Videos) -> None:
    """Videos with files, details, tags and clips, all in generation 1."""
    count = len(videos.day)
    session.execute(insert(schema.Generation).values(number=1, encoder="made up", clip_count=0))
    for table, row in _TABLES:
        rows = [row(videos, i) for i in range(count)]
        session.execute(insert(table), [one for some in rows for one in some])


def _video(videos: Videos, i: int) -> list[dict[str, Any]]:
    rest = {"size_bytes": 1, "width": 640, "height": 480, "fps": 25.0, "codec": "h264"}
    rest |= {"container": "mp4", "warnings": []}
    duration_s = float(videos.duration_s[i])
    return [{"id": i + 1, "content": f"{i:064x}", "duration_s": duration_s, **rest}]


def _file(videos: Videos, i: int) -> list[dict[str, Any]]:
    path = f"/films/{videos.kind[i, 0]}/{i}.mp4"
    return [{"path": path, "size_bytes": 1, "mtime_ns": 1, "video_id": i + 1}]


def _details(videos: Videos, i: int) -> list[dict[str, Any]]:
    texts = dict.fromkeys(("title", "description", "author", "language", "url"), "")
    camera = f"Maker No{videos.kind[i, 2]}."
    recorded_at = _EPOCH + timedelta(days=int(videos.day[i]))
    return [{"video_id": i + 1, "camera": camera, "recorded_at": recorded_at, **texts}]


def _tags(videos: Videos, i: int) -> list[dict[str, Any]]:
    tags = [f"tag{videos.kind[i, 1]}"] + ["common"] * bool(videos.common[i])
    return [{"video_id": i + 1, "tag": tag} for tag in tags]


def _encoding(videos: Videos, i: int) -> list[dict[str, Any]]:
    row = {"video_id": i + 1, "encoder": "made up", "checksum": "", "clip_count": CLIPS}
    return [{"id": i + 1, **row}]


def _member(videos: Videos, i: int) -> list[dict[str, Any]]:
    return [{"generation": 1, "encoding_id": i + 1}]


def _clips(videos: Videos, i: int) -> list[dict[str, Any]]:
    return [
        {
            "id": CLIPS * i + n + 1,
            "encoding_id": i + 1,
            "position": n,
            "start_s": 3.0 * n,
            "end_s": 3.0 * n + 3,
        }
        for n in range(CLIPS)
    ]


_Rows = Callable[[Videos, int], list[dict[str, Any]]]
_TABLES: tuple[tuple[type[Any], _Rows], ...] = (
    (schema.Video, _video),
    (schema.File, _file),
    (schema.Details, _details),
    (schema.Tag, _tags),
    (schema.Encoding, _encoding),
    (schema.Member, _member),
    (schema.Clip, _clips),
)


def _passages(count: int, chance: np.random.Generator) -> list[dict[str, Any]]:
    """Five words that each video says, and five that it shows."""
    rest = {"position": 0, "start_s": 0.0, "end_s": 3.0, "language": "en", "confidence": None}
    return [
        {"video_id": i + 1, "channel": channel, "text": " ".join(chance.choice(WORDS, 5)), **rest}
        for i in range(count)
        for channel in ("speech", "screen")
    ]
