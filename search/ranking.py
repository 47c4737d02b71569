"""The answer to one question, page by page, and always in the same order."""

from __future__ import annotations

import threading
from collections.abc import Callable

from search.apart import apart
from search.folding import Folding
from search.fusion import Candidate

DEPTHS = (25, 100, 400, 1000)
"""Moments that are looked for at first, and if that is not enough."""
MAX_RESULTS = DEPTHS[-1]


class Ranking:
    """Moments of one question, best first, looked for as far as they are wanted.

    Looking deeper finds more reasons for what is known, which would change places on pages that
    have been seen. So what was found first keeps its place, and the deeper ones come after it: the
    first `n` are always the first of more. Safe to use from several threads.
    """

    def __init__(self, find: Callable[[int], list[Candidate]], folding: Folding) -> None:
        """`find` gives the best so many moments, or all."""
        self._find = find
        self._folding = folding
        self._lock = threading.Lock()
        self._looked_for = 0
        self._all: list[Candidate] = []
        self._shown: list[Candidate] = []

    def first(self, count: int) -> list[Candidate]:
        """The best `count` moments, copies folded, or all that there are up to `MAX_RESULTS`."""
        return self.until(lambda found: len(found) >= count)[:count]

    def until(self, enough: Callable[[list[Candidate]], bool]) -> list[Candidate]:
        """All that was found when there was `enough`, or nothing more."""
        with self._lock:
            for depth in DEPTHS:
                if depth > self._looked_for:
                    self._look(depth)
                if enough(self._shown):
                    break
            return list(self._shown)

    def _look(self, depth: int) -> None:
        if len(self._all) < self._looked_for:
            return  # there were no more already
        self._looked_for = depth
        self._all = apart([*self._all, *self._find(depth)[:depth]])
        for one in self._all:
            one.copies.clear()
        self._shown = self._folding.fold(self._all)
