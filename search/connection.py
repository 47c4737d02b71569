"""Requests to one server, and what can go wrong with them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from typing import Any, NoReturn
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

from search.errors import InvalidQuery, ServerProblem

API = "/api/v1"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_MOST_TOLD_BYTES = 1 << 16
_BUSY = 503
_MOST_RETRIES = 3
_LONGEST_WAIT_S = 30.0


class Connection:
    """The API under one address."""

    def __init__(self, address: str, timeout_s: float) -> None:
        """Raises InvalidQuery for what is no address of a web server."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InvalidQuery(f"{address!r} is no address such as http://127.0.0.1:8000.")
        self._address = address.rstrip("/")
        self._timeout_s = timeout_s
        self._opener = _opener(parts.hostname)

    def request(
        self,
        path: str,
        asked: Mapping[str, Any] | None = None,
        body: Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Request:
        """A GET, or with `body` a POST; it can be iterated over as often as it is sent."""
        text = urlencode(list(_parameters(asked or {})))
        url = f"{self._address}{path}" + (f"?{text}" if text else "")
        return Request(url, body, {"Accept": "application/json", **(headers or {})})

    @contextmanager
    def opened(self, request: Request, timeout_s: float | None = None) -> Iterator[HTTPResponse]:
        """The answer, while it is read. Raises ServerProblem."""
        timeout_s = timeout_s or self._timeout_s
        try:
            with self._answer(request, timeout_s) as answer:
                yield answer
        except HTTPError as error:
            with error:
                _refused(error)
        except (HTTPException, ConnectionError, TimeoutError, URLError) as error:
            message = f"{self._address} {_silence(error, request, timeout_s)}"
            raise ServerProblem("Unreachable", message, 0) from error

    def json(self, request: Request) -> Any:
        """The answer's JSON. Raises ServerProblem."""
        with self.opened(request) as answer:
            content = answer.read()
        try:
            return json.loads(content)
        except ValueError as error:
            message = f"{request.full_url} answers with no JSON; what is served there?"
            raise ServerProblem("OddAnswer", message, answer.status) from error

    def _answer(self, request: Request, timeout_s: float) -> HTTPResponse:
        """Asks again while the server is busy. All that the API does may be asked for twice."""
        for _ in range(_MOST_RETRIES):
            try:
                return self._open(request, timeout_s)
            except HTTPError as error:
                wait_s = _wait_s(error)
                if wait_s is None:
                    raise
                error.close()
            time.sleep(wait_s)
        return self._open(request, timeout_s)

    def _open(self, request: Request, timeout_s: float) -> HTTPResponse:
        answer: HTTPResponse = self._opener.open(request, timeout=timeout_s)
        return answer


def _opener(host: str) -> OpenerDirector:
    """A proxy that the environment names cannot reach this computer."""
    return build_opener(ProxyHandler({})) if host in _LOOPBACK else build_opener()


def _parameters(asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in asked.items():
        if name == "channels" and not isinstance(value, str) and value is not None:
            value = ",".join(value)
        values = value if isinstance(value, list | tuple) else [value]
        for one in values:
            if one is not None:
                yield name.rstrip("_"), str(int(one) if isinstance(one, bool) else one)


def _wait_s(error: HTTPError) -> float | None:
    """How long a busy server asks to wait; None when it is not that."""
    said = error.headers.get("Retry-After", "")
    if error.code != _BUSY or not (said.isascii() and said.isdigit()):
        return None
    return min(float(said), _LONGEST_WAIT_S)


def _silence(error: Exception, request: Request, timeout_s: float) -> str:
    """Why there is no answer."""
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError):
        return f"did not answer within {timeout_s:g} s. Give it more time."
    if request.data is not None and isinstance(reason, BrokenPipeError | ConnectionResetError):
        return f"hung up before all was sent ({reason}). The file may be larger than it takes."
    return f"does not answer: {reason}. Is `videobert serve` running?"


def _refused(error: HTTPError) -> NoReturn:
    """Raise what the server says."""
    try:
        told = json.loads(error.read(_MOST_TOLD_BYTES))["error"]
        code, message = str(told["code"]), str(told["message"])
    except (HTTPException, OSError, ValueError, KeyError, TypeError):
        code, message = "OddAnswer", f"{error.url} answers {error.code} {error.reason}."
    raise ServerProblem(code, message, error.code) from error
