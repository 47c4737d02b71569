"""Run files and qrels as TREC writes them, so that trec_eval, ir-measures or ranx can score them.

    run     QUERY Q0 DOCUMENT RANK SCORE TAG
    qrels   QUERY 0 DOCUMENT GAIN

Readers go by the score, not by the rank; of equal scores the document whose name sorts last comes
first, as in trec_eval. Names must have no blanks: a video is called by its content's SHA-256,
which it keeps in every library, and a query by a hash of its words.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from indexer.errors import UnreadableFile
from indexer.store.atomic import write_atomically
from indexer.textfiles import read_text

Run = dict[str, dict[str, float]]
"""Query -> document -> score."""
Qrels = dict[str, dict[str, int]]
"""Query -> document -> gain."""
TAG = "videobert"
_ABSENT = "absent:"


def query_name(text: str) -> str:
    """The same for the same words, so that runs over other lists of queries can be compared."""
    return "q" + hashlib.sha256(text.encode()).hexdigest()[:12]


def absent_name(video: str) -> str:
    """Of a video that the library does not have: its path, with blanks and such as %20."""
    return _ABSENT + quote(video, safe="/", errors="surrogatepass")


def ranking(scores: Mapping[str, float]) -> list[str]:
    """Documents, best first, as trec_eval orders them."""
    return sorted(sorted(scores, reverse=True), key=lambda name: -scores[name])


def write_run(path: Path, run: Run, tag: str = TAG) -> None:
    """Write a run; scores keep all their digits. Queries that found nothing have no line."""
    lines = (
        f"{query} Q0 {document} {rank} {scores[document]!r} {tag}"
        for query, scores in run.items()
        for rank, document in enumerate(ranking(scores), 1)
    )
    _write(path, lines)


def write_qrels(path: Path, qrels: Qrels) -> None:
    """Write what is wanted of each query."""
    lines = (
        f"{query} 0 {document} {gain}"
        for query, wanted in qrels.items()
        for document, gain in wanted.items()
    )
    _write(path, lines)


def read_run(path: Path) -> Run:
    """Raises indexer.errors.UnreadableFile, which names the line."""
    run: Run = {}
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if fields := line.split():
            query, document, score = _fields(path, number, fields)
            scores = run.setdefault(query, {})
            if document in scores:
                raise _unreadable(path, number, f"names {document} twice for {query}")
            scores[document] = score
    if not run:
        raise UnreadableFile(path, "holds no result", "Write one with `videobert evaluate --run`.")
    return run


def _fields(path: Path, number: int, fields: list[str]) -> tuple[str, str, float]:
    if len(fields) != 6:
        raise _unreadable(path, number, f"has {len(fields)} fields, not 6")
    try:
        score = float(fields[4])
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        raise _unreadable(path, number, f"has the score {fields[4]}, which is no number")
    return fields[0], fields[2], score


def _unreadable(path: Path, number: int, reason: str) -> UnreadableFile:
    remedy = "A line of a run file is: query Q0 document rank score tag."
    return UnreadableFile(f"{path}:{number}", reason, remedy)


def _write(path: Path, lines: Iterator[str]) -> None:
    write_atomically(path, "".join(f"{line}\n" for line in lines).encode())
