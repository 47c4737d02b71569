"""Clips as rows of numbers, for there may be 100,000."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.store.records import ClipRecord

CLIP = np.dtype(
    [
        ("id", np.int64),
        ("video_id", np.int64),
        ("position", np.int64),
        ("start_s", np.float64),
        ("end_s", np.float64),
    ]
)
"""What `ClipRecord` has."""

Clips: TypeAlias = NDArray[np.void]
"""(N,) of `CLIP`."""


def clip_rows(clips: Iterable[ClipRecord]) -> Clips:
    """The same of each, in the same order."""
    return np.fromiter(
        ((one.id, one.video_id, one.position, one.start_s, one.end_s) for one in clips), CLIP
    )
