"""Full text over many passages: how fast they are entered and found, and how much they take.

    python -m benchmarks.fulltext --data FOLDER

In SQLite, and in the PostgreSQL database that VIDEOBERT_TEST_POSTGRES names, in a schema of its own
that is removed afterwards.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from benchmarks.catalogs import add_video, own_schema
from benchmarks.command import run
from benchmarks.library import temporary_folder
from benchmarks.table import Row, Section
from benchmarks.timing import Timing, wall_s
from indexer.store.batches import batched
from indexer.store.database import open_database, upgrade
from indexer.store.fulltext import index_passages, search_passages
from search.snippets import snippet
from search.words import parse_words

PASSAGES = 100_000
_PER_VIDEO = 100
_QUERIES = 200
_CHANNELS = ("speech", "speech", "speech", "screen", "name")


def measure_fulltext(data: Path, passages: int = PASSAGES) -> Section:
    """Rates, latencies and sizes with sentences that people wrote about pictures."""
    sentences = _sentences(data / "caption_text")
    asked, kept = sentences[:_QUERIES], sentences[_QUERIES:]
    texts = _repeated(kept, passages)
    with temporary_folder() as folder:
        path = folder / "catalog.sqlite"
        engine = open_database(path)
        rows = _measured(engine, "SQLite", texts, asked, folder)
        size = sum(file.stat().st_size for file in folder.iterdir())
        engine.dispose()
    rows.append(Row("SQLite, on disk", size / passages, "B a passage", _length(texts)))
    rows += _postgresql(texts, asked)
    return Section("full text", f"python -m benchmarks.fulltext --data {data}", tuple(rows))


def _postgresql(texts: list[str], asked: list[str]) -> list[Row]:
    url = os.environ.get("VIDEOBERT_TEST_POSTGRES")
    if not url:
        return [Row("PostgreSQL", None, remark="VIDEOBERT_TEST_POSTGRES is not set")]
    with own_schema(url) as engine:
        rows = _measured(engine, "PostgreSQL", texts, asked, Path(url))
        with engine.connect() as connection:
            size = connection.scalar(text("SELECT pg_total_relation_size('passages')"))
    return [*rows, Row("PostgreSQL, on disk", int(size or 0) / len(texts), "B a passage")]


def _measured(
    engine: Engine, name: str, texts: list[str], asked: list[str], place: Path
) -> list[Row]:
    upgrade(engine, place)
    _fill(engine, texts[:_PER_VIDEO], "warm")  # loads the stemmers
    seconds = wall_s(lambda: _fill(engine, texts, "videos"))
    rows = [Row(f"{name}, entered", len(texts) / seconds, "passages/s", f"of {len(texts):,}")]
    with Session(engine) as session:
        for kind, queries in _kinds(asked).items():
            ask = partial(_ask, session)
            for query in queries[:20]:
                ask(query)
            found = sum(bool(ask(query)) for query in queries)
            rows += Timing.of(ask, queries).rows(
                f"{name}, {kind}", f"{found} of them find something; such as {queries[0]}"
            )
        hits = search_passages(session, parse_words(asked[0]))
    shown = Timing.of(lambda hit: snippet(hit.text, parse_words(asked[0]), hit.language), hits)
    return rows + shown.rows(f"{name}, snippet") if name == "SQLite" else rows


def _ask(session: Session, query: str) -> list[Any]:
    return search_passages(session, parse_words(query))


def _kinds(asked: Sequence[str]) -> dict[str, list[str]]:
    """Queries of each kind, made of whole sentences."""
    words = [sentence.split() for sentence in asked]
    longest = [max(sentence, key=len) for sentence in words]
    phrases = [" ".join(max(pairwise(some), key=lambda two: sum(map(len, two)))) for some in words]
    return {
        "sentence": list(asked),
        "word": longest,
        "phrase": [f'"{phrase}"' for phrase in phrases],
        "prefix": [f"{word[:3]}*" for word in longest],
        "common words": ["man woman dog people street", "a man", "dog -cat", '"in the"', "ma*"] * 4,
    }


def _sentences(folder: Path) -> list[str]:
    """All sentences in a fixed order of chance."""
    lines = [line for path in sorted(folder.glob("*.tsv")) for line in _lines(path)]
    found = [line.split("\t", 1)[1].strip().replace('"', "") for line in lines if "\t" in line]
    found = [sentence for sentence in found if len(sentence.split()) > 3]
    random.Random(0).shuffle(found)
    return found


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()[1:]


def _repeated(sentences: Sequence[str], count: int) -> list[str]:
    """`count` of them; those that come again have a word of another at their end."""
    chance = random.Random(1)
    first = list(sentences[:count])
    again = [
        f"{chance.choice(sentences)} {chance.choice(chance.choice(sentences).split())}"
        for _ in range(count - len(first))
    ]
    return first + again


def _fill(engine: Engine, texts: list[str], name: str) -> None:
    """As the indexer does it: the passages of a video in one transaction."""
    for number, some in enumerate(batched(texts, _PER_VIDEO)):
        with Session(engine) as session, session.begin():
            path = f"{name}/{number}.mp4"
            video = add_video(session, path, path)
            index_passages(
                session, [_row(video, number, i, sentence) for i, sentence in enumerate(some)]
            )


def _row(video: int, number: int, position: int, sentence: str) -> dict[str, Any]:
    return {
        "video_id": video,
        "channel": _CHANNELS[number % len(_CHANNELS)],
        "position": position,
        "start_s": 3.0 * position,
        "end_s": 3.0 * position + 3,
        "text": sentence,
        "language": "en",
        "confidence": None,
    }


def _length(texts: Sequence[str]) -> str:
    mean = sum(len(sentence) for sentence in texts) / len(texts)
    return f"the whole catalog; a passage has {mean:.0f} characters"


if __name__ == "__main__":
    run([measure_fulltext], __doc__)
