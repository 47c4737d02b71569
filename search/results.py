"""What a search returns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from search.aligned_part import AlignedPart
from search.evidence import Match
from search.moment_ref import MomentRef
from search.scores import rounded


@dataclass(frozen=True)
class Copy:
    """The same moment in a near copy of its video."""

    video_id: int
    video: str
    """Path of the file."""
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Moment:
    """A stretch of one video that answers a query.

    Times are seconds from the start of the presentation, `start_s < end_s <= duration_s`.
    """

    video_id: int
    video: str
    """Path of the file."""
    duration_s: float
    start_s: float
    end_s: float
    score: float
    """How sure the answer is. For words 0 to 1, out of all channels, see `search.fusion`; for a
    clip, a picture or another moment the cosine of the best clip, -1 to 1; for what a clip is a
    copy of .97 to 1, see `search.clip_copies`."""
    channels: dict[str, float]
    """What each channel (picture, speech, screen, name) gives to the score: they add up to it."""
    sure: bool = True
    """Whether it is surer than what a question about something absent finds, see
    `search.verdict`."""
    matches: tuple[Match, ...] = ()
    """What is said, shown in writing or named that answers the query, best first."""
    copies: tuple[Copy, ...] = ()
    """Where the library has the same moment again."""
    steps: tuple[tuple[float, float], ...] = ()
    """Start and end of each step of a sequence; empty for all else."""
    aligned: tuple[AlignedPart, ...] = ()
    """Which parts of the one clip that was asked with it is; empty for all else."""
    more: tuple[Moment, ...] = ()
    """Further moments of the same video, where each video is shown once; best first."""
    name: str = ""
    """What the video's metadata call it; empty where they do not."""

    @property
    def id(self) -> str:
        """Its name in commands and addresses, see `search.moment_ref`."""
        return str(MomentRef(str(self.video_id), self.start_s, self.end_s))

    @property
    def title(self) -> str:
        """The video's title, else its file's name without the extension."""
        return self.name or PurePath(self.video).stem

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Moment:
        """What `to_json` told, as precisely as it did. Raises KeyError, TypeError, ValueError."""
        title = told["title"]
        return cls(
            video_id=told["video_id"],
            video=told["video"],
            duration_s=told["duration_s"],
            start_s=told["start_s"],
            end_s=told["end_s"],
            score=told["score"],
            channels=dict(told["channels"]),
            sure=told.get("sure", True),
            matches=tuple(map(Match.from_json, told["matches"])),
            copies=tuple(Copy(**copy) for copy in told["copies"]),
            steps=tuple((step["start_s"], step["end_s"]) for step in told.get("steps", ())),
            aligned=tuple(AlignedPart(**part) for part in told.get("aligned", ())),
            more=tuple(map(cls.from_json, told.get("more", ()))),
            name="" if title == PurePath(told["video"]).stem else title,
        )

    def to_json(self) -> dict[str, Any]:
        """The shape that the command line and the HTTP API share."""
        return {
            "id": self.id,
            "video": self.video,
            "start_s": round(self.start_s, 3),
            "end_s": round(self.end_s, 3),
            "score": rounded(self.score),
            "sure": self.sure,
            "channels": {name: rounded(score) for name, score in self.channels.items()},
            "matches": [match.to_json() for match in self.matches],
            "copies": [
                {
                    "video": copy.video,
                    "video_id": copy.video_id,
                    "start_s": round(copy.start_s, 3),
                    "end_s": round(copy.end_s, 3),
                }
                for copy in self.copies
            ],
            **self._parts(),
            "video_id": self.video_id,
            "title": self.title,
            "duration_s": round(self.duration_s, 3),
        }

    def _parts(self) -> dict[str, Any]:
        """What only some moments have."""
        parts: dict[str, Any] = {}
        if self.steps:
            parts["steps"] = [
                {"start_s": round(start_s, 3), "end_s": round(end_s, 3)}
                for start_s, end_s in self.steps
            ]
        if self.aligned:
            parts["aligned"] = [part.to_json() for part in self.aligned]
        if self.more:
            parts["more"] = [moment.to_json() for moment in self.more]
        return parts


@dataclass(frozen=True)
class SearchResult:
    """The answer to one query: moments, best first."""

    query: str
    """The text, or a description of the picture or clip asked with."""
    moments: tuple[Moment, ...]
    generation: int
    """Number of the index generation that answered."""
    no_match: bool = False
    """Whether nothing answers well: every moment is one that a question about something that the
    library has not would have found as well, see `search.verdict`."""
    next: str | None = None
    """What `page` takes to get the page that follows; None when there is none."""
    clip_s: float | None = None
    """Seconds of the one clip that was asked with that were looked at, at most two minutes."""

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> SearchResult:
        """What the API told. Raises KeyError, TypeError, ValueError."""
        moments = tuple(map(Moment.from_json, told["results"]))
        return cls(
            query=told["query"],
            moments=moments,
            generation=told["generation"],
            no_match=told.get("no_match", False),
            next=told["next"],
            clip_s=told.get("clip_s"),
        )

    def to_json(self) -> dict[str, Any]:
        results = [moment.to_json() for moment in self.moments]
        read = {} if self.clip_s is None else {"clip_s": round(self.clip_s, 3)}
        return {
            "query": self.query,
            "no_match": self.no_match,
            "results": results,
            "next": self.next,
            **read,
        }
