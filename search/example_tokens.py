"""What the CNN saw in the examples that a request is asked with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.segments import CLIP_TOKENS
from indexer.store.library import Library
from search.examples import clip_around
from search.library_view import LibraryView
from search.moment_ref import find_video
from search.request import Request
from search.stretch_tokens import Stretch, StretchTokens

Float32 = NDArray[np.float32]


class ExampleTokens:
    """Knows the library that moments of a question lie in."""

    def __init__(self, library: Library, view: LibraryView) -> None:
        self._library = library
        self._view = view
        self._tokens = StretchTokens(library, CLIP_TOKENS)

    def of(self, request: Request) -> list[Float32]:
        """(tokens, feature_dim) of each picture, clip and moment of a question of one step.

        Empty where something else is asked with too, words, thumbs, or what is not wanted: that
        only vectors can tell. Empty too where a moment's shard cannot be read. Raises
        InvalidQuery, UnknownVideo.
        """
        clauses = [clause for step in request.question.steps for clause in step.clauses]
        examples = [example for step in request.question.steps for example in step.examples]
        unwanted = [example for example in examples if not example.wanted]
        if clauses or unwanted or request.relevant or request.irrelevant:
            return []
        moments = []
        for example in examples:
            video = find_video(example.video, self._view)
            clip = clip_around(self._library, video, example.seconds)
            moments.append(Stretch(video.id, clip.start_s, clip.end_s))
        shown = self._tokens.of(moments)
        if len(shown) < len(moments):
            return []
        return [*shown.values(), *(one.tokens for one in request.uploads)]
