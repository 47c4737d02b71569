"""Answers to words: every channel is asked, and what they find becomes one ranking."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.copies.match import Kind
from indexer.store.library import Library
from indexer.words.query import WordQuery
from model.encoder import Encoder
from search.evidence import NAME, PICTURE, SPEECH, Evidence
from search.folding import Folding
from search.fusion import Candidate, fuse
from search.pictures import PictureSearch
from search.scope import EVERYTHING, Scope
from search.spoken import SpokenSearch
from search.written import WrittenSearch

DEPTH = 5
"""Each channel gives so many times the wanted number of moments: they may be the same ones."""

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
        found = fuse(self.evidence(query, vector, DEPTH * k, channels, scope))
        if query.phrases or query.prefixes:  # they have to be there
            found = [c for c in found if any(match.highlights for match in c.matches)]
        unwanted = self._written.excluded(query)
        kept = [candidate for candidate in found if not _is_hit(candidate, unwanted)]
        placed = (self._placed(candidate, vector) for candidate in kept)
        found = [candidate for candidate in placed if candidate is not None]
        return (self._folding.fold(found) if fold else found)[:k]

    def _placed(self, candidate: Candidate, vector: Float32 | None) -> Candidate | None:
        """One that only a name speaks for, at its video's best moment."""
        if set(candidate.strengths) != {NAME}:
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
            before = found[i]
            found[i] = Evidence(
                SPEECH, one.video_id, one.start_s, one.end_s, one.strength, before.match
            )
    return found


def _is_hit(candidate: Candidate, unwanted: Iterable[Evidence]) -> bool:
    return any(
        one.video_id == candidate.video_id
        and (one.start_s is None or one.end_s is None or candidate.meets(one.start_s, one.end_s))
        for one in unwanted
    )
