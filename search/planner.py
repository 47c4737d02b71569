"""From a question to what can be looked for: its clauses, and their vectors."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.store.library import Library
from indexer.words.query import WordQuery
from search.asked import Asked
from search.errors import InvalidQuery, UnknownVideo
from search.evidence import CHANNELS, PICTURE, SPEECH
from search.examples import vector_around
from search.library_view import LibraryView
from search.looks import Look
from search.moment_ref import MomentRef, find_video
from search.question import Clause, Question, Step
from search.request import Request
from search.samples import sample_of
from search.text_vectors import TextVectors

Float32 = NDArray[np.float32]

logger = logging.getLogger(__name__)


class Planner:
    """Knows the library that the examples of a question lie in, and encodes its words."""

    def __init__(self, library: Library, view: LibraryView, texts: TextVectors) -> None:
        self._library = library
        self._view = view
        self._texts = texts

    @cached_property
    def _sample(self) -> Float32:
        return sample_of(self._library.generation.vectors)

    def plan(self, request: Request) -> list[list[Asked]]:
        """The clauses of each step. Raises InvalidQuery, UnknownVideo."""
        require_channels(request.channels)
        is_alike = request.examples or request.relevant
        steps = request.question.steps or ((Step(),) if is_alike else ())
        return [self._step(step, request, first=place == 0) for place, step in enumerate(steps)]

    def encode(self, questions: Iterable[Question]) -> None:
        """Encode the words of all of them together, which is faster than one by one."""
        self._texts.of(
            text
            for question in questions
            for step in question.steps
            for clause in step.clauses
            if clause.words.words
            for text in (clause.words.plain, *clause.words.excluded)
        )

    def _step(self, step: Step, request: Request, *, first: bool) -> list[Asked]:
        """Pictures of any kind are looked for together with the first words that may be seen."""
        clauses = [_with_channels(clause, request.channels) for clause in step.clauses]
        look = self._examples(step, request, first=first)
        seen = next((i for i, clause in enumerate(clauses) if PICTURE in clause.channels), None)
        if seen is None and look.is_something:
            clauses.append(Clause(_unwanted(clauses), (PICTURE,)))
            seen = len(clauses) - 1
        return [
            self._asked(clause, look if place == seen else Look())
            for place, clause in enumerate(clauses)
        ]

    def _examples(self, step: Step, request: Request, *, first: bool) -> Look:
        """What the step has to look like, besides its words; uploads and thumbs are the first's."""
        look = Look()
        for example in step.examples:
            video = find_video(example.video, self._view)
            vectors = look.seen if example.wanted else look.unwanted
            vectors.append(vector_around(self._library, video, example.seconds))
        if first:
            look.seen += request.examples
            look.relevant += self._judged(request.relevant)
            look.irrelevant += self._judged(request.irrelevant)
        return look

    def _judged(self, moments: Collection[MomentRef]) -> list[Float32]:
        """Without those of which there is no vector yet: their words may be found all the same."""
        vectors = []
        for one in moments:
            video = one.find(self._view)
            middle_s = one.within(video).middle_s
            try:
                vectors.append(vector_around(self._library, video, middle_s))
            except UnknownVideo as error:
                logger.warning("A thumb for %s teaches nothing: %s", one, error)
        return vectors

    def _asked(self, clause: Clause, look: Look) -> Asked:
        words, channels = clause.words, clause.channels
        meaning = None
        if words.words and {PICTURE, SPEECH} & set(channels):
            meaning = self._texts.of([words.plain])[words.plain]
            if PICTURE in channels:
                look.said.append(meaning)
        if look.is_something and words.excluded:
            vectors = self._texts.of(words.excluded)
            look.unwanted += [vectors[text] for text in words.excluded]
        vector = look.vector(self._sample) if PICTURE in channels else None
        return Asked(words, channels, meaning, vector, is_plain=look.is_plain)


def _unwanted(clauses: Sequence[Clause]) -> WordQuery:
    """What a step's clauses say must not be there: each says all of it."""
    if not clauses:
        return WordQuery()
    words = clauses[0].words
    return WordQuery(excluded=words.excluded, excluded_prefixes=words.excluded_prefixes)


def _with_channels(clause: Clause, channels: Sequence[str]) -> Clause:
    """A clause that says where it is looked for. Raises InvalidQuery.

    Words that have to be there can be nowhere in a picture.
    """
    found = Clause(clause.words, clause.channels or tuple(channels))
    if {*found.channels} == {PICTURE} and (found.words.phrases or found.words.prefixes):
        raise InvalidQuery(
            "Quotes and stars ask for words, of which pictures have none. Leave them away, or look "
            "in speech, screen or name too."
        )
    return found


def require_channels(channels: Collection[str]) -> None:
    """Raises InvalidQuery."""
    unknown = sorted(set(channels) - set(CHANNELS))
    if unknown or not channels:
        raise InvalidQuery(
            f"{', '.join(unknown) or 'No channel'}: channels are {', '.join(CHANNELS)}."
        )
