"""Small colour videos, what a library holds in a form that compares, and faults at chosen steps."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, event

from indexer.errors import LibraryNotFound
from indexer.hashing import content_hash
from indexer.store.library import Library
from indexer.store.shards import read_shard
from tests.conftest import ColourEncoder
from tests.synthetic import Clip, constant_rate, write_clip

FPS = 4
DERIVED = "media"
"""The folder of a library where a fault costs no more than a poster."""

Colour = tuple[int, int, int]


def write_video(path: Path, *colours: Colour, seconds: float = 2.0) -> Path:
    """A small MP4 that shows each colour for `seconds`. Other arguments make other bytes."""
    each = round(seconds * FPS)

    def draw(index: int, width: int, height: int) -> NDArray[np.uint8]:
        return np.full((height, width, 3), colours[index // each], np.uint8)

    times = constant_rate(FPS, each * len(colours) / FPS)
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_clip(path, Clip(times, draw=draw, width=32, height=32))


def write_subtitles(path: Path, *texts: str) -> Path:
    """Each text for a fifth of a second."""
    lines = ["WEBVTT\n"] if path.suffix == ".vtt" else []
    for i, text in enumerate(texts):
        lines.append(f"{i + 1}\n00:00:00.{2 * i}00 --> 00:00:00.{2 * i + 2}00\n{text}\n")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@dataclass(frozen=True)
class Holding:
    """The clips of one content in one generation: (C, 2) seconds and (C, dim) vectors."""

    times: NDArray[np.float64]
    vectors: NDArray[np.float32]


@dataclass(frozen=True)
class Snapshot:
    """What a library holds, free of ids: what two libraries of the same files must agree on."""

    files: dict[str, str | None]
    """Path to content; None for a file that failed."""
    holdings: dict[str, Holding]
    """Content to its clips in the live generation."""
    passages: dict[str, list[Passage]]
    """Content to all its words, by channel and position."""


Passage = tuple[str, int, float | None, float | None, str, str]
"""(channel, position, start, end, text, language)."""


def snapshot(library: Path) -> Snapshot:
    """Open a library and check that SQL, FAISS and shards agree. Raises LibraryNotFound."""
    with Library.open(library) as opened:
        rows = _clips_in_sql(library, opened.generation.number)
        ids = [row[0] for row in rows]
        vectors = opened.generation.vectors
        assert vectors.ids().tolist() == sorted(ids), "FAISS and SQL hold different clips"
        values = vectors.vectors(np.array(ids, np.int64)) if ids else np.empty((0, 3), np.float32)
        files = {path: record.content for path, record in opened.catalog.files().items()}
        passages = _passages_in_sql(library)
        _check_sentences(opened)
    holdings = {}
    for content in {row[1] for row in rows}:
        mine = [i for i, row in enumerate(rows) if row[1] == content]
        times = np.array([rows[i][3:] for i in mine])
        assert [rows[i][2] for i in mine] == list(range(len(mine))), "a clip's position is missing"
        holdings[content] = Holding(times, values[mine])
    return Snapshot(files, holdings, passages)


def _passages_in_sql(library: Path) -> dict[str, list[Passage]]:
    """Of contents that have a file, read past the catalog."""
    statement = """
        SELECT DISTINCT content, channel, position, start_s, end_s, text, language FROM passages
        JOIN videos ON videos.id = passages.video_id JOIN files ON files.video_id = videos.id
        ORDER BY content, channel, position"""
    found: dict[str, list[Passage]] = {}
    with closing(sqlite3.connect(library / "catalog.sqlite")) as connection:
        for content, *passage in connection.execute(statement):
            found.setdefault(content, []).append(tuple(passage))
        terms = {row[0] for row in connection.execute("SELECT rowid FROM passage_terms")}
        ids = {row[0] for row in connection.execute("SELECT id FROM passages")}
    assert terms == ids, "full text and passages differ"
    return found


def _check_sentences(opened: Library) -> None:
    """Each sentence of the colour encoder has the vector of its own text."""
    sentences = opened.generation.sentences
    if sentences.dim != ColourEncoder.dim:
        return
    ids = sentences.ids()
    known = opened.catalog.words.passages(ids.tolist())
    for passage in known.values():
        (vector,) = sentences.vectors(np.array([passage.id], np.int64))
        expected = ColourEncoder().encode_text([passage.text])[0]
        np.testing.assert_allclose(vector, expected, atol=1e-6)


def spoken(library: Path) -> list[str]:
    """The sentences that have a vector in the live generation, by id."""
    with Library.open(library) as opened:
        ids = opened.generation.sentences.ids().tolist()
        known = opened.catalog.words.passages(ids)
    return [known[i].text for i in ids]


def _clips_in_sql(library: Path, generation: int) -> list[tuple[int, str, int, float, float]]:
    """(id, content, position, start, end) of a generation's clips, read past the catalog."""
    statement = """
        SELECT clips.id, videos.content, position, start_s, end_s FROM members
        JOIN encodings ON encodings.id = members.encoding_id
        JOIN videos ON videos.id = encodings.video_id
        JOIN clips ON clips.encoding_id = encodings.id
        WHERE members.generation = ? ORDER BY content, position"""
    with closing(sqlite3.connect(library / "catalog.sqlite")) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return connection.execute(statement, [generation]).fetchall()


