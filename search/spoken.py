"""Moments by what is said, by its meaning: the sentences nearest to a query."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.store.library import Library
from search.background import Background
from search.calibration import SPEECH_CURVE, Calibration
from search.chance import of_sentences
from search.evidence import SPEECH, WEAKEST, Evidence, Match
from search.scope import EVERYTHING, Scope

Float32 = NDArray[np.float32]


class SpokenSearch:
    """Looks through the sentences of one generation."""

    def __init__(self, library: Library, background: Background) -> None:
        self._library = library
        store = library.generation.sentences
        self._calibration = Calibration(lambda: of_sentences(store, background.all), SPEECH_CURVE)

    def evidence(self, vector: Float32, k: int, scope: Scope = EVERYTHING) -> list[Evidence]:
        """The `k` best sentences for a query (dim,), of those that are worth a word."""
        store = self._library.generation.sentences
        if not len(store):
            return []
        cosines, ids = store.search(vector[None], k, scope.sentences)
        strengths = self._calibration.strengths(vector, cosines[0])
        # ids of sentences that were replaced since this generation was made are not found
        passages = self._library.catalog.words.passages(ids[0].tolist())
        videos = self._library.catalog.videos({one.video_id for one in passages.values()})
        found = []
        for i, strength in zip(ids[0].tolist(), strengths.tolist(), strict=True):
            passage = passages.get(i)
            if passage is None or passage.video_id not in videos or strength < WEAKEST:
                continue
            match = Match(SPEECH, passage.text, (), passage.start_s, passage.end_s)
            times = (passage.start_s, passage.end_s)
            found.append(Evidence(SPEECH, passage.video_id, *times, strength, match))
        return found
