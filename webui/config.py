"""What the web application is told when it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from search.engine import SearchEngine

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class EngineSource(Protocol):
    """Hands out engines, such as `search.live.EngineHolder`."""

    @property
    def problem(self) -> str | None:
        """Why an older generation answers than the newest; None when all is well."""

    def get(self) -> SearchEngine:
        """The engine for one request."""


@dataclass(frozen=True)
class WebConfig:
    """Settings of one web application."""

    library: Path
    host: str = "127.0.0.1"
    """Address it is served on. On a loopback address only requests for a loopback name are
    answered, so that no website can read the library by pointing its own name here."""
    max_upload_bytes: int = 512 * 2**20
    """Bound of a clip or picture to search with; a whole film is not a query."""
    upload_folder: Path | None = None
    """Where an upload lies while it is searched with; the system's temporary folder if None."""
    engines: EngineSource | Callable[[], SearchEngine] | None = None
    """Hands out the engine for one request; None opens `library`."""
    threads: int = 8
    """Threads of the server that it runs in."""
    heavy: int = 2
    """Requests that may decode video at the same time. Fewer than `threads`, so that words are
    searched and films are played meanwhile."""
    heavy_wait_s: float = 2.0
    """How long another one waits before it is told to try again."""

    def __post_init__(self) -> None:
        if not 1 <= self.heavy < self.threads:
            raise ValueError(f"heavy must be from 1 to {self.threads - 1}, below threads.")

    @property
    def heavy_waiting(self) -> int:
        """How many may wait: they hold a thread too, and at least one stays free."""
        return min(self.heavy, self.threads - 1 - self.heavy)

    @property
    def trusted_hosts(self) -> frozenset[str] | None:
        """Names that a request may ask for; None for any."""
        return LOOPBACK if self.host in LOOPBACK else None
