"""Thumbs of the people at the page, kept by question."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, abort, request

from search.moment_ref import MomentRef
from search.query import clean_text
from search.thumbs import Thumbs
from webui.state import engine, notes

blueprint = Blueprint("judgements", __name__, url_prefix="/api/v1/judgements")

_MOST_BYTES = 64 << 10


@blueprint.get("")
def kept() -> dict[str, Any]:
    """What was said of the answers to `q`.

    :raises InvalidQuery: `q` is empty.
    """
    question = clean_text(request.args.get("q", ""))
    with notes() as opened:
        return Thumbs(engine(), opened.judgements).of(question).to_json()


@blueprint.post("")
def judge() -> dict[str, Any]:
    """Keep one judgement, or take it back; answers with all that are kept of the question.

    :raises BadRequest: the body is not `{"q": ..., "moment": ..., "relevant": true|false|null}`.
    :raises RequestEntityTooLarge: it is longer than any such could be.
    :raises InvalidQuery: `q` is empty, or `moment` is none.
    :raises UnknownVideo: the moment's video is not in the library.
    """
    said = _said()
    question, moment = clean_text(said["q"]), MomentRef.parse(said["moment"])
    with notes() as opened:
        thumbs = Thumbs(engine(), opened.judgements)
        thumbs.put(question, moment, said["relevant"])
        return thumbs.of(question).to_json()


def _said() -> dict[str, Any]:
    """The body, of the form that is described and no other."""
    request.max_content_length = _MOST_BYTES  # an upload may be larger, but not this
    try:
        said = request.get_json(silent=True)
    except RecursionError:  # of brackets in brackets
        said = None
    kinds = {name: type(value) for name, value in said.items()} if isinstance(said, dict) else {}
    if kinds not in [{"q": str, "moment": str, "relevant": kind} for kind in (bool, type(None))]:
        abort(
            400, 'Send JSON: {"q": "...", "moment": "17@12-18", "relevant": true}; null for none.'
        )
    return cast("dict[str, Any]", said)
