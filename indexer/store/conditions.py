"""Which passages are looked at for a query, where there are too many to look at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from indexer.words.matching import Clue, Phrase, Plan

BUDGET = 2000
"""Passages that are taken for one condition, unless more are asked for."""


@dataclass(frozen=True)
class Condition:
    """What a passage must have, of what it must have one at least, and what it must not have."""

    all_of: tuple[Clue, ...] = ()
    any_of: tuple[Clue, ...] = ()
    none_of: tuple[Clue, ...] = ()
    ranked: bool = False
    """Whether the database puts them in order; it reads all matches of each word for that."""
    every: int = 1
    """Above 1 it is enough to look at passages whose id this divides, if all channels and videos
    are searched: there are plenty."""


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


def narrow(plan: Plan, counts: Mapping[Clue, int]) -> Condition | None:
    """The passages among which the best ones are, if they are at most `BUDGET`.

    `counts` are the passages with each clue. All that have what is required, or, where nothing is,
    that have one of the rare words: who has none of them has little of what was asked.
    """
    alone = len(plan.wanted) == 1
    if plan.required:
        few = min(counts[clue] for clue in plan.required) <= BUDGET
        return Condition(plan.required, none_of=plan.excluded, ranked=alone) if few else None
    rare, _ = _divided(plan, counts)
    return Condition(any_of=rare, none_of=plan.excluded, ranked=alone) if rare else None


def wide(plan: Plan, counts: Mapping[Clue, int], most: int = BUDGET) -> Iterator[Condition]:
    """What else to try in turn until enough is found: common words, first those with all of them,
    then those without the commonest, and so on; at last about `most` that have one."""
    if plan.required:
        if narrow(plan, counts) is None:
            optional = _rarest_first(plan, counts)
            for size in _sizes(len(optional), least=0):
                yield Condition(plan.required + optional[:size], none_of=plan.excluded)
        return
    _, common = _divided(plan, counts)
    for size in _sizes(len(common), least=2):
        yield Condition(common[:size], none_of=plan.excluded)
    if common:
        every = max(1, sum(counts[clue] for clue in common) // most)
        yield Condition(any_of=common, none_of=plan.excluded, every=every)


def _sizes(size: int, least: int) -> Iterator[int]:
    """From `size` to `least`, by a third less, or one."""
    while size >= least:
        yield size
        size = min(size - 1, size * 2 // 3)


def _divided(plan: Plan, counts: Mapping[Clue, int]) -> tuple[tuple[Clue, ...], tuple[Clue, ...]]:
    """Optional clues, rarest first: those that have few matches together, and the others."""
    clues = _rarest_first(plan, counts)
    total = 0
    for i, clue in enumerate(clues):
        total += counts[clue]
        if total > BUDGET:
            return clues[:i], clues[i:]
    return clues, ()


def _rarest_first(plan: Plan, counts: Mapping[Clue, int]) -> tuple[Clue, ...]:
    return tuple(sorted(plan.optional, key=lambda clue: counts[clue]))
