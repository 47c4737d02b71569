"""The moments of an answer in the order of a list."""

from __future__ import annotations

from collections.abc import Iterator

from search.results import Moment, SearchResult


def ranked(result: SearchResult) -> Iterator[tuple[int, Moment]]:
    """Each moment with its rank from 1; further moments of the same video share the rank."""
    for rank, moment in enumerate(result.moments, 1):
        yield rank, moment
        for more in moment.more:
            yield rank, more
