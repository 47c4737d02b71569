"""For whoever watches the server: alive, ready, and how it is doing."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, jsonify

from webui import metrics
from webui.state import CANNOT_OPEN, engine, problem

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """The library opens; 503 with the reason otherwise.

    `problem` says why it is not the newest generation that answers.
    """
    try:
        generation = engine().generation  # first: `problem` is of the opening
        return jsonify(status="ready", generation=generation, problem=problem()), 200
    except CANNOT_OPEN as error:
        return jsonify(status="unavailable", code=type(error).__name__, message=str(error)), 503


@blueprint.get("/metrics")
def exposition() -> Response:
    """Request counts and times, and the size of the library."""
    lines = [*metrics.current().lines(), *_library_lines()]
    text = "\n".join(lines) + "\n"
    return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _library_lines() -> Iterator[str]:
    yield from _gauge("ready", "1 when the library opens.", int(_opens()))
    if _opens():
        yield from _gauge("generation", "Number of the live generation.", engine().generation)
        text = "1 when the newest generation cannot be opened and an older one answers."
        yield from _gauge("generation_problem", text, int(problem() is not None))
        for name, count in engine().counts().items():
            yield from _gauge(f"library_{name}", f"Number of {name} in the library.", count)


def _opens() -> bool:
    try:
        engine()
    except CANNOT_OPEN:
        return False
    return True


def _gauge(name: str, text: str, value: int) -> Iterator[str]:
    yield f"# HELP videobert_{name} {text}"
    yield f"# TYPE videobert_{name} gauge"
    yield f"videobert_{name} {value}"
