"""The search engine: every way to ask, over one generation of a library."""

from __future__ import annotations

import weakref
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.generation_model import encoder_of
from indexer.store.filters import Filters
from indexer.store.library import Library
from indexer.store.records import VideoRecord
from indexer.words.query import WordQuery
from model.encoder import Aligner, Encoder
from search import query
from search.errors import EmptyLibrary, InvalidQuery, UnknownVideo
from search.evidence import CHANNELS, PICTURE
from search.focus import Focus
from search.fusion import Candidate
from search.library_view import LibraryView
from search.moment_of import moment_of
from search.moments import Span
from search.pictures import PictureSearch
from search.rerank import Reranker
from search.results import Moment, SearchResult
from search.scope import Scope
from search.stretches import Stretches
from search.text import TextSearch
from search.words import parse_words

MAX_RESULTS = 1000

Float32 = NDArray[np.float32]


class SearchEngine(LibraryView):
    """Answers questions about one generation of a library. Safe to use from several threads.

    >>> from search import SearchEngine
    >>> with SearchEngine.open(Path("~/.local/share/videobert").expanduser()) as engine:
    ...     for moment in engine.search_text("a dog on a beach").moments:
    ...         print(moment.video, moment.start_s)
    """

    def __init__(self, library: Library, encoder: Encoder, rerank: float | None = None) -> None:
        """`rerank` is the weight of the second look at text answers, see `search.rerank`.

        None is what the model was validated with, 0 none at all.
        """
        super().__init__(library)
        self._encoder = encoder
        self.reranker = _reranker(library, encoder, rerank)
        """None where there is no second look."""
        self._pictures = PictureSearch(library, self.reranker, Focus(library, encoder))
        self._texts = TextSearch(library, encoder, self._pictures)
        # Several requests may share an engine that has been replaced, and none of them knows
        # whether it is the last: it is closed when no one can reach it any more. Left to
        # themselves its connections would stay open until the garbage collector comes by, for
        # SQLAlchemy's own objects refer to each other in circles. Not at exit: threads may ask yet.
        weakref.finalize(self, library.close).atexit = False

    @classmethod
    def open(
        cls,
        library: Path,
        encoder: Encoder | None = None,
        rerank: float | None = None,
        *,
        known: Encoder | None = None,
    ) -> SearchEngine:
        """Open the live generation of `library`; weights are loaded by the first question.

        Without `encoder` it is asked by the one that made it; `known`, which is loaded already, is
        taken if it is that one. Raises indexer.errors.LibraryNotFound and LibraryMismatch,
        model.errors.ModelError.
        """
        opened = Library.open(library, encoder=encoder.fingerprint if encoder else None)
        try:
            return cls(opened, encoder or encoder_of(opened, known), rerank)
        except BaseException:
            opened.close()
            raise

    @property
    def encoder(self) -> Encoder:
        """What the questions are encoded with."""
        return self._encoder

    def search_text(
        self,
        text: str,
        k: int = 10,
        channels: Collection[str] = CHANNELS,
        filters: Filters | None = None,
    ) -> SearchResult:
        """Moments that show or say what `text` says, or bear it in writing or in their name.

        "Phrases" and prefixes* have to be there in words, -words must not. Only `channels` are
        asked, and only the videos that `filters` let through. Raises InvalidQuery, EmptyLibrary.
        """
        return self.search_texts([text], k, channels, filters)[0]

    def search_texts(
        self,
        texts: Sequence[str],
        k: int = 10,
        channels: Collection[str] = CHANNELS,
        filters: Filters | None = None,
    ) -> list[SearchResult]:
        """One result for each of `texts`, encoded together."""
        _require_count(k)
        found = self._candidates(texts, k, channels, filters)
        return [
            SearchResult(text, tuple(self._moments(candidates)), self.generation)
            for text, candidates in zip(texts, found, strict=True)
        ]

    def rank_videos(
        self, texts: Sequence[str], channels: Collection[str] = CHANNELS
    ) -> list[dict[int, float]]:
        """For each of `texts` the videos that answer it, with the score of their best moment.

        Out of the best `MAX_RESULTS` moments. Raises InvalidQuery, EmptyLibrary.
        """
        ranked = []
        for candidates in self._candidates(texts, MAX_RESULTS, channels, fold=False):
            scores: dict[int, float] = {}
            for candidate in candidates:  # best first
                scores.setdefault(candidate.video_id, candidate.score)
            ranked.append(scores)
        return ranked

    def search_clip(self, path: Path, k: int = 10, filters: Filters | None = None) -> SearchResult:
        """Moments like the video file `path`. Raises indexer.errors.MediaError."""
        _require_count(k)
        self._require_content()
        return self._like(path.name, query.clip_vector(path, self._encoder), k, filters)

    def search_image(
        self, picture: Path | bytes, k: int = 10, filters: Filters | None = None
    ) -> SearchResult:
        """Moments like a picture, a file or its bytes. Raises indexer.errors.MediaError."""
        _require_count(k)
        self._require_content()
        name = picture.name if isinstance(picture, Path) else "picture"
        return self._like(name, query.picture_vector(picture, self._encoder), k, filters)

    def search_like(
        self, video: str | int, seconds: float, k: int = 10, filters: Filters | None = None
    ) -> SearchResult:
        """Moments like the one at `seconds` of a video of the library, by id or path.

        That moment itself is left out. Raises UnknownVideo, InvalidQuery.
        """
        _require_count(k)
        record = self.video(video) if isinstance(video, int) else self.find(video)
        if not 0 <= seconds <= record.duration_s:
            raise InvalidQuery(
                f"{record.path} is {record.duration_s:.1f} s long; {seconds:g} s is outside of it."
            )
        vector = self._vector_at(record, seconds)
        name = f"{Path(record.path).name}@{seconds:g}"
        found = self._alike(vector, k + 1, filters)
        others = [  # by the times before they are moved to cuts
            one
            for one in found
            if not (one.video_id == record.id and one.start_s <= seconds <= one.end_s)
        ]
        return SearchResult(name, tuple(self._moments(others[:k])), self.generation)

    def warm_up(self) -> None:
        """Load what a text query needs, so that the first one is as fast as the next."""
        self._encoder.encode_text(["warm up"])
        if self.reranker is not None:
            self.reranker.warm_up(self._encoder.feature_dim)

    def _candidates(
        self,
        texts: Sequence[str],
        k: int,
        channels: Collection[str],
        filters: Filters | None = None,
        *,
        fold: bool = True,
    ) -> list[list[Candidate]]:
        """Raises InvalidQuery, EmptyLibrary."""
        _require_channels(channels)
        queries = [parse_words(text) for text in texts]
        _require_word_channels(queries, channels)
        self._require_content()
        scope = Scope.of(self._library, filters)
        return self._texts.candidates(queries, k, channels, scope, fold=fold)

    def _moments(self, candidates: Sequence[Candidate]) -> Iterator[Moment]:
        copies = {copy.video_id for one in candidates for copy in one.copies}
        ids = {one.video_id for one in candidates}
        videos = self._library.catalog.videos(ids | copies)
        shots, titles = self.words.shots(ids), self.words.titles(ids)
        stretches = Stretches(candidates)
        for one in candidates:
            if video := videos.get(one.video_id):
                times = stretches.settle(one, shots.get(one.video_id, ()), video.duration_s)
                if times is not None:
                    yield moment_of(one, video, times, videos, titles.get(one.video_id, ""))

    def _vector_at(self, video: VideoRecord, seconds: float) -> Float32:
        """(dim,) of the clip around `seconds`."""
        generation = self._library.generation
        clip = self._library.catalog.clip_at(video.id, generation.manifest.encoder, seconds)
        try:
            ids = np.array([clip.id] if clip else [], np.int64)
            return np.asarray(generation.vectors.vectors(ids)[0])
        except (KeyError, IndexError):
            raise UnknownVideo(
                f"{video.path} is not in the live generation. Run `videobert index`."
            ) from None

    def _like(self, name: str, vector: Float32, k: int, filters: Filters | None) -> SearchResult:
        """Moments that look like a vector; scores are cosines."""
        moments = tuple(self._moments(self._alike(vector, k, filters)))
        return SearchResult(name, moments, self.generation)

    def _alike(self, vector: Float32, k: int, filters: Filters | None) -> list[Candidate]:
        spans = self._pictures.spans(vector, k, Scope.of(self._library, filters))
        return [_candidate(span) for span in spans]

    def _require_content(self) -> None:
        if len(self._library.generation.vectors) == 0:
            raise EmptyLibrary(
                f"{self._library.paths.root}: the library has no videos yet. "
                "Add some with `videobert index FOLDER`."
            )


