"""Where a page of results ended, for the next one to begin."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass

from search.errors import InvalidQuery
from search.fusion import Candidate

_LONGEST = 400


@dataclass(frozen=True)
class Cursor:
    """The last moment that was shown of the answer to one question."""

    question: str
    """Digest of the question, and of all that it was asked with."""
    shown: int
    """How many there were until then."""
    video_id: int
    start_s: float

    @classmethod
    def behind(cls, question: str, shown: int, last: Candidate) -> Cursor:
        """What follows `last`, of an answer of which `shown` moments were shown with it."""
        return cls(question, shown, last.video_id, last.start_s)

    @classmethod
    def parse(cls, text: str, question: str) -> Cursor:
        """Raises InvalidQuery when it is none, or one of another question."""
        try:
            if len(text) > _LONGEST:
                raise ValueError("too long")
            digest, shown, video_id, start_s = json.loads(base64.urlsafe_b64decode(text.encode()))
            found = cls(str(digest), int(shown), int(video_id), float(start_s))
        except (ValueError, TypeError, OverflowError, binascii.Error):
            raise InvalidQuery(
                "This is no place in an answer. Take `next` of the page before as it is."
            ) from None
        if found.question != question or found.shown < 0:
            raise InvalidQuery(
                "This place belongs to another question. Ask the same as for the page before."
            )
        return found

    def __str__(self) -> str:
        fields = [self.question, self.shown, self.video_id, self.start_s]
        return base64.urlsafe_b64encode(json.dumps(fields).encode()).decode()

    def place(self, ranked: Sequence[Candidate]) -> int:
        """Index of the next moment in the answer: behind the last one wherever that is now.

        The library may have changed since then, and the moment be gone; then as many are passed
        over as were shown.
        """
        for place, one in enumerate(ranked):
            if (one.video_id, one.start_s) == (self.video_id, self.start_s):
                return place + 1
        return min(self.shown, len(ranked))
