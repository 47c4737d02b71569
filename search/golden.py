"""Golden queries: what saved queries have to find, and whether a new generation still does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import GenerationRefused, LibraryError
from indexer.store.library import Library
from indexer.store.notes import Notes
from indexer.store.saved_queries import SavedQuery
from indexer.store.stored_moment import StoredMoment
from model.encoder import Encoder
from model.errors import ModelError
from search.engine import SearchEngine
from search.errors import SearchError
from search.results import Moment, SearchResult

TOP_K = 10
OVERLAP = 0.5
"""Part of the shorter of two stretches that they must share to be the same moment: their edges
move when shots are found anew."""


@dataclass(frozen=True)
class Worse:
    """A saved query that finds less than before."""

    name: str
    before: int
    after: int
    expected: int
    """Numbers of expected answers: found by the live generation, by the candidate, and in all."""

    def __str__(self) -> str:
        return f"{self.name!r} finds {self.after} of {self.expected} (before: {self.before})"


class GoldenGate:
    """Lets a candidate live if saved queries find in it what the live generation finds."""

    def __init__(
        self,
        root: Path,
        encoder: Encoder,
        *,
        k: int = TOP_K,
        tolerance: float = 0.0,
        accept_worse: bool = False,
    ) -> None:
        """`tolerance` is how much recall a query may lose, 0 to 1; `accept_worse` only notes."""
        self._root = root
        self._encoder = encoder
        self._k = k
        self._tolerance = tolerance
        self._accept_worse = accept_worse

    def __call__(self, candidate: Path) -> list[dict[str, object]]:
        """What was checked of the candidate in this folder. Raises GenerationRefused."""
        with Notes(self._root) as notes:
            queries = [query for query in notes.saved_queries.list() if query.expected]
        if not queries:
            return []
        try:
            before = self._before(queries)
        except (LibraryError, ModelError) as error:
            # damaged, or its model is gone: a rebuild mends that, and must not be kept from it
            return [_check(f"not compared: {error}")]
        worse = self._worse(queries, before, candidate)
        named = "; ".join(map(str, worse))
        if worse and not self._accept_worse:
            raise GenerationRefused(
                f"The new generation was not made live: saved queries find less in the best "
                f"{self._k}: {named}. The one before serves on. See `videobert query show`, mend "
                "the query or what it expects, or run `videobert rebuild --accept-worse`."
            )
        count = f"{len(queries)} saved queries"
        return [_check(f"{count}; accepted as worse: {named}" if worse else count)]

    def _before(self, queries: Sequence[SavedQuery]) -> list[set[StoredMoment]]:
        """What the live generation finds. Raises LibraryError, ModelError."""
        with SearchEngine.open(self._root, known=self._encoder) as engine:
            return [found(engine, query, self._k) for query in queries]

    def _worse(
        self, queries: Sequence[SavedQuery], before: list[set[StoredMoment]], candidate: Path
    ) -> list[Worse]:
        new = Library.open(self._root, candidate=candidate)
        with SearchEngine(new, self._encoder) as engine:
            after = [found(engine, query, self._k) for query in queries]
            present = [len(golden_answers(engine, query)) for query in queries]
        rows = zip(queries, before, after, present, strict=True)
        return [
            Worse(query.name, len(had), len(has), count)
            for query, had, has, count in rows
            if count and len(has) / count < len(had) / count - self._tolerance
        ]


def _check(detail: str) -> dict[str, object]:
    return {"name": "golden queries", "detail": detail}


def golden_answers(engine: SearchEngine, query: SavedQuery) -> dict[StoredMoment, int]:
    """What a query has to find, with its video's id; what has left the library is left out."""
    ids = engine.ids_of({one.content for one in query.expected})
    return {one: ids[one.content] for one in query.expected if one.content in ids}


def found(engine: SearchEngine, query: SavedQuery, k: int = TOP_K) -> set[StoredMoment]:
    """The expected answers among the best `k`; none where the question cannot be asked any more."""
    try:
        result = ask(engine, query.text, k)
    except SearchError:  # such as a video that is gone: it finds nothing, and counts as that
        return set()
    return {
        one
        for one, video in golden_answers(engine, query).items()
        if any(_is_at(moment, video, one) for moment in result.moments)
    }


def ask(engine: SearchEngine, text: str, k: int) -> SearchResult:
    """The answer to a saved question: the one place that says how they are asked."""
    return engine.search(text, k)


def _is_at(moment: Moment, video: int, expected: StoredMoment) -> bool:
    """Whether it, or one of its near copies, is the expected moment."""
    places = [(moment.video_id, moment.start_s, moment.end_s)]
    places += [(copy.video_id, copy.start_s, copy.end_s) for copy in moment.copies]
    return any(
        where == video and _overlap(start_s, end_s, expected) >= OVERLAP
        for where, start_s, end_s in places
    )


def _overlap(start_s: float, end_s: float, expected: StoredMoment) -> float:
    shared = min(end_s, expected.end_s) - max(start_s, expected.start_s)
    return shared / min(end_s - start_s, expected.end_s - expected.start_s)
