"""Answers to one clause: every channel is asked, and what they find becomes one ranking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from indexer.store.library import Library
from indexer.store.records import PassageRecord
from indexer.words.query import WordQuery
from search.asked import Asked
from search.background import Background
from search.evidence import PICTURE, SPEECH, Evidence
from search.fusion import Candidate, fuse
from search.pictures import PictureSearch
from search.scope import EVERYTHING, Scope
from search.spoken import SpokenSearch
from search.written import WrittenSearch

DEPTH = 5
"""Each channel gives so many times the wanted number of moments: they may be the same ones."""
MOST_MORE = 400
"""But not more than so many above it."""
DEEPEST = 5000
"""Where words that must or must not be there leave too few of them, it goes down to here."""


class TextSearch:
    """Asks the channels of one generation."""

    def __init__(self, library: Library, pictures: PictureSearch, background: Background) -> None:
        self._pictures = pictures
        self._spoken = SpokenSearch(library, background)
        self._written = WrittenSearch(library)

    def candidates(self, asked: Asked, k: int, scope: Scope = EVERYTHING) -> list[Candidate]:
        """Moments, best first: `k` or more, or all that the best `DEEPEST` of each channel make.

        Those of one video do not overlap. Copies are not folded.
        """
        depth = k + min((DEPTH - 1) * k, MOST_MORE)
        while True:
            evidence = self.evidence(asked, depth, scope)
            found = self._moments(asked, evidence)
            if len(found) >= k or depth >= DEEPEST or not _may_go_on(evidence, depth, asked.words):
                return found
            depth = min(4 * depth, DEEPEST)

    def _moments(self, asked: Asked, evidence: list[Evidence]) -> list[Candidate]:
        """What evidence makes, of which all holds that is asked of words."""
        found = fuse(evidence)
        if _has_to_hold(asked.words):
            found = [candidate for candidate in found if candidate.by_words]
        return self._allowed(asked.words, self._placed(found, asked))

    def evidence(self, asked: Asked, k: int, scope: Scope = EVERYTHING) -> list[Evidence]:
        """What all channels find, `k` moments each."""
        found = self.in_words(asked, k, scope)
        if asked.look is not None and PICTURE in asked.channels:
            text = asked.words.plain if asked.is_plain else ""
            found += self._pictures.evidence(text, asked.look, k, scope)
        return found

    def videos(self, asked: Asked, k: int, scope: Scope = EVERYTHING) -> set[int]:
        """Videos of the `k` best that each channel finds, by the first look: a tenth of the work
        of `candidates`, for those who look closer themselves."""
        found = self._written.videos(asked.words, asked.channels, k, scope)
        if asked.meaning is not None and SPEECH in asked.channels:
            found |= {one.video_id for one in self._spoken.evidence(asked.meaning, k, scope)}
        if asked.look is not None and PICTURE in asked.channels:
            found |= self._pictures.videos(asked.look, k, scope)
        return found

    def in_words(self, asked: Asked, k: int, scope: Scope = EVERYTHING) -> list[Evidence]:
        """What is said, written or named, by its words and by its meaning; `k` of each channel."""
        found = self._written.evidence(asked.words, asked.channels, k, scope)
        if asked.meaning is not None and SPEECH in asked.channels:
            found = _by_meaning(found, self._spoken.evidence(asked.meaning, k, scope))
        return found

    def _allowed(self, query: WordQuery, found: list[Candidate]) -> list[Candidate]:
        """Without those that hold what must not be there."""
        unwanted: dict[int, list[PassageRecord]] = {}
        for one in self._written.unwanted(query, {candidate.video_id for candidate in found}):
            unwanted.setdefault(one.video_id, []).append(one)
        return [c for c in found if not _holds(c, unwanted.get(c.video_id, ()))]

    def _placed(self, found: list[Candidate], asked: Asked) -> list[Candidate]:
        """Those that only a name speaks for, at their videos' best moments."""
        nowhere = {candidate.video_id for candidate in found if candidate.nowhere}
        best = self._pictures.best_of(nowhere, asked.look, is_plain=asked.is_plain)
        for candidate in found:
            place = best.get(candidate.video_id) if candidate.nowhere else None
            if place is not None and place.start_s is not None and place.end_s is not None:
                candidate.start_s, candidate.end_s = place.start_s, place.end_s
        # the others are not in this generation
        return [one for one in found if not one.nowhere or one.video_id in best]


def _has_to_hold(query: WordQuery) -> bool:
    """Whether some words have to be there."""
    return bool(query.phrases or query.prefixes)


def _may_go_on(evidence: Iterable[Evidence], depth: int, query: WordQuery) -> bool:
    """Whether some channel gave as much as it was asked for, and so may have more that counts."""
    needs_words = _has_to_hold(query)
    given = Counter(one.channel for one in evidence if one.by_words or not needs_words)
    return any(count >= depth for count in given.values())


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
