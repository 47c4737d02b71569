"""Videos that belong together because they show the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from indexer.copies.match import Kind, Match

_STRENGTH = tuple(Kind)


@dataclass(frozen=True)
class Member:
    """A video of a group."""

    video: int
    width: int
    height: int
    """Pixels as displayed."""
    duration_s: float
    size_bytes: int
    paths: tuple[str, ...] = ()
    """The files with exactly this content."""

    @property
    def quality(self) -> tuple[float, ...]:
        """Sorts the member to keep first: the most pixels, then the longest, then the largest."""
        return -self.width * self.height, -self.duration_s, -self.size_bytes, self.video


@dataclass(frozen=True)
class CopyGroup:
    """Videos that matches join, directly or through others; or one that lies in several files."""

    videos: tuple[Member, ...]
    """The best first."""
    kind: Kind
    """Of the weakest matches without which the group would fall apart."""
    matches: tuple[Match, ...]


def group_copies(
    matches: Iterable[Match], members: Mapping[int, Member], kinds: Collection[Kind] = _STRENGTH
) -> list[CopyGroup]:
    """The connected components, the largest first. Matches of other kinds join nothing.

    To fold copies in a list of results ask for `{Kind.COPY}`: a compilation joins its parts, which
    are no copies of each other. `members` by id; matches of others are left out.
    """
    usable = [m for m in matches if m.kind in kinds and m.a in members and m.b in members]
    groups = [_group(ids, usable, members) for ids in _components(usable)]
    return sorted(groups, key=lambda group: (-len(group.videos), group.videos[0].video))


class KnownCopies(Protocol):
    """What a catalog knows of copies."""

    def matches(self, kinds: Collection[Kind] = _STRENGTH) -> list[Match]: ...

    def members(self, videos: Collection[int]) -> dict[int, Member]: ...

    def in_several_files(self) -> list[int]:
        """Ids of the videos of which there are exact copies."""


def copies_in(known: KnownCopies, kinds: Collection[Kind] = _STRENGTH) -> list[CopyGroup]:
    """All groups of a library: near copies of these `kinds`, then videos in several files."""
    matches = known.matches(kinds)
    exact = known.in_several_files() if Kind.COPY in kinds else []
    members = known.members({v for match in matches for v in (match.a, match.b)} | {*exact})
    groups = group_copies(matches, members, kinds)
    joined = {member.video for group in groups for member in group.videos}
    alone = [members[video] for video in exact if video not in joined]
    return groups + [CopyGroup((member,), Kind.COPY, ()) for member in alone]


def _group(ids: set[int], matches: list[Match], members: Mapping[int, Member]) -> CopyGroup:
    inside = tuple(match for match in matches if match.a in ids)
    videos = sorted((members[video] for video in ids), key=lambda member: member.quality)
    return CopyGroup(tuple(videos), _weakest(ids, inside), inside)


def _weakest(ids: set[int], matches: Iterable[Match]) -> Kind:
    """The strongest kinds that hold the group together are enough."""
    held: list[Match] = []
    for kind in _STRENGTH:
        held += [match for match in matches if match.kind is kind]
        if next(_components(held), set()) == ids:
            return kind
    raise ValueError(f"no matches join {sorted(ids)}")


def _components(matches: Iterable[Match]) -> Iterator[set[int]]:
    """Sets of two or more ids that `matches` join."""
    of: dict[int, set[int]] = {}
    for match in matches:
        one, other = of.get(match.a, {match.a}), of.get(match.b, {match.b})
        if one is not other:
            joined = one | other
            of.update(dict.fromkeys(joined, joined))
    yield from {id(group): group for group in of.values()}.values()
