"""How well each video of a library answers: the score of its best clip."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.store.library import Library
from model.encoder import Encoder
from search.query import clean_text

Float32 = NDArray[np.float32]


class VideoScores:
    """Scores of all videos of one generation. Which clip is whose is read once, here."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self._store = library.generation.vectors
        self._encoder = encoder
        self._ids = self._store.ids()
        ids = self._ids.tolist()
        clips = library.catalog.clips(ids)
        self.videos = sorted({clip.video_id for clip in clips.values()})
        """Video ids, one for each column."""
        column = {video: i for i, video in enumerate(self.videos)}
        nobody = len(self.videos)  # a clip that the catalog has lost belongs to no video
        self._columns = np.array(
            [column[clips[i].video_id] if i in clips else nobody for i in ids], np.intp
        )

    def text_vectors(self, texts: Sequence[str]) -> Float32:
        """(len(texts), dim), unit. Raises InvalidQuery."""
        return self._encoder.encode_text([clean_text(text) for text in texts])

    def of_vector(self, vector: Float32) -> Float32:
        """(len(videos),): the score of each video's best clip to a (dim,) vector."""
        scores, ids = self._store.search(vector[None], len(self._ids))
        columns = self._columns[np.searchsorted(self._ids, ids[0])]
        best = np.full(len(self.videos) + 1, -np.inf, np.float32)
        np.maximum.at(best, columns, scores[0])
        return best[:-1]
