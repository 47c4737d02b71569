"""What people and cameras said about a video, wherever it was found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from indexer.media.tags import united
from model.sentences import Cue

MOST_TITLE = 300
MOST_NAME = 200
MOST_DESCRIPTION = 5000
"""Characters kept; YouTube's bound for descriptions."""


@dataclass(frozen=True)
class Details:
    """Of one video. What is not known is empty or None."""

    title: str = ""
    description: str = ""
    """May have several lines."""
    recorded_at: datetime | None = None
    """UTC. Of a published video when it was published."""
    latitude: float | None = None
    longitude: float | None = None
    """Degrees, north and east positive; both or neither."""
    camera: str = ""
    """Maker and model, such as "Apple iPhone 12"."""
    author: str = ""
    language: str = ""
    """Of what is said: primary language subtag of BCP 47, such as "en"."""
    url: str = ""
    """http or https: where it came from."""
    tags: tuple[str, ...] = ()
    """Each once, whatever its case."""
    chapters: tuple[Cue, ...] = ()
    """Titles and when they are, by start; seconds from the start of the presentation."""

    def filled_from(self, other: Details) -> Details:
        """This, and what `other` knows besides; tags are united."""
        whole = self if self.latitude is not None else other
        return Details(
            title=self.title or other.title,
            description=self.description or other.description,
            recorded_at=self.recorded_at or other.recorded_at,
            latitude=whole.latitude,
            longitude=whole.longitude,
            camera=self.camera or other.camera,
            author=self.author or other.author,
            language=self.language or other.language,
            url=self.url or other.url,
            tags=united(self.tags + other.tags),
            chapters=self.chapters or other.chapters,
        )


def described(container: Details, sidecar: Details) -> Details:
    """A video's details from its own file and from those beside it.

    What stands beside it was written later, by someone who looked: it comes first. But a camera
    knows better when it recorded; a download's container only says when a server converted it.
    """
    both = sidecar.filled_from(container)
    knows = container.camera and container.recorded_at
    return replace(both, recorded_at=container.recorded_at) if knows else both
