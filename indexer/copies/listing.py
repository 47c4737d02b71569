"""Groups of copies for people, and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from indexer.copies.groups import CopyGroup, Member
from indexer.copies.match import Kind, Match

_TITLES = {
    Kind.COPY: "copies",
    Kind.PART: "a video and parts of it",
    Kind.SHARED: "videos that share a part",
}


def describe_groups(groups: Sequence[CopyGroup]) -> str:
    """A numbered list: each group's files, the best first, and which part shows which."""
    if not groups:
        return "No copies."
    return "\n\n".join(_describe(number, group) for number, group in enumerate(groups, 1))


def groups_to_json(groups: Sequence[CopyGroup]) -> list[dict[str, Any]]:
    """One object a group: `kind`, `videos` (the best first) and `matches`, with ids and seconds."""
    return [
        {
            "kind": group.kind,
            "videos": [{**asdict(video), "paths": list(video.paths)} for video in group.videos],
            "matches": [asdict(match) for match in group.matches],
        }
        for group in groups
    ]


def _describe(number: int, group: CopyGroup) -> str:
    places = {video.video: place for place, video in enumerate(group.videos, 1)}
    lines = [f"Group {number}: {_TITLES[group.kind]}"]
    lines += [line for video in group.videos for line in _files(places[video.video], video)]
    lines += [f"    {_relation(match, places)}" for match in group.matches]
    return "\n".join(lines)


def _files(place: int, video: Member) -> list[str]:
    size_mb = video.size_bytes / 1e6
    facts = f"{video.width}x{video.height}  {_clock(video.duration_s)}  {size_mb:.1f} MB"
    first, *others = video.paths or (f"video {video.video}",)
    same = [f"       {path}  the same file" for path in others]
    return [f"  [{place}]  {first}  {facts}", *same]


def _relation(match: Match, places: dict[int, int]) -> str:
    a = f"[{places[match.a]}] {_clock(match.a_start_s)}-{_clock(match.a_end_s)}"
    b = f"[{places[match.b]}] {_clock(match.b_start_s)}-{_clock(match.b_end_s)}"
    notes = [f"{match.similarity:.0%} alike"]
    if match.speed != 1:
        notes.append(f"at {match.speed:g} times the speed")
    if match.view != "same picture":
        notes.append(match.view)
    return f"{a} = {b}  {', '.join(notes)}"


def _clock(seconds: float) -> str:
    """1:02.5, 1:00:02.5"""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{head}:{rest // 10:02}.{rest % 10}"
