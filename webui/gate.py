"""Keeps the few requests that decode video from taking the whole server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from werkzeug.exceptions import ServiceUnavailable

RETRY_AFTER_S = 3


class Busy(ServiceUnavailable):
    """Too many clips, pictures and previews are being worked on."""

    description = (
        "The server is busy with other clips, pictures or previews. Try again in a few seconds."
    )

    def __init__(self) -> None:
        super().__init__(retry_after=RETRY_AFTER_S)


class Gate:
    """Lets some requests in and a few more wait for a while; safe to use from several threads.

    One that waits holds a thread of the server, so that only so many may.
    """

    def __init__(self, places: int, waiting: int, wait_s: float) -> None:
        """`places` at once, `waiting` more for at most `wait_s` seconds."""
        self._places = BoundedSemaphore(places)
        self._present = BoundedSemaphore(places + waiting)
        self._wait_s = wait_s

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place.

        :raises Busy: none becomes free in time.
        """
        with _held(self._present, 0), _held(self._places, self._wait_s):
            yield


@contextmanager
def _held(semaphore: BoundedSemaphore, wait_s: float) -> Iterator[None]:
    if not semaphore.acquire(timeout=wait_s):
        raise Busy
    try:
        yield
    finally:
        semaphore.release()
