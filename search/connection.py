"""Requests to one server, and what can go wrong with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from typing import Any, NoReturn
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

from search.errors import InvalidQuery, ServerProblem

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_MOST_TOLD_BYTES = 1 << 16


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
        """A GET, or with `body` a POST."""
        text = urlencode(list(_parameters(asked or {})))
        url = f"{self._address}/api/v1{path}" + (f"?{text}" if text else "")
        return Request(url, body, {"Accept": "application/json", **(headers or {})})

    @contextmanager
    def opened(self, request: Request) -> Iterator[HTTPResponse]:
        """The answer, while it is read. Raises ServerProblem."""
        try:
            with self._opener.open(request, timeout=self._timeout_s) as answer:
                yield answer
        except HTTPError as error:
            with error:
                _refused(error)
        except (HTTPException, ConnectionError, TimeoutError, URLError) as error:
            reason = getattr(error, "reason", error)
            message = f"{self._address} does not answer: {reason}. Is `videobert serve` running?"
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


def _refused(error: HTTPError) -> NoReturn:
    """Raise what the server says."""
    try:
        told = json.loads(error.read(_MOST_TOLD_BYTES))["error"]
        code, message = str(told["code"]), str(told["message"])
    except (HTTPException, OSError, ValueError, KeyError, TypeError):
        code, message = "OddAnswer", f"{error.url} answers {error.code} {error.reason}."
    raise ServerProblem(code, message, error.code) from error
