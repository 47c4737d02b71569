"""A question, and all that it is asked with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indexer.store.filters import Filters
from search.clip_reading import ClipReading
from search.evidence import CHANNELS
from search.moment_ref import MomentRef
from search.picture_reading import PictureReading
from search.question import Question

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class Request:
    """What is asked, of which channels and videos, and how the answer is arranged."""

    question: Question
    channels: tuple[str, ...] = CHANNELS
    filters: Filters = Filters()  # noqa: RUF009 - it is frozen
    """Those of the question, and others."""
    clips: tuple[ClipReading, ...] = field(default=(), compare=False)
    pictures: tuple[PictureReading, ...] = field(default=(), compare=False)
    """Uploads that the answer has to be like, besides moments of the library."""
    relevant: tuple[MomentRef, ...] = ()
    """Thumbs up: more like these."""
    irrelevant: tuple[MomentRef, ...] = ()
    """Thumbs down: nothing like these, and none of them."""
    by_video: bool = False
    """Each video once, with its best moment; the others are in `Moment.more`."""
    diversity: float = 0.0
    """0 to 1: how much a moment loses by being like a better one, see `search.diversity`."""

    @property
    def uploads(self) -> tuple[ClipReading | PictureReading, ...]:
        """Clips, then pictures."""
        return (*self.clips, *self.pictures)

    @property
    def examples(self) -> tuple[Float32, ...]:
        """(dim,) of each upload."""
        return tuple(one.vector for one in self.uploads)

    @property
    def lone_clip(self) -> ClipReading | None:
        """The clip that is all that is asked with, so that its parts can be looked for."""
        others = (self.question.steps, self.pictures, self.relevant, self.irrelevant)
        return self.clips[0] if len(self.clips) == 1 and not any(others) else None

    @property
    def digest(self) -> str:
        """The same for the same request, in every process."""
        said = (
            self.question.steps,
            self.question.within_s,
            self.filters,
            self.channels,
            self.relevant,
            self.irrelevant,
            self.by_video,
            self.diversity,
        )
        digest = hashlib.sha256(repr(said).encode("utf-8", "surrogatepass"))
        for upload in self.uploads:
            digest.update(upload.tokens.tobytes())
        return digest.hexdigest()[:16]
