"""Which videos may have a stretch in common, and how they would lie on each other.

Frames with nearly the same hash vote for the offset at which one video would continue the other
(a Hough transform; for speeds other than 1, one for each). Most pairs of videos never meet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.copies.hashing import Frames, Ints, hashed
from indexer.copies.pictures import Shades
from indexer.copies.views import SAME, VIEWS, View
from indexer.store.batches import batched

SPEEDS = (1.0, 24 / 25, 25 / 24, 0.9, 1.1, 0.8, 1.25, 2 / 3, 1.5, 0.5, 2.0)
"""Seconds of the original that pass in one of the copy; films go to television at 25 / 24."""

_RADIUS_BITS = 13
_PARTS = 4
_FLIPS = 1
"""A frame is found when, of one of its hash's four parts, at most so many bits differ."""
_VOTES = 3
_SHARE = 6
"""One vote for so many telling pictures is enough in a short video, or one where little moves."""
_BIN_CELLS = 2
_ROOM = 1 << 24
"""More than a video has cells."""
_BATCH = 8192
_VIDEOS = 100
_PLACES = 4
"""Stretches at the same speed that two videos may have in common."""
_PER_PAIR = 16
"""Hypotheses of a pair of videos that are looked at closely."""

Votes = NDArray[np.int64]
"""(N, 5): original, copy, its cell in the original, its cell in the copy, view."""
_NO_VOTES: Votes = np.empty((0, 5), np.int64)


@dataclass(frozen=True)
class Hypothesis:
    """Cell i of video `copy` may show `view` of cell `speed` x i + `offset` of `original`."""

    original: int
    copy: int
    view: View
    speed: float
    offset: int
    votes: int


def hypotheses(
    fingerprints: Mapping[int, Shades], new: Collection[int] | None = None
) -> Iterator[list[Hypothesis]]:
    """For each pair of videos that meet, what is worth a closer look, most votes first.

    With `new`, only pairs that one of these ids takes part in.
    """
    votes, telling = _all(fingerprints) if new is None else _of_new(fingerprints, new)
    yield from _pairs(votes, telling)


def _all(fingerprints: Mapping[int, Shades]) -> tuple[Votes, dict[int, int]]:
    """The votes for all pairs, and how many pictures of each video could vote."""
    plain = hashed(fingerprints, [SAME])
    meet = _Index(plain)
    votes = [meet.votes(frames) for frames in _shown(fingerprints, VIEWS)]
    return np.concatenate([_NO_VOTES, *votes]), _telling([plain])


def _of_new(
    fingerprints: Mapping[int, Shades], new: Collection[int]
) -> tuple[Votes, dict[int, int]]:
    """The same for the pairs that one of the `new` videos takes part in; each is hashed once."""
    fresh = {video: fingerprints[video] for video in new}
    as_copies, as_originals = _Index(hashed(fresh, [SAME])), _Index(hashed(fresh, VIEWS[1:]))
    votes, plain = [_NO_VOTES], []
    for frames in _shown(fingerprints, VIEWS):
        plain.append(frames.where(frames.views == 0))
        old = plain[-1].where(~np.isin(plain[-1].videos, [*fresh]))
        votes.append(as_copies.votes(frames))
        votes.append(as_originals.votes(old)[:, [1, 0, 3, 2, 4]])
    return np.concatenate(votes), _telling(plain)


def _telling(plain: Iterable[Frames]) -> dict[int, int]:
    """Pictures of each video, out of those in one view."""
    return dict(Counter(video for frames in plain for video in frames.videos.tolist()))


def _shown(fingerprints: Mapping[int, Shades], views: Sequence[View]) -> Iterator[Frames]:
    """The hashes of some videos at a time: in all views they take much memory."""
    for videos in batched(fingerprints, _VIDEOS):
        yield hashed({video: fingerprints[video] for video in videos}, views)


