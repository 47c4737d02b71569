"""Thumbs of the people at the page, kept by question."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request

from search.moment_ref import MomentRef
from search.query import clean_text
from search.thumbs import Thumbs
from webui.state import engine, notes

blueprint = Blueprint("judgements", __name__, url_prefix="/api/v1/judgements")


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
    :raises InvalidQuery: `q` is empty, or `moment` is none.
    :raises UnknownVideo: the moment's video is not in the library.
    """
    said = request.get_json(silent=True)
    if not isinstance(said, dict) or said.get("relevant", "") not in (True, False, None):
        abort(
            400, 'Send JSON: {"q": "...", "moment": "17@12-18", "relevant": true}; null for none.'
        )
    question, moment = clean_text(str(said.get("q", ""))), MomentRef.parse(str(said.get("moment")))
    with notes() as opened:
        thumbs = Thumbs(engine(), opened.judgements)
        thumbs.put(question, moment, said["relevant"])
        return thumbs.of(question).to_json()
