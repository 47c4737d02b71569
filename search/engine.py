"""The search engine: every way to ask, over one generation of a library."""

from __future__ import annotations

import weakref
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.generation_model import encoder_of
from indexer.store.filters import Filters
from indexer.store.library import Library
from model.encoder import Encoder
from search.answers import Answers
from search.clip_reading import read_query_clip
from search.errors import InvalidQuery
from search.evidence import CHANNELS
from search.language import merge_filters, parse_question, plain_question
from search.library_view import LibraryView
from search.moment_ref import MomentRef, find_video
from search.picture_reading import read_query_picture
from search.question import Example, Question
from search.ranking import MAX_RESULTS
from search.reasons import Reasons
from search.request import Request
from search.rerank import reranker_for
from search.results import SearchResult
from search.thumbs import Judged

Float32 = NDArray[np.float32]


class SearchEngine(LibraryView):
    """Answers questions about one generation of a library. Safe to use from several threads.

    >>> from search import SearchEngine
    >>> with SearchEngine.open(Path("~/.local/share/videobert").expanduser()) as engine:
    ...     for moment in engine.search("a dog on a beach").moments:
    ...         print(moment.video, moment.start_s)
    """

    def __init__(self, library: Library, encoder: Encoder, rerank: float | None = None) -> None:
        """`rerank` is the weight of the second look at text answers, see `search.rerank`.

        None is what the model was validated with, 0 none at all.
        """
        super().__init__(library)
        self._encoder = encoder
        self.reranker = reranker_for(library, encoder, rerank)
        """None where there is no second look."""
        self._answers = Answers(library, encoder, self.reranker)
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

    def search(
        self,
        question: str | Question,
        k: int = 10,
        *,
        channels: Collection[str] = CHANNELS,
        filters: Filters | None = None,
        clips: Sequence[Path] = (),
        pictures: Sequence[Path | bytes] = (),
        relevant: Sequence[MomentRef] = (),
        irrelevant: Sequence[MomentRef] = (),
        by_video: bool = False,
        diversity: float = 0.0,
        page: str | None = None,
    ) -> SearchResult:
        """The best `k` moments for a question in the query language, see `search.language`.

        Only `channels` are asked where the question names none, and only the videos that the
        question's filters and `filters` let through. The answer also has to look like the `clips`
        and `pictures`, which go without words too (the question is "" then), and like what was
        judged `relevant`, and not like what was `irrelevant`. One clip alone is looked for part by
        part, see `search.clip_alignment`: `Moment.aligned`. `by_video` gives each video once;
        `diversity` 0 to 1 prefers what is unlike the better ones. `page` is `next` of the one
        before. Raises InvalidQuery, UnknownVideo, EmptyLibrary, indexer.errors.MediaError.
        """
        _require_count(k)
        _require_share(diversity)
        judged = Judged(tuple(relevant), tuple(irrelevant))
        asked = self._understood(question, bool(clips or pictures))
        request = Request(
            replace(asked, text=self._name(asked, clips, pictures)),
            tuple(channels),
            merge_filters(asked.filters, filters or Filters()),
            tuple(read_query_clip(path, self._encoder) for path in clips),
            tuple(read_query_picture(picture, self._encoder) for picture in pictures),
            judged.relevant,
            judged.irrelevant,
            by_video,
            diversity,
        )
        return self._answers.page(request, k, page)

    def search_texts(
        self,
        texts: Sequence[str],
        k: int = 10,
        channels: Collection[str] = CHANNELS,
        filters: Filters | None = None,
        *,
        by_video: bool = False,
        diversity: float = 0.0,
    ) -> list[SearchResult]:
        """One result for each of `texts`, whose words are encoded together."""
        questions = [parse_question(text) for text in texts]
        self._answers.planner.encode(questions)
        return [
            self.search(
                one,
                k,
                channels=channels,
                filters=filters,
                by_video=by_video,
                diversity=diversity,
            )
            for one in questions
        ]

    def explain(
        self, question: str | Question, moment: MomentRef, channels: Collection[str] = CHANNELS
    ) -> Reasons:
        """Why `moment` answers `question`. Raises InvalidQuery, UnknownVideo."""
        asked = self._understood(question, has_examples=False)
        return self._answers.reasons(Request(asked, tuple(channels), asked.filters), moment)

    def sure_score(self, question: str | Question, rate: float) -> float:
        """What a moment scores to be surer than chance: only a share `rate` (0 to 1) of questions
        about what the library has not find something with such a score.

        See `search.verdict`. Raises InvalidQuery, UnknownVideo.
        """
        asked = self._understood(question, has_examples=False)
        return self._answers.sure_score(Request(asked), rate)

    def rank_videos(
        self, texts: Sequence[str], channels: Collection[str] = CHANNELS
    ) -> list[dict[int, float]]:
        """For each of `texts`, plain words, the videos that answer it, and their best scores.

        Out of the best `MAX_RESULTS` moments. Raises InvalidQuery, EmptyLibrary.
        """
        questions = [plain_question(text) for text in texts]
        self._answers.planner.encode(questions)
        ranked = []
        for question in questions:
            scores: dict[int, float] = {}
            for one in self._answers.candidates(Request(question, tuple(channels))):  # best first
                scores.setdefault(one.video_id, one.score)
            ranked.append(scores)
        return ranked

    def search_clip(self, path: Path, k: int = 10, filters: Filters | None = None) -> SearchResult:
        """Moments like the video file `path`. Raises indexer.errors.MediaError."""
        return self.search("", k, clips=[path], filters=filters)

    def search_image(
        self, picture: Path | bytes, k: int = 10, filters: Filters | None = None
    ) -> SearchResult:
        """Moments like a picture, a file or its bytes. Raises indexer.errors.MediaError."""
        return self.search("", k, pictures=[picture], filters=filters)

    def search_like(
        self, video: str | int, seconds: float, k: int = 10, filters: Filters | None = None
    ) -> SearchResult:
        """Moments like the one at `seconds` of a video of the library, by id or path.

        That moment itself is left out. Raises UnknownVideo, InvalidQuery.
        """
        record = self.video(video) if isinstance(video, int) else self.find(video)
        question = Question("", ()).like([Example(str(record.id), seconds)])
        return self.search(question, k, filters=filters)

    def warm_up(self) -> None:
        """Load what a text query needs, so that the first one is as fast as the next."""
        self._encoder.encode_text(["warm up"])
        if self.reranker is not None:
            self.reranker.warm_up(self._encoder.feature_dim)
        if len(self._library.generation.vectors):
            self.search("warm up", 1)  # reads the background, and the videos of clips

    def _name(
        self, question: Question, clips: Sequence[Path], pictures: Sequence[Path | bytes]
    ) -> str:
        """What an answer calls its question: the words, or the moments; and the files."""
        examples = [example for step in question.steps for example in step.examples]
        moments = [] if question.text else [self._called(example) for example in examples]
        files = [one.name if isinstance(one, Path) else "picture" for one in (*clips, *pictures)]
        return " + ".join(filter(None, (question.text, *moments, *files)))

    def _called(self, example: Example) -> str:
        return f"{Path(find_video(example.video, self).path).name}@{example.seconds:g}"

    def _understood(self, question: str | Question, has_examples: bool) -> Question:
        if isinstance(question, Question):
            return question
        if has_examples and not question.strip():
            return Question("", ())
        return parse_question(question, beside_examples=has_examples)


def _require_count(k: int) -> None:
    if not 1 <= k <= MAX_RESULTS:
        raise InvalidQuery(f"The number of results must be 1 to {MAX_RESULTS}, not {k}.")


def _require_share(diversity: float) -> None:
    if not 0 <= diversity <= 1:
        raise InvalidQuery(f"The diversity must be 0 to 1, not {diversity}.")