class _Index:
    """Finds the pictures of other videos that are nearly the same as some of `frames`.

    Multi-index hashing (Norouzi et al. 2012), which looks up frames rather than compare all.
    """

    def __init__(self, frames: Frames) -> None:
        import faiss

        self._frames = frames
        self._index: Any = faiss.IndexBinaryMultiHash(64, _PARTS, 64 // _PARTS)
        self._index.nflip = _FLIPS
        self._index.add(frames.hashes)

    def votes(self, asked: Frames) -> Votes:
        """`asked` holds the originals' pictures as copies would show them, `frames` the copies'."""
        found = [_NO_VOTES]
        for start in range(0, len(asked) if len(self._frames) else 0, _BATCH):
            batch = asked.hashes[start : start + _BATCH]
            limits, _, place = self._index.range_search(batch, _RADIUS_BITS + 1)
            query = start + np.repeat(np.arange(len(batch)), np.diff(limits.astype(np.int64)))
            other = asked.videos[query] != self._frames.videos[place]
            found.append(_oriented(asked, self._frames, query[other], place[other]))
        return np.concatenate(found)


def _oriented(asked: Frames, indexed: Frames, query: Ints, place: Ints) -> Votes:
    """What is the same from either side is told once: the lower id is the original."""
    view = np.maximum(asked.views[query], indexed.views[place])
    columns = (
        asked.videos[query],
        indexed.videos[place],
        asked.cells[query],
        indexed.cells[place],
        view,
    )
    rows = np.stack(columns, 1)
    turned = (view == 0) & (rows[:, 0] > rows[:, 1])
    rows[turned] = rows[turned][:, [1, 0, 3, 2, 4]]
    return rows


def _pairs(votes: Votes, telling: Mapping[int, int]) -> Iterator[list[Hypothesis]]:
    """Votes by pair of videos, whichever is the original, and what they elect.

    `telling` says how many of a video's pictures could vote.
    """
    pairs = np.sort(votes[:, :2], axis=1)
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    changes = np.flatnonzero(np.diff(pairs[order], axis=0).any(1)) + 1
    for rows in np.split(order, changes) if len(order) else ():
        fewest = min(telling[video] for video in votes[rows[0], :2].tolist())
        needed = min(_VOTES, max(1, fewest // _SHARE))
        if len(rows) >= needed and (found := _elected(votes[rows], needed)):
            yield found


def _elected(votes: Votes, needed: int) -> list[Hypothesis]:
    """The offsets that most of the votes of one pair of videos agree on."""
    found: list[Hypothesis] = []
    for original, copy, view in np.unique(votes[:, [0, 1, 4]], axis=0).tolist():
        mine = votes[(votes[:, 0] == original) & (votes[:, 1] == copy) & (votes[:, 4] == view)]
        for speed in SPEEDS:
            for offset, count in _peaks(mine[:, 2], mine[:, 3], speed):
                if count >= needed:
                    found.append(Hypothesis(original, copy, VIEWS[view], speed, offset, count))
    # a stable sort: of equally many votes, SPEEDS and VIEWS have the simpler explanation first
    return sorted(found, key=lambda one: -one.votes)[:_PER_PAIR]


def _peaks(seen: Ints, shown: Ints, speed: float) -> list[tuple[int, int]]:
    """(offset, votes) of the offsets with the most; a picture of the copy votes for one once."""
    offsets = np.rint((seen - speed * shown) / _BIN_CELLS).astype(np.int64)
    ballots = np.unique(offsets * _ROOM + shown)
    values, counts = np.unique(ballots // _ROOM, return_counts=True)
    peaks: list[tuple[int, int]] = []
    for best in np.argsort(-counts, kind="stable").tolist():
        offset = int(values[best]) * _BIN_CELLS
        if all(abs(offset - other) > 2 * _BIN_CELLS for other, _ in peaks):
            peaks.append((offset, int(counts[best])))
        if len(peaks) == (_PLACES if speed == 1 else 1):
            break
    return peaks
