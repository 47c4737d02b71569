"""Moments by what is seen: the clips nearest to a vector, and a second look at the best."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from indexer.store.library import Library
from indexer.store.owners import among
from search.background import Background
from search.calibration import PICTURE_CURVE, Calibration
from search.chance import of_captions, of_clips
from search.evidence import PICTURE, Evidence
from search.examples import vectors_of
from search.focus import VIDEOS, Focus
from search.moments import Span, merge
from search.null import Null
from search.rerank import TOP, Reranker
from search.resemblance import TOP as MOST_ALIKE
from search.resemblance import Resemblance
from search.samples import sampled
from search.scope import EVERYTHING, Scope
from search.stretch_tokens import Stretch

CLIPS = 1024
"""Clips that stand for a library, for its own null."""
MOST_CHANGED = max(MOST_ALIKE, VIDEOS)
"""Videos whose moments a second look moves, or a closer look cuts anew."""
_CLIPS_PER_MOMENT = 20  # looked at first; more follow when they make too few moments

Float32 = NDArray[np.float32]
Int64 = NDArray[np.int64]


class PictureSearch:
    """Looks through the clips of one generation."""

    def __init__(
        self,
        library: Library,
        reranker: Reranker | None,
        background: Background,
        focus: Focus | None = None,
        resemblance: Resemblance | None = None,
    ) -> None:
        self._library = library
        self._reranker = reranker
        self._focus = focus
        self._resemblance = resemblance
        store = library.generation.vectors
        self._by_words = Calibration(lambda: of_captions(store, background.seen), PICTURE_CURVE)
        self._by_looks = Calibration(self._clips, PICTURE_CURVE)

    def spans(
        self,
        vector: Float32,
        k: int,
        scope: Scope = EVERYTHING,
        examples: Sequence[Float32] = (),
    ) -> list[Span]:
        """The `k` best moments for a query (dim,), or all; scores are cosines.

        Where nothing but `examples` is asked with, each (tokens, feature_dim), they get a second
        look, after which the scores are handed out anew, best first.
        """
        if examples and self._resemblance is not None:
            spans = self._nearest(vector, max(k, MOST_ALIKE), scope)
            order = self._resemblance.order(examples, [_stretch(span) for span in spans])
            spans = [
                replace(spans[i], score=span.score) for i, span in zip(order, spans, strict=True)
            ]
        else:
            spans = self._nearest(vector, k, scope)
        spans = spans if self._focus is None else self._focus.sharpen(vector, spans)
        return spans[:k]

    def _nearest(self, vector: Float32, k: int, scope: Scope) -> list[Span]:
        """`k` or more, so that the best `k` of what becomes of them are among them; or all."""
        total = len(self._library.generation.vectors if scope.clips is None else scope.clips)
        depth = _CLIPS_PER_MOMENT * k
        spans = self._merged(vector, min(depth, total), scope, k)
        while len(spans) < k and depth < total:  # one long video may fill all of the first clips
            depth *= 4
            spans = self._merged(vector, min(depth, total), scope, k)
        return spans

    def videos(self, vector: Float32, k: int, scope: Scope = EVERYTHING) -> set[int]:
        """The videos of the clips among which `k` moments for a query (dim,) are first sought."""
        store = self._library.generation.vectors
        ids = store.search(vector[None], _CLIPS_PER_MOMENT * k, scope.clips)[1]
        clips, _ = self._library.clips.find(ids[0])
        return set(clips["video_id"].tolist())

    def evidence(
        self, text: str, vector: Float32, k: int, scope: Scope = EVERYTHING
    ) -> list[Evidence]:
        """The `k` best moments for a unit vector (dim,), best first, with strengths of 0 to 1.

        After the second look where it is the vector of `text`. Without a text it is one of pictures
        too, and its strengths are of their kind.
        """
        second_look = self._reranker if text else None
        spans = self.spans(vector, max(k, TOP if second_look else 0), scope)
        scores = np.array([span.score for span in spans])
        if second_look is not None:
            stretches = [_stretch(span) for span in spans]
            # the scores are handed out anew, best first: the second look orders, it is no measure
            spans = [spans[i] for i in second_look.order(text, stretches, scores.tolist())]
        strengths = self.strengths(vector, scores, is_plain=bool(text))
        return [
            Evidence(PICTURE, span.video_id, span.start_s, span.end_s, float(strength))
            for span, strength in zip(spans[:k], strengths[:k], strict=True)
        ]

    def strengths(
        self, vector: Float32, cosines: NDArray[np.floating], *, is_plain: bool
    ) -> NDArray[np.float64]:
        """Cosines to a vector (dim,), of any shape -> probabilities in the same order.

        `is_plain` where the vector is that of words alone.
        """
        calibration = self._by_words if is_plain else self._by_looks
        return calibration.strengths(vector, cosines)

    def rare_cosine(self, vector: Float32, rate: float) -> float:
        """What a share `rate` of the library's clips have with one of another video, to a vector
        that is not of words alone."""
        return self._by_looks.cosine(vector, rate)

    def best_of(
        self, videos: Collection[int], vector: Float32 | None, *, is_plain: bool = True
    ) -> dict[int, Evidence]:
        """The best clip of each video for a query (dim,); its first where there is none.

        Without videos that are not in the generation.
        """
        return {
            video: max(clips, key=lambda one: one.strength)
            for video, clips in self._along(videos, vector, is_plain).items()
        }

    def along(
        self, video_id: int, vector: Float32 | None, *, is_plain: bool = True
    ) -> list[Evidence]:
        """How sure each clip of one video is of a query (dim,), by time; 0 without one.

        Empty for a video that is not in the generation.
        """
        return self._along([video_id], vector, is_plain).get(video_id, [])

    def _along(
        self, videos: Collection[int], vector: Float32 | None, is_plain: bool
    ) -> dict[int, list[Evidence]]:
        """The same of several, whose strengths are found together, which is faster."""
        encoder = self._library.generation.manifest.encoder
        clips, vectors = [], []
        for of_video in self._library.catalog.clips_of(videos, encoder).values():
            with suppress(KeyError):  # encoded since this generation was made
                vectors.append(vectors_of(self._library, [clip.id for clip in of_video]))
                clips += of_video
        strengths = np.zeros(len(clips))
        if vector is not None and clips:
            cosines = np.concatenate([some @ vector for some in vectors])
            strengths = self.strengths(vector, cosines, is_plain=is_plain)
        found: dict[int, list[Evidence]] = {}
        for clip, strength in zip(clips, strengths.tolist(), strict=True):
            one = Evidence(PICTURE, clip.video_id, clip.start_s, clip.end_s, strength)
            found.setdefault(clip.video_id, []).append(one)
        return found

    def _clips(self) -> tuple[Float32, Null]:
        """What other videos' clips have with each other."""
        store = self._library.generation.vectors
        clips, _ = self._library.clips.find(sampled(store, CLIPS))
        return of_clips(store.vectors(clips["id"]), clips["video_id"], len(store))

    def _merged(self, vector: Float32, depth: int, scope: Scope, k: int) -> list[Span]:
        """The same of what the nearest `depth` clips make."""
        scores, ids = self._library.generation.vectors.search(vector[None], depth, scope.clips)
        clips, known = self._library.clips.find(ids[0])
        videos = self._best_videos(clips["video_id"], scores[0][known], k + MOST_CHANGED)
        chosen = among(clips["video_id"], videos)
        return _enough(merge(clips[chosen], scores[0][known][chosen]), k)

    def _best_videos(self, owners: Int64, scores: Float32, count: int) -> set[int]:
        """The `count` videos with the best clips, or more, or all.

        `owners` (N,) are the videos of clips, the best first. Each video has a moment as good as
        its best clip, so that no other has one among the best `count`. Without videos that lost
        their file.
        """
        videos, first = np.unique(owners, return_index=True)
        order = np.argsort(first)
        videos, best = videos[order], scores[first[order]]
        while count < len(videos):
            there = self._library.catalog.with_files(videos[best >= best[count - 1]].tolist())
            if len(there) >= count:
                return there
            count *= 2
        return self._library.catalog.with_files(videos.tolist())


def _enough(spans: Iterable[Span], k: int) -> list[Span]:
    """Those of the videos whose moments may move, or be cut anew, and the best `k` of others."""
    changed: set[int] = set()
    found: list[Span] = []
    others = 0
    for span in spans:
        if len(found) < MOST_ALIKE or len(changed) < VIDEOS:
            changed.add(span.video_id)
        found.append(span)
        others += span.video_id not in changed
        if others == k:
            break
    return found


def _stretch(span: Span) -> Stretch:
    return Stretch(span.video_id, span.start_s, span.end_s)
