"""Which part of an uploaded clip is in which video, and when: vectors propose, pictures verify.

Windows of the clip find videos that look like it; fingerprints tell the copies among them, to the
half second, and what is left is similar. A clip's mean would show neither: it is like no part of
a compilation, and knows no time.
"""

from __future__ import annotations

from functools import cached_property

from indexer.store.library import Library
from search.clip_copies import clip_copies
from search.clip_reading import ClipReading
from search.clip_windows import WindowHit, similar_moments
from search.evidence import PICTURE
from search.fusion import Candidate
from search.known_shades import KnownShades
from search.resemblance import TOP, Resemblance
from search.stretch_tokens import Stretch
from search.window_search import WindowSearch

PROPOSED = 100
"""Videos whose fingerprints are compared with the clip's, at most."""
PROPOSED_S = 5 * 3600.0
"""How long they are together: films are dear to compare. The first `ALWAYS` may be longer."""
ALWAYS = 5
_CLIPS_PER_MOMENT = 20
_FIRST_CLIPS = 2000
"""Clips of the library that are looked at for each window; more where they make too few moments."""


class ClipAlignment:
    """Where the parts of one clip lie in a library. For one thread at a time."""

    def __init__(
        self,
        clip: ClipReading,
        windows: WindowSearch,
        library: Library,
        shades: KnownShades,
        resemblance: Resemblance,
    ) -> None:
        """`windows` are those of `clip` in `library`, the others are the library's."""
        self._clip = clip
        self._windows = windows
        self._library = library
        self._shades = shades
        self._resemblance = resemblance

    def candidates(self, k: int) -> list[Candidate]:
        """Copies, then what is only similar, each best first: at least `k`, or all there are."""
        depth = min(_CLIPS_PER_MOMENT * max(k, TOP), _FIRST_CLIPS)
        found = self._found(depth)
        while len(found) < k and depth < self._windows.clips:  # one long video may fill them all
            depth *= 4
            found = self._found(depth)
        return found

    def _found(self, depth: int) -> list[Candidate]:
        hits = (hit for hit in self._windows.hits(depth) if not self._is_copied(hit))
        return [*self._copies, *self._looked_at_again(similar_moments(hits))]

    def _looked_at_again(self, found: list[Candidate]) -> list[Candidate]:
        """By what each shares with its part of the clip; their scores are handed out anew."""
        parts = [one.aligned[0] for one in found]
        order = self._resemblance.order_each(
            [[self._clip.between(part.clip_start_s, part.clip_end_s)] for part in parts],
            [
                Stretch(one.video_id, part.start_s, part.end_s)
                for one, part in zip(found, parts, strict=True)
            ],
        )
        scores = [one.score for one in found]
        found = [found[place] for place in order]
        for one, score in zip(found, scores, strict=True):
            one.strengths[PICTURE] = score
        return found

    @cached_property
    def _copies(self) -> list[Candidate]:
        if self._clip.shades is None:
            return []
        lengths_s = self._proposed()
        copies = clip_copies(self._clip.shades, self._shades.of(lengths_s))
        for one in copies:
            video_s = lengths_s[one.video_id]
            one.aligned = [part.within(self._clip.duration_s, video_s) for part in one.aligned]
        return copies

    def _proposed(self) -> dict[int, float]:
        """The videos that are compared, and how long each is."""
        best = self._windows.videos(PROPOSED)
        videos = self._library.catalog.videos(set(best))
        chosen: dict[int, float] = {}
        for video_id in (one for one in best if one in videos):
            duration_s = videos[video_id].duration_s
            if len(chosen) >= ALWAYS and sum(chosen.values()) + duration_s > PROPOSED_S:
                break
            chosen[video_id] = duration_s
        return chosen

    def _is_copied(self, hit: WindowHit) -> bool:
        """Whether its stretch of the library is known as a copy, or a part of it is."""
        clip = hit.clip
        return any(
            one.video_id == clip.video_id and one.start_s < clip.end_s and clip.start_s < one.end_s
            for one in self._copies
        )
