"""The answer to one question, page by page, and always in the same order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from search.apart import apart
from search.folding import Folding
from search.fusion import Candidate

DEPTHS = (25, 100, 400, 1000)
"""Moments that are looked for at first, and if that is not enough."""
MAX_RESULTS = DEPTHS[-1]


Find = Callable[[int], list[Candidate]]
Settle = Callable[[Sequence[Candidate], Sequence[Candidate]], list[Candidate]]


class Ranking:
    """Moments of one question, best first, looked for as far as they are wanted.

    Looking deeper finds more reasons for what is known, which would change places on pages that
    have been seen. So what was found first keeps its place, and the deeper ones come after it: the
    first `n` are always the first of more. Safe to use from several threads.
    """

    def __init__(self, find: Find, settle: Settle, folding: Folding) -> None:
        """`find` gives the best so many moments, or all that there are.

        `settle` gives those that are new their edges, beside those that have theirs already: at
        once for all that was looked for, so that they are the same however pages are cut.
        """
        self._find = find
        self._settle = settle
        self._folding = folding
        self._lock = threading.Lock()
        self._looked_for = 0
        self._is_all = False
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
        if self._is_all:
            return
        found = self._find(depth)
        self._looked_for = depth
        self._is_all = len(found) < depth
        fresh = apart([*self._all, *found[:depth]])[len(self._all) :]
        self._all += self._settle(fresh, self._all)
        # others may hold what was shown before: it must not change
        self._shown = self._folding.fold(replace(one, copies=[]) for one in self._all)
