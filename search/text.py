"""Answers to words: every channel is asked, and what they find becomes one ranking."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from indexer.copies.match import Kind
from indexer.store.library import Library
from indexer.store.records import PassageRecord
from indexer.words.query import WordQuery
from model.encoder import Encoder
from search.evidence import PICTURE, SPEECH, Evidence
from search.folding import Folding
from search.fusion import Candidate, fuse
from search.pictures import PictureSearch
from search.scope import EVERYTHING, Scope
from search.spoken import SpokenSearch
from search.written import WrittenSearch

DEPTH = 5
"""Each channel gives so many times the wanted number of moments: they may be the same ones."""
MOST_MORE = 400
"""But not more than so many above it."""

Float32 = NDArray[np.float32]


class TextSearch:
    """Asks the channels of one generation."""

    def __init__(self, library: Library, encoder: Encoder, pictures: PictureSearch) -> None:
        self._encoder = encoder
        self._pictures = pictures
        self._spoken = SpokenSearch(library)
        self._written = WrittenSearch(library)
        self._folding = Folding(library.catalog.copies.matches([Kind.COPY]))

    def candidates(
        self,
        queries: Sequence[WordQuery],
        k: int,
        channels: Collection[str],
        scope: Scope = EVERYTHING,
        *,
        fold: bool = True,
    ) -> list[list[Candidate]]:
        """For each query its best moments, `k` or fewer, best first; copies folded unless told.

        The encoder is not asked where nothing needs it: neither what is seen nor what is meant.
        """
        vectors = self._vectors(queries, channels)
        return [
            self._answer(query, vector, k, channels, scope, fold)
            for query, vector in zip(queries, vectors, strict=True)
        ]

    def evidence(
        self,
        query: WordQuery,
        vector: Float32 | None,
        k: int,
        channels: Collection[str],
        scope: Scope = EVERYTHING,
    ) -> list[Evidence]:
        """What all channels find, `k` moments each; `vector` is of the query's plain words."""
        found = self._written.evidence(query, channels, k, scope)
        if vector is not None and SPEECH in channels:
            found = _by_meaning(found, self._spoken.evidence(vector, k, scope))
        if vector is not None and PICTURE in channels:
            found += self._pictures.evidence(query.plain, vector, k, scope)
        return found

    def _vectors(
        self, queries: Sequence[WordQuery], channels: Collection[str]
    ) -> list[Float32 | None]:
        """Of the queries that have words to be understood, encoded together."""
        asked = [i for i, query in enumerate(queries) if _needs_encoder(query, channels)]
        vectors: list[Float32 | None] = [None] * len(queries)
        if asked:
            encoded = self._encoder.encode_text([queries[i].plain for i in asked])
            for i, vector in zip(asked, encoded, strict=True):
                vectors[i] = vector
        return vectors

    def _answer(
        self,
        query: WordQuery,
        vector: Float32 | None,
        k: int,
        channels: Collection[str],
        scope: Scope,
        fold: bool,
    ) -> list[Candidate]:
        depth = k + min((DEPTH - 1) * k, MOST_MORE)
        found = fuse(self.evidence(query, vector, depth, channels, scope))
        if query.phrases or query.prefixes:  # they have to be there
            found = [candidate for candidate in found if candidate.by_words]
        placed = (self._placed(candidate, vector) for candidate in found)
        found = [candidate for candidate in placed if candidate is not None]
        found = self._allowed(query, found)
        return (self._folding.fold(found) if fold else found)[:k]

    def _allowed(self, query: WordQuery, found: list[Candidate]) -> list[Candidate]:
        """Without those that hold what must not be there."""
        unwanted: dict[int, list[PassageRecord]] = {}
        for one in self._written.unwanted(query, {candidate.video_id for candidate in found}):
            unwanted.setdefault(one.video_id, []).append(one)
        return [c for c in found if not _holds(c, unwanted.get(c.video_id, ()))]

    def _placed(self, candidate: Candidate, vector: Float32 | None) -> Candidate | None:
        """One that only a name speaks for, at its video's best moment."""
        if not candidate.nowhere:
            return candidate
        best = self._pictures.best_of(candidate.video_id, vector)
        if best is None or best.start_s is None or best.end_s is None:
            return None  # not in this generation
        candidate.start_s, candidate.end_s = best.start_s, best.end_s
        return candidate


def _needs_encoder(query: WordQuery, channels: Collection[str]) -> bool:
    """Whether there are words that may be seen, or said in other words."""
    return bool(query.words) and bool({PICTURE, SPEECH} & set(channels))


def _by_meaning(written: list[Evidence], spoken: Iterable[Evidence]) -> list[Evidence]:
    """Both; sentences that were found by their words keep the words that match."""
    known = {
        (one.video_id, one.start_s): i for i, one in enumerate(written) if one.channel == SPEECH
    }
    found = list(written)
    for one in spoken:
        i = known.get((one.video_id, one.start_s))
        if i is None:
            found.append(one)
        elif one.strength > found[i].strength:
            found[i] = replace(found[i], strength=one.strength)
    return found


def _holds(candidate: Candidate, passages: Iterable[PassageRecord]) -> bool:
    return any(
        one.start_s is None or one.end_s is None or candidate.meets(one.start_s, one.end_s)
        for one in passages
    )
