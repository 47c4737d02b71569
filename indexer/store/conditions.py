"""In what order candidates are looked for: what matches most of a query first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from indexer.words.matching import Clue, Phrase, Plan

BUDGET = 2000
"""Matches of a query's words, above which the database does not rank them.

Finding takes a fraction of a microsecond a match, ranking several, and before the first one FTS5
reads all matches of each word.
"""


@dataclass(frozen=True)
class Condition:
    """What a passage must have, of what it must have one at least, and what it must not have."""

    all_of: tuple[Clue, ...] = ()
    any_of: tuple[Clue, ...] = ()
    none_of: tuple[Clue, ...] = ()
    ranked: bool = True
    """Whether the best are wanted, or any will do."""
    every: int = 1
    """Above 1 it is enough to look at passages whose id this divides: there are plenty."""


@dataclass(frozen=True)
class Syntax:
    """How a database's full text writes a condition."""

    phrase: Callable[[Phrase], str]
    both: str
    either: str
    but_not: str

    def clue(self, clue: Clue) -> str:
        return f"({self.either.join(map(self.phrase, clue.phrases))})"

    def condition(self, condition: Condition) -> str:
        parts = [self.clue(clue) for clue in condition.all_of]
        parts += self._any(condition.any_of)
        wanted = f"({self.both.join(parts)})"
        return self.but_not.join([wanted, *self._any(condition.none_of)])

    def _any(self, clues: Iterable[Clue]) -> list[str]:
        parts = [self.clue(clue) for clue in clues]
        return [f"({self.either.join(parts)})"] if parts else []


def conditions(plan: Plan, counts: Mapping[Clue, int]) -> Iterator[Condition]:
    """Conditions to try in turn until enough is found; `counts` are the passages with each clue.

    Few matches are ranked all together. Of many, those with all words come first, then those
    without the commonest of them, and so on; then the best that have a rare word; and only if that
    is not enough any that have a common one.
    """
    optional = tuple(sorted(plan.optional, key=lambda clue: counts[clue]))
    required, none_of = plan.required, plan.excluded
    many = sum(counts[clue] for clue in plan.wanted) > BUDGET
    if many:
        for size in _sizes(len(optional), 1 if required else 2):
            yield Condition(required + optional[:size], none_of=none_of, ranked=False)
    elif required and optional:
        yield Condition(required, optional, none_of)
    if required:
        few = min(counts[clue] for clue in required) <= BUDGET
        yield Condition(required, none_of=none_of, ranked=few)
        return
    rare, common = _divided(optional, counts)
    if rare:
        yield Condition(any_of=rare, none_of=none_of)
    if common:
        every = max(1, sum(counts[clue] for clue in common) // BUDGET)
        yield Condition(any_of=common, none_of=none_of, ranked=False, every=every)


def _sizes(size: int, least: int) -> Iterator[int]:
    """From `size` to `least`, by a third less, or one."""
    while size >= least:
        yield size
        size = min(size - 1, size * 2 // 3)


def _divided(
    clues: tuple[Clue, ...], counts: Mapping[Clue, int]
) -> tuple[tuple[Clue, ...], tuple[Clue, ...]]:
    """Clues, rarest first, in two: those that have few enough matches together, and the others."""
    total = 0
    for i, clue in enumerate(clues):
        total += counts[clue]
        if total > BUDGET:
            return clues[:i], clues[i:]
    return clues, ()
