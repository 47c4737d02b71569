"""Moments of a library as files."""

from __future__ import annotations

from pathlib import Path

from indexer.media.cutting import LONGEST_S, Cut, CutTarget, cut
from indexer.store.records import VideoRecord
from search.errors import InvalidQuery

__all__ = ["CutTarget", "cut_moment", "stem_of"]

_MOST_STEM_BYTES = 200
"""File systems take names of 255 bytes."""


def cut_moment(
    video: VideoRecord, start_s: float, end_s: float, target: CutTarget, *, fast: bool = False
) -> Cut:
    """Write `start_s` to `end_s` of `video`, see `indexer.media.cutting.cut`.

    Raises InvalidQuery when the stretch is empty, too long or outside, or the target is the video
    itself; a MediaError, indexer.errors.TargetExists, OSError for the target.
    """
    end_s = min(end_s, video.duration_s)
    if not 0 <= start_s < end_s <= start_s + LONGEST_S:
        raise InvalidQuery(
            f"{video.path} is {video.duration_s:.1f} s long; what is cut is a part of it of at "
            f"most {LONGEST_S:.0f} s, not {start_s:g} to {end_s:g} s."
        )
    source = Path(video.path)
    _refuse_itself(source, target)
    pixels = video.width * video.height
    return cut(source, start_s, end_s, target, fast=fast, pixels=pixels)


def stem_of(video: VideoRecord, start_s: float, end_s: float) -> str:
    """What a cut is called: `holiday 12.50-18.00`, shortened where it would be no file name."""
    times = f" {start_s:.2f}-{end_s:.2f}"
    name = Path(video.path).stem.encode()[: _MOST_STEM_BYTES - len(times)]
    return name.decode(errors="ignore") + times


def _refuse_itself(source: Path, target: CutTarget) -> None:
    path = target.path(target.extension or source.suffix)
    if path.exists() and source.exists() and path.samefile(source):
        raise InvalidQuery(f"{path} is the video that would be cut. Choose another name.")
