"""Looks for the reasons of one moment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.store.library import Library
from model.encoder import Encoder
from search.asked import Asked
from search.concepts import Concept, Concepts
from search.evidence import Evidence, Match
from search.examples import vector_around
from search.library_view import LibraryView
from search.moment_ref import MomentRef
from search.pictures import PictureSearch
from search.reasons import Line, Reasons, lines_of
from search.scope import EVERYTHING
from search.steps import Steps
from search.text import TextSearch

MOST_LINES = 200
"""Passages of one video that are looked at for each channel."""

Float32 = NDArray[np.float32]


class Explainer:
    """Knows what all channels find in one video."""

    def __init__(
        self, library: Library, encoder: Encoder, pictures: PictureSearch, texts: TextSearch
    ) -> None:
        self._library = library
        self._view = LibraryView(library)
        self._pictures = pictures
        self._texts = texts
        self._concepts = Concepts(library.generation.vectors, encoder)

    def reasons(self, steps: Steps, moment: MomentRef) -> Reasons:
        """Why `moment` answers a planned question. Raises UnknownVideo, InvalidQuery."""
        video = moment.find(self._view)
        vector = vector_around(self._library, video, moment.within(video).middle_s)
        lines: list[Line] = []
        matches: list[Match] = []
        for number, step in enumerate(steps):
            for asked in step:
                found = self._in_video(video.id, asked)
                lines += lines_of(asked.words.plain, number, found)
                matches += [one.match for one in found if one.match is not None]
        return Reasons(
            moment=str(moment),
            lines=tuple(lines),
            matches=tuple(sorted(matches, key=_time)),
            concepts=tuple(self._concepts_of(steps, vector)),
        )

    def _in_video(self, video_id: int, asked: Asked) -> list[Evidence]:
        """What is written and said by words and meaning, and how each clip looks."""
        scope = EVERYTHING.within(self._library, [video_id])
        found = self._texts.in_words(asked, MOST_LINES, scope)
        if asked.look is not None:
            found += self._pictures.along(video_id, asked.look, is_plain=asked.is_plain)
        return found

    def _concepts_of(self, steps: Steps, vector: Float32) -> list[Concept]:
        """For the clause that the moment looks like most."""
        looks = [asked.look for step in steps for asked in step if asked.look is not None]
        if not looks:
            return []
        return self._concepts.near(max(looks, key=lambda look: float(look @ vector)), vector)


def _time(match: Match) -> float:
    return -1.0 if match.start_s is None else match.start_s
