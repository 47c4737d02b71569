"""From a request to a page of moments: plan, look, rank, arrange, cut."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from indexer.copies.match import Kind
from indexer.store.library import Library
from model.encoder import Encoder
from search.arranging import arranged
from search.background import Background
from search.clip_alignment import ClipAlignment
from search.clip_reading import ClipReading
from search.cursor import Cursor
from search.errors import EmptyLibrary
from search.evidence import PICTURE
from search.example_tokens import ExampleTokens
from search.examples import CLIP_S
from search.explaining import Explainer
from search.focus import Focus
from search.folding import Folding
from search.fusion import Candidate
from search.known_shades import KnownShades
from search.library_view import LibraryView
from search.moment_maker import MomentMaker
from search.moment_ref import MomentRef, find_video
from search.pictures import PictureSearch
from search.planner import Planner, require_channels
from search.ranking import MAX_RESULTS, Ranking
from search.reasons import Reasons
from search.request import Request
from search.rerank import Reranker
from search.resemblance import Resemblance
from search.results import SearchResult
from search.scope import Scope
from search.settling import Settling
from search.steps import Steps, StepSearch
from search.text import TextSearch
from search.text_vectors import TextVectors
from search.verdict import Verdict
from search.window_search import WindowSearch

JUDGED = 11
"""The best moments, among which there has to be a match, however many a page shows: those that
docs/calibration.md was measured with."""
KEPT = 64
"""Rankings, for the next page of each."""

Float32 = NDArray[np.float32]


class Answers:
    """Answers requests over one generation. Safe to use from several threads."""

    def __init__(self, library: Library, encoder: Encoder, reranker: Reranker | None) -> None:
        self._library = library
        self._encoder = encoder
        self._shades = KnownShades(library)
        self._view = LibraryView(library)
        self.planner = Planner(library, self._view, TextVectors(encoder))
        background = Background(encoder, library.paths.background)
        self._examples = ExampleTokens(library, self._view)
        self._resemblance = Resemblance(library)
        focus = Focus(library, encoder)
        self._pictures = PictureSearch(library, reranker, background, focus, self._resemblance)
        texts = TextSearch(library, self._pictures, background)
        self._verdict = Verdict(self._pictures)
        self._steps = StepSearch(library, texts)
        self._explainer = Explainer(library, encoder, self._pictures, texts)
        self._folding = Folding(library.catalog.copies.matches([Kind.COPY]))
        self._settling = Settling(library.catalog)
        self._maker = MomentMaker(library.catalog)
        self._rankings: OrderedDict[str, Ranking] = OrderedDict()
        self._lock = threading.Lock()

    def page(self, request: Request, k: int, place: str | None = None) -> SearchResult:
        """`k` moments, from `place` on, which is `next` of the page before.

        Raises InvalidQuery, UnknownVideo, EmptyLibrary.
        """
        digest = request.digest
        cursor = None if place is None else Cursor.parse(place, digest)
        wanted = k + (0 if cursor is None else cursor.shown)
        ranking = self._ranking(request, digest, anew=place is None)
        ranked = arranged(self._library, ranking, request, wanted + 1)
        start = 0 if cursor is None else cursor.place(ranked)
        page = ranked[start : start + k]
        more = len(ranked) > start + k
        is_sure = self._verdict.judge(self.planner.plan(request))
        return SearchResult(
            query=request.question.text,
            moments=tuple(self._maker.moments(page, is_sure)),
            generation=self._view.generation,
            no_match=not any(map(is_sure, ranking.first(JUDGED))),
            next=str(Cursor.behind(digest, start + k, page[-1])) if more else None,
            clip_s=request.lone_clip.duration_s if request.lone_clip else None,
        )

    def candidates(self, request: Request, k: int = MAX_RESULTS) -> list[Candidate]:
        """The best `k` or more, best first; copies are not folded."""
        return self._finder(request)(k)

    def reasons(self, request: Request, moment: MomentRef) -> Reasons:
        """Why `moment` answers a request. Raises InvalidQuery, UnknownVideo."""
        return self._explainer.reasons(self.planner.plan(request), moment)

    def sure_score(self, request: Request, rate: float) -> float:
        """See `Verdict.sure_score`. Raises InvalidQuery, UnknownVideo."""
        return self._verdict.sure_score(self.planner.plan(request), rate)

    def _ranking(self, request: Request, digest: str, *, anew: bool) -> Ranking:
        """The one that the page before was cut from, unless the question is asked `anew`."""
        with self._lock:
            known = None if anew else self._rankings.get(digest)
        # outside of the lock: planning encodes words, and others ask meanwhile
        ranking = known or Ranking(self._finder(request), self._settling.settle, self._folding)
        with self._lock:
            self._rankings[digest] = ranking
            self._rankings.move_to_end(digest)
            while len(self._rankings) > KEPT:
                self._rankings.popitem(last=False)
        return ranking

    def _finder(self, request: Request) -> Callable[[int], list[Candidate]]:
        """What finds the best so many moments for a request."""
        self._require_content()
        scope = Scope.of(self._library, request.filters)
        if request.lone_clip is not None:
            require_channels(request.channels)
            return self._alignment(request.lone_clip, scope).candidates
        steps = self.planner.plan(request)
        unwanted = self._unwanted(request)

        def find(k: int) -> list[Candidate]:
            # a place may be where two of them touch
            found = self._found(request, steps, k + 2 * len(unwanted), scope)
            return [one for one in found if not any(_is_at(one, *place) for place in unwanted)]

        return find

    def _alignment(self, clip: ClipReading, scope: Scope) -> ClipAlignment:
        windows = WindowSearch(clip, self._library, self._encoder, scope)
        return ClipAlignment(clip, windows, self._library, self._shades, self._resemblance)

    def _found(self, request: Request, steps: Steps, k: int, scope: Scope) -> list[Candidate]:
        if not steps:
            return self._newest(k, scope)
        if len(steps) == 1 and len(steps[0]) == 1 and steps[0][0].is_only_a_look:
            look = steps[0][0].look
            return [] if look is None else self._alike(look, request, k, scope)
        return self._steps.candidates(steps, request.question.within_s, k, scope)

    def _alike(self, vector: Float32, request: Request, k: int, scope: Scope) -> list[Candidate]:
        spans = self._pictures.spans(vector, k, scope, self._examples.of(request))
        return [Candidate(s.video_id, s.start_s, s.end_s, {PICTURE: s.score}) for s in spans]

    def _newest(self, k: int, scope: Scope) -> list[Candidate]:
        """The beginnings of the videos that only filters ask for, the newest first."""
        ids = sorted(scope.videos or (), reverse=True)[:k]
        videos = self._library.catalog.videos(ids)
        return [
            Candidate(i, 0.0, min(CLIP_S, videos[i].duration_s), certainty=1.0)
            for i in ids
            if i in videos
        ]

    def _unwanted(self, request: Request) -> list[tuple[int, float]]:
        """(video, seconds) of the moments that are asked with, and of those that were refused."""
        examples = [one for step in request.question.steps for one in step.examples]
        places = [(find_video(one.video, self._view).id, one.seconds) for one in examples]
        for moment in request.irrelevant:
            video = moment.find(self._view)
            places.append((video.id, moment.within(video).middle_s))
        return places

    def _require_content(self) -> None:
        if len(self._library.generation.vectors) == 0:
            raise EmptyLibrary(
                f"{self._library.paths.root}: the library has no videos yet. "
                "Add some with `videobert index FOLDER`."
            )


def _is_at(one: Candidate, video_id: int, seconds: float) -> bool:
    return one.video_id == video_id and one.start_s <= seconds <= one.end_s
