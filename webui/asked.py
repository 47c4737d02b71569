"""The question of a request: its words, moments, judgements, and how the answer is arranged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask import abort, request

from search.evidence import CHANNELS
from search.filters import Filters
from search.language import parse_question
from search.moment_ref import MomentRef
from search.query import clean_text
from search.question import Example, Question
from search.results import SearchResult
from search.thumbs import Judged, Thumbs
from webui.parameters import filters, flag, like_point, share, whole_number
from webui.state import engine, notes

if TYPE_CHECKING:
    from search.engine import SearchEngine

DEFAULT_RESULTS = 10
MOST_RESULTS = 100
MOST_MOMENTS = 50
"""That a question names: each costs a look into the library."""


@dataclass(frozen=True)
class Asked:
    """All that a client asks, checked; see `SearchEngine.search` for each."""

    question: Question
    k: int
    channels: tuple[str, ...]
    filters: Filters
    relevant: tuple[MomentRef, ...]
    irrelevant: tuple[MomentRef, ...]
    by_video: bool
    diversity: float
    page: str | None
    kept: Judged | None
    """Thumbs that are kept of the words and asked with; None where they were not asked for."""

    def of(
        self, engine: SearchEngine, clips: Sequence[Path] = (), pictures: Sequence[Path] = ()
    ) -> SearchResult:
        """The answer of `engine`, with uploads if there are any."""
        return engine.search(
            self.question,
            self.k,
            channels=self.channels,
            filters=self.filters,
            clips=clips,
            pictures=pictures,
            relevant=self.relevant,
            irrelevant=self.irrelevant,
            by_video=self.by_video,
            diversity=self.diversity,
            page=self.page,
        )


def asked(*, with_upload: bool = False) -> Asked:
    """What the parameters of the request ask, beside the file that it uploads if it does.

    :raises BadRequest: a parameter is not in its form.
    :raises InvalidQuery: the words are no question.
    """
    question = _question(with_upload)
    kept = _kept() if flag("thumbs") else None
    up, down = (kept.relevant, kept.irrelevant) if kept else ((), ())
    return Asked(
        question=question,
        k=whole_number("k", DEFAULT_RESULTS, 1, MOST_RESULTS),
        channels=tuple(request.args.get("channels", ",".join(CHANNELS)).split(",")),
        filters=filters(),
        relevant=(*up, *_moments("relevant")),
        irrelevant=(*down, *_moments("irrelevant")),
        by_video=flag("by_video"),
        diversity=share("diversity"),
        page=request.args.get("page"),
        kept=kept,
    )


def _question(with_upload: bool) -> Question:
    text = request.args.get("q")
    points = [like_point(like) for like in _several("like")]
    question = (
        Question("", ())
        if text is None
        else parse_question(text, beside_examples=with_upload or bool(points))
    )
    return question.like([Example(str(point.video_id), point.seconds) for point in points])


def _kept() -> Judged:
    """The thumbs that the library keeps of the words that are asked."""
    text = request.args.get("q")
    if text is None:
        return Judged()
    with notes() as opened:
        return Thumbs(engine(), opened.judgements).of(clean_text(text))


def _moments(name: str) -> tuple[MomentRef, ...]:
    return tuple(MomentRef.parse(one) for one in _several(name))


def _several(name: str) -> list[str]:
    """All that are given of a parameter.

    :raises BadRequest: they are too many.
    """
    given = request.args.getlist(name)
    if len(given) > MOST_MOMENTS:
        abort(400, f"{name} can be given {MOST_MOMENTS} times at most, not {len(given)} times.")
    return given
