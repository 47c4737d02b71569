"""Every failure in one shape: JSON under /api, a page elsewhere.

{"error": {"code": "UnknownVideo", "message": "...", "status": 404}}
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from indexer.errors import LibraryError, MediaError
from model.errors import ModelError
from search.errors import (
    EmptyLibrary,
    InvalidQuery,
    NothingSaid,
    QuerySyntaxError,
    UnknownVideo,
)

logger = logging.getLogger(__name__)

_STATUS: dict[type[Exception], int] = {
    InvalidQuery: 400,
    UnknownVideo: 404,
    NothingSaid: 404,
    EmptyLibrary: 409,
    MediaError: 422,
    LibraryError: 503,
    ModelError: 503,
}
UNFORESEEN = "InternalError"


class InvalidFilter(InvalidQuery):
    """One of the filters is not in its form."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


@dataclass(frozen=True)
class Problem:
    """What went wrong, for people and for programs."""

    code: str
    """Stable, such as `UnknownVideo`; for HTTP's own errors their name, such as `NotFound`."""
    message: str
    status: int
    parameter: str | None = None
    """Which one is wrong, where it is known."""
    place: tuple[int, int] | None = None
    """Which characters of the question, [start, end), where they are known."""

    def to_json(self) -> dict[str, Any]:
        """What stands under `error`."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def problem_of(error: Exception) -> Problem:
    """How `error` is told to the outside; the unforeseen keeps its details to the log."""
    if isinstance(error, HTTPException):
        return Problem(type(error).__name__, error.description or "", error.code or 500)
    for kind, status in _STATUS.items():
        if isinstance(error, kind):
            if isinstance(error, QuerySyntaxError):
                place = (error.start, error.end)
                return Problem(type(error).__name__, error.message, status, "q", place)
            parameter = error.parameter if isinstance(error, InvalidFilter) else None
            return Problem(type(error).__name__, str(error), status, parameter)
    return Problem(UNFORESEEN, "Something failed here; the server's log says what.", 500)


def wants_json() -> bool:
    """Whether the client is a program: the API always, elsewhere by what it accepts."""
    if request.path.startswith("/api/"):
        return True
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def attach(app: Flask) -> None:
    """Answer every exception that leaves a view."""
    app.register_error_handler(Exception, _answer)


def _answer(error: Exception) -> Response:
    problem = problem_of(error)
    _log(error, problem)
    if wants_json():
        response = jsonify(error=problem.to_json())
    else:
        response = make_response(render_template("error.html", problem=problem))
    if isinstance(error, HTTPException):
        _keep_headers(error, response)
    response.status_code = problem.status
    return response


def _log(error: Exception, problem: Problem) -> None:
    """The unforeseen with all that is known of it; what is not the client's doing in a line."""
    if problem.code == UNFORESEEN:
        logger.error("%s %s failed", request.method, request.path, exc_info=error)
    elif problem.status >= 500:
        logger.warning("%s %s: %s", request.method, request.path, problem.message)


def _keep_headers(error: HTTPException, response: Response) -> None:
    """A redirect's Location, a 405's Allow, a 416's Content-Range."""
    for name, value in error.get_headers():
        if name.lower() != "content-type":
            response.headers[name] = value
