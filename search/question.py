"""A question as it is understood: what is looked for, in which order, and in which videos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.store.filters import Filters
from indexer.words.query import WordQuery


@dataclass(frozen=True)
class Clause:
    """Words of a question, and where they are looked for."""

    words: WordQuery
    channels: tuple[str, ...] = ()
    """Of `search.evidence.CHANNELS`; empty: all those that the search asks."""


@dataclass(frozen=True)
class Example:
    """A moment of the library that the answer has to be like, or must not be like."""

    video: str
    """A path, a file name, or the id in digits."""
    seconds: float
    wanted: bool = True


@dataclass(frozen=True)
class Step:
    """What one moment has to say, show and bear: all of it, at about the same time."""

    clauses: tuple[Clause, ...] = ()
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Question:
    """One step, or several that follow one another in time; `search.language` reads it."""

    text: str
    """As it was typed."""
    steps: tuple[Step, ...]
    within_s: tuple[float, ...] = ()
    """Between each step and the next: the most seconds from the end of one to the start of the
    next; one fewer than `steps`."""
    filters: Filters = Filters()  # noqa: RUF009 - it is frozen

    def like(self, examples: Sequence[Example]) -> Question:
        """The same, whose first step has to be like these `examples` too."""
        if not examples:
            return self
        first, *others = self.steps or (Step(),)
        first = replace(first, examples=(*first.examples, *examples))
        return replace(self, steps=(first, *others))
