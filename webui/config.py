"""What the web application is told when it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.engine import SearchEngine

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


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
    engines: Callable[[], SearchEngine] | None = None
    """Hands out the engine for one request; None opens `library`."""

    @property
    def trusted_hosts(self) -> frozenset[str] | None:
        """Names that a request may ask for; None for any."""
        return LOOPBACK if self.host in LOOPBACK else None