def _require_count(k: int) -> None:
    if not 1 <= k <= MAX_RESULTS:
        raise InvalidQuery(f"The number of results must be 1 to {MAX_RESULTS}, not {k}.")


def _require_channels(channels: Collection[str]) -> None:
    unknown = sorted(set(channels) - set(CHANNELS))
    if unknown or not channels:
        raise InvalidQuery(
            f"{', '.join(unknown) or 'No channel'}: channels are {', '.join(CHANNELS)}."
        )


def _require_word_channels(queries: Sequence[WordQuery], channels: Collection[str]) -> None:
    """Words that have to be there can be nowhere in a picture."""
    if {*channels} == {PICTURE} and any(query.phrases or query.prefixes for query in queries):
        raise InvalidQuery(
            "Quotes and stars ask for words, of which pictures have none. Leave them away, or look "
            "in speech, screen or name too."
        )


def _reranker(library: Library, encoder: Encoder, weight: float | None) -> Reranker | None:
    """Raises InvalidQuery when a second look is asked for that the encoder cannot take."""
    if not isinstance(encoder, Aligner):
        if weight:
            raise InvalidQuery("The library's model cannot rerank. Leave --rerank away.")
        return None
    chosen = encoder.rerank_weight if weight is None else weight
    return Reranker(library, encoder, chosen) if chosen else None


def _candidate(span: Span) -> Candidate:
    """A moment that only its picture speaks for."""
    return Candidate(span.video_id, span.start_s, span.end_s, {PICTURE: span.score})
