"""The JSON API: the same questions and results as the command line."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, request, send_from_directory

from search.moment_ref import MAX_ID, MomentRef
from webui.asked import asked
from webui.details import describe
from webui.exporting import export_format, exported
from webui.parameters import filters, whole_number
from webui.present import Presenter
from webui.state import engine

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

MOST_VIDEOS = 200


@blueprint.get("/search")
def search() -> dict[str, Any] | Response:
    """The moments that answer `q`, in the query language, or look like the moment `like`.

    As JSON, or as a file in the `format` that is asked for.

    :raises BadRequest: neither of them is given, or a parameter is not in its form.
    :raises InvalidQuery: the question cannot be asked.
    """
    wanted, name = asked(), export_format()
    if not wanted.question.steps and not wanted.question.filters:
        abort(400, "Say what to look for: q=words, or like=VIDEO@SECONDS.")
    result = wanted.of(engine())
    if name != "json":
        return exported(result, name)
    answer = Presenter(engine()).result(result)
    return {**answer, "judged": wanted.kept.to_json()} if wanted.kept else answer


@blueprint.get("/explain")
def explain() -> dict[str, Any]:
    """Why the moment `moment` answers `q` or `like`.

    :raises BadRequest: neither of them is given.
    :raises InvalidQuery: the question cannot be asked, or `moment` is none.
    """
    wanted = asked()
    if not wanted.question.steps:
        abort(400, "Say what was looked for: q=words, or like=VIDEO@SECONDS.")
    moment = MomentRef.parse(request.args.get("moment", ""))
    return engine().explain(wanted.question, moment, wanted.channels).to_json()


@blueprint.get("/videos")
def videos() -> dict[str, Any]:
    """The videos of the library: page by page in the order of their ids, or the newest.

    :raises BadRequest: a parameter is not in its form.
    """
    presenter = Presenter(engine())
    limit = whole_number("limit", 50, 1, MOST_VIDEOS)
    order = request.args.get("order", "id")
    if order == "newest":
        newest = engine().newest(limit)
        return {"videos": [presenter.video(video) for video in newest], "next": None}
    if order != "id":
        abort(400, "order must be id or newest.")
    after = whole_number("after", 0, 0, MAX_ID)
    page = engine().videos(after, limit)
    last = page[-1].id if len(page) == limit else None
    return {"videos": [presenter.video(video) for video in page], "next": last}


@blueprint.get("/videos/newest")
def newest() -> dict[str, Any]:
    """The newest videos that the filters let through.

    :raises BadRequest: `limit` is not in its form.
    :raises InvalidFilter: a filter is not.
    """
    presenter = Presenter(engine())
    found = engine().newest(whole_number("limit", 50, 1, MOST_VIDEOS), filters())
    return {"videos": [presenter.video(video) for video in found]}


@blueprint.get(f"/videos/<int(max={MAX_ID}):video_id>")
def video(video_id: int) -> dict[str, Any]:
    """All that is known of one video.

    :raises UnknownVideo: the library has no such video.
    """
    return describe(engine(), engine().video(video_id), Presenter(engine()))


@blueprint.get("/status")
def status() -> dict[str, Any]:
    """How big the library is, and which generation answers."""
    return {"generation": engine().generation, **engine().counts()}


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description of this interface, OpenAPI 3.1."""
    return send_from_directory(current_app.root_path, "openapi.json")