def assert_same_holdings(found: dict[str, Holding], expected: dict[str, Holding]) -> None:
    """The same contents with the same clips; vectors to 1e-6."""
    assert found.keys() == expected.keys()
    for content, holding in expected.items():
        np.testing.assert_array_equal(found[content].times, holding.times)
        np.testing.assert_allclose(found[content].vectors, holding.vectors, atol=1e-6)


def assert_opens(library: Path, truth: dict[str, Holding]) -> None:
    """The library opens, and what it holds is true; or nothing was ever published."""
    try:
        held = snapshot(library).holdings
    except LibraryNotFound:
        assert not (library / "CURRENT").exists()
        return
    assert_same_holdings(held, {content: truth[content] for content in held})


def assert_mirrors(library: Path, folder: Path, truth: dict[str, Holding]) -> None:
    """Files, contents, clips, vectors and shards are those of the videos in `folder`."""
    on_disk = {path: content_hash(path) for path in folder.rglob("*.mp4")}
    expected = {str(path): c if c in truth else None for path, c in on_disk.items()}
    found = snapshot(library)
    assert found.files == expected
    said = sorted(
        text for rows in found.passages.values() for ch, *_, text, _ in rows if ch == "speech"
    )
    assert sorted(spoken(library)) == said
    contents = {content for content in expected.values() if content is not None}
    assert_same_holdings(found.holdings, {content: truth[content] for content in contents})
    with Library.open(library) as opened:
        for content in contents:
            shard = read_shard(opened.paths.shard(opened.generation.manifest.encoder, content))
            np.testing.assert_allclose(shard.clips, truth[content].vectors, atol=1e-6)


@dataclass
class _Fault:
    """What happens at one of the steps that change a library's disk."""

    library: str
    at: int
    action: Callable[[], None]
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.at + 1:
            self.action()


_armed: list[_Fault] = []
_CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree")


def _watch(name: str, arguments: tuple[object, ...]) -> None:
    """Python's own report of what it is about to do to the file system."""
    if not _armed or not (name in _CHANGES or name == "open"):
        return
    if name == "open" and not int(str(arguments[2])) & (os.O_WRONLY | os.O_RDWR):
        return
    place, fault = arguments[0], _armed[0]
    if not isinstance(place, str | Path) or not str(place).startswith(fault.library):
        return
    if Path(place).relative_to(fault.library).parts[:1] != (DERIVED,):
        fault.step()


@contextmanager
def fault(library: Path, at: int, action: Callable[[], None]) -> Iterator[_Fault]:
    """Call `action` just before the `at`-th change (from 0) to the library's files or tables.

    Writes, renames, removals and commits are counted; `action` raises, or kills the process.
    """
    if not hasattr(sys, "_videobert_watch"):  # a hook cannot be taken out again
        sys.addaudithook(_watch)
        sys._videobert_watch = True  # type: ignore[attr-defined]
    armed = _Fault(f"{library}{os.sep}", at, action)

    def before_commit(_connection: object) -> None:
        armed.step()

    event.listen(Engine, "commit", before_commit)
    _armed.append(armed)
    try:
        yield armed
    finally:
        _armed.remove(armed)
        event.remove(Engine, "commit", before_commit)
