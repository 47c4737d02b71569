"""Moments by words: what is said, stands on screen, or is in a name."""

from __future__ import annotations

import math
from collections.abc import Collection

from indexer.store.library import Library
from indexer.store.passages import PassageHit
from indexer.store.records import PassageRecord
from indexer.words.query import WordQuery
from search.evidence import NAME, SCREEN, SPEECH, WEAKEST, Evidence, Match
from search.scope import EVERYTHING, Scope
from search.snippets import snippet

WORD_CHANNELS = (SPEECH, SCREEN, NAME)
SUREST = {SPEECH: 0.9, SCREEN: 0.9, NAME: 0.8}
"""Strength of a passage that holds every word. A name stands for a whole video."""
COVERAGE_POWER = 4.0
"""A passage with half of the words, by their rarity, has them by chance: alone it is no match."""


class WrittenSearch:
    """Asks the catalog's full text."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def evidence(
        self, query: WordQuery, channels: Collection[str], k: int, scope: Scope = EVERYTHING
    ) -> list[Evidence]:
        """The `k` best passages of each of `channels` that are worth a word."""
        return [_evidence(hit, query) for hit in self._hits(query, channels, k, scope)]

    def videos(
        self, query: WordQuery, channels: Collection[str], k: int, scope: Scope = EVERYTHING
    ) -> set[int]:
        """The videos of these passages."""
        return {hit.video_id for hit in self._hits(query, channels, k, scope)}

    def _hits(
        self, query: WordQuery, channels: Collection[str], k: int, scope: Scope
    ) -> list[PassageHit]:
        asked = [channel for channel in WORD_CHANNELS if channel in channels]
        hits = self._library.catalog.words.search_channels(query, asked, k, scope.videos)
        # what has to be there is worth showing, however little there is of the rest
        least = 0.0 if query.phrases or query.prefixes else WEAKEST
        return [hit for hit in hits if _strength(hit) >= least]

    def unwanted(self, query: WordQuery, videos: Collection[int]) -> list[PassageRecord]:
        """Where in `videos` the words are that must not be there, whatever channels are asked."""
        return self._library.catalog.words.unwanted(query, videos)


def _evidence(hit: PassageHit, query: WordQuery) -> Evidence:
    part = snippet(hit.text, query, hit.language)
    match = Match(hit.channel, part.text, part.highlights, hit.start_s, hit.end_s)
    return Evidence(
        hit.channel, hit.video_id, hit.start_s, hit.end_s, _strength(hit), match, by_words=True
    )


def _strength(hit: PassageHit) -> float:
    return SUREST[hit.channel] * math.pow(min(1.0, hit.coverage), COVERAGE_POWER)
