"""Thumbs, up and down: kept by question, and asked with whenever it is asked again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.errors import InvalidQuery
from search.moment_ref import MomentRef

if TYPE_CHECKING:
    from indexer.store.judgements import Judgements
    from search.library_view import LibraryView


@dataclass(frozen=True)
class Judged:
    """Moments that people found right, or wrong, for one question."""

    relevant: tuple[MomentRef, ...] = ()
    irrelevant: tuple[MomentRef, ...] = ()

    def __post_init__(self) -> None:
        """Raises InvalidQuery for one that is both."""
        for one in self.relevant:
            if one in self.irrelevant:
                raise InvalidQuery(f"{one} cannot be both right and wrong. Judge it once.")

    def to_json(self) -> dict[str, list[str]]:
        return {
            "relevant": [str(one) for one in self.relevant],
            "irrelevant": [str(one) for one in self.irrelevant],
        }


class Thumbs:
    """The kept judgements of a library."""

    def __init__(self, view: LibraryView, judgements: Judgements) -> None:
        self._view = view
        self._judgements = judgements

    def of(self, question: str) -> Judged:
        """What was said of the answers to a question, of videos that are still there."""
        kept = self._judgements.list(question)
        ids = self._view.ids_of({one.moment.content for one in kept})
        relevant: list[MomentRef] = []
        irrelevant: list[MomentRef] = []
        for one in kept:
            if one.moment.content in ids:
                video = str(ids[one.moment.content])
                ref = MomentRef(video, one.moment.start_s, one.moment.end_s)
                (relevant if one.relevant else irrelevant).append(ref)
        return Judged(tuple(relevant), tuple(irrelevant))

    def put(self, question: str, moment: MomentRef, relevant: bool | None) -> None:
        """Keep a judgement, in the place of an earlier one; None takes it back.

        Raises UnknownVideo, InvalidQuery, indexer.errors.StorageFailed.
        """
        stored = moment.stored(self._view)
        if relevant is None:
            self._judgements.remove(question, stored)
        else:
            self._judgements.put(question, stored, relevant=relevant)
