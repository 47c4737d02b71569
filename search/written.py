"""Moments by words: what is said, stands on screen, or is in a name."""

from __future__ import annotations

from collections.abc import Collection

from indexer.store.library import Library
from indexer.store.passages import PassageHit
from indexer.words.query import WordQuery
from search.evidence import NAME, SCREEN, SPEECH, Evidence, Match
from search.scope import EVERYTHING, Scope
from search.snippets import snippet

WORD_CHANNELS = (SPEECH, SCREEN, NAME)
SUREST = {SPEECH: 0.9, SCREEN: 0.9, NAME: 0.8}
"""Strength of a passage that holds every word. A name stands for a whole video."""
COVERAGE_POWER = 3.0
"""A passage with half of the words, by their rarity, is likely there by chance."""
WEAKEST = 0.02
"""What is weaker is no evidence: it would only fill the page with words."""
MOST_EXCLUDED = 10_000


class WrittenSearch:
    """Asks the catalog's full text."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def evidence(
        self, query: WordQuery, channels: Collection[str], k: int, scope: Scope = EVERYTHING
    ) -> list[Evidence]:
        """The `k` best passages of each of `channels` that are worth a word."""
        found = [
            _evidence(hit, query)
            for channel in WORD_CHANNELS
            if channel in channels
            for hit in self._library.catalog.words.search(query, [channel], k, scope.videos)
        ]
        return [evidence for evidence in found if evidence.strength >= WEAKEST]

    def excluded(self, query: WordQuery) -> list[Evidence]:
        """Where the words that must not be there are; strengths mean nothing."""
        if not (query.excluded or query.excluded_prefixes):
            return []
        found = []
        for phrase in query.excluded:
            unwanted = WordQuery(phrases=(phrase,))
            found += self.evidence(unwanted, WORD_CHANNELS, MOST_EXCLUDED)
        for prefix in query.excluded_prefixes:
            unwanted = WordQuery(prefixes=(prefix,))
            found += self.evidence(unwanted, WORD_CHANNELS, MOST_EXCLUDED)
        return found


def _evidence(hit: PassageHit, query: WordQuery) -> Evidence:
    part = snippet(hit.text, query, hit.language)
    match = Match(hit.channel, part.text, part.highlights, hit.start_s, hit.end_s)
    strength = SUREST[hit.channel] * hit.coverage**COVERAGE_POWER
    return Evidence(hit.channel, hit.video_id, hit.start_s, hit.end_s, strength, match)
