"""Answers to questions of several clauses and steps."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.store.library import Library
from search.asked import Asked
from search.fusion import Candidate
from search.scope import Scope
from search.sequences import in_order
from search.text import TextSearch
from search.together import together

PROPOSED = 25
"""Moments of each clause whose videos are looked through for all the others."""
EVERY = 200
"""Moments of each clause that are taken of those videos."""

Steps = Sequence[Sequence[Asked]]
"""Clauses that have to hold at the same time, step by step."""


class StepSearch:
    """Looks for what single clauses ask, and joins it in time."""

    def __init__(self, library: Library, texts: TextSearch) -> None:
        self._library = library
        self._texts = texts

    def candidates(
        self, steps: Steps, within_s: Sequence[float], k: int, scope: Scope
    ) -> list[Candidate]:
        """Moments that answer all of it, best first.

        A clause alone is asked of the whole scope, for `k` or more. Of several, each proposes the
        videos of its `k` best, and all are asked of the proposed ones: so one that is weak
        everywhere does not hide the moment. What no clause has among its best is not looked at.
        """
        asked = [clause for step in steps for clause in step]
        if len(asked) == 1:
            return self._texts.candidates(asked[0], k, scope)
        proposed = scope.within(self._library, self._videos(asked, max(k, PROPOSED), scope))
        found = [
            together([self._texts.candidates(clause, EVERY, proposed) for clause in step])
            for step in steps
        ]
        return in_order(found, within_s) if len(found) > 1 else found[0]

    def _videos(self, asked: Sequence[Asked], k: int, scope: Scope) -> set[int]:
        return {video for clause in asked for video in self._texts.videos(clause, k, scope)}
