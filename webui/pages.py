"""The page that people see."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from webui.state import CANNOT_OPEN, config, engine

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def index() -> str:
    """The search page. What it shows is asked of the API by the page itself."""
    counts: dict[str, int] = {}
    trouble = ""
    try:
        counts = engine().counts()
    except CANNOT_OPEN as error:
        trouble = str(error)
    return render_template(
        "index.html",
        counts=counts,
        trouble=trouble,
        largest_upload=config().max_upload_bytes,
        asked=any(request.args.get(name, "").strip() for name in ("q", "like")),
    )
