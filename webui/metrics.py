"""Counts and times requests, in the text format that Prometheus reads."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from threading import Lock
from time import perf_counter
from typing import cast

from flask import Flask, Response, current_app, g, request

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_KEY = "videobert-metrics"


class Metrics:
    """Requests by endpoint; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: dict[tuple[str, str, int], int] = defaultdict(int)
        self._seconds: dict[str, float] = defaultdict(float)
        self._buckets: dict[str, list[int]] = defaultdict(lambda: [0] * (len(BUCKETS_S) + 1))

    def observe(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        with self._lock:
            self._requests[endpoint, method, status] += 1
            self._seconds[endpoint] += seconds
            self._buckets[endpoint][bisect_left(BUCKETS_S, seconds)] += 1

    def lines(self) -> Iterator[str]:
        """The exposition, line by line."""
        with self._lock:
            requests, seconds = dict(self._requests), dict(self._seconds)
            buckets = {name: list(counts) for name, counts in self._buckets.items()}
        yield "# HELP videobert_http_requests_total Requests answered."
        yield "# TYPE videobert_http_requests_total counter"
        for (endpoint, method, status), count in sorted(requests.items()):
            labels = f'endpoint="{endpoint}",method="{method}",status="{status}"'
            yield f"videobert_http_requests_total{{{labels}}} {count}"
        name = "videobert_http_request_seconds"
        yield f"# HELP {name} Time until an answer began."
        yield f"# TYPE {name} histogram"
        for endpoint, counts in sorted(buckets.items()):
            yield from _histogram(name, endpoint, counts, seconds[endpoint])


def attach(app: Flask) -> None:
    """Time each request of `app`."""
    app.extensions[_KEY] = Metrics()

    @app.before_request
    def begin() -> None:
        g.began_s = perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        # a name that clients invent (a path, a method) would let the table grow without end
        method = request.method if request.url_rule else "any"
        endpoint = request.endpoint or "unknown"
        current().observe(endpoint, method, response.status_code, perf_counter() - g.began_s)
        return response


def current() -> Metrics:
    """The metrics of the running application."""
    return cast(Metrics, current_app.extensions[_KEY])


def _histogram(name: str, endpoint: str, counts: list[int], seconds: float) -> Iterator[str]:
    total = 0
    for bound, count in zip([*map(str, BUCKETS_S), "+Inf"], counts, strict=True):
        total += count
        yield f'{name}_bucket{{endpoint="{endpoint}",le="{bound}"}} {total}'
    yield f'{name}_sum{{endpoint="{endpoint}"}} {seconds:.6f}'
    yield f'{name}_count{{endpoint="{endpoint}"}} {total}'
