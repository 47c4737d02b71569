"""Half-second cells: which picture stands for each, and which packets must be decoded for it.

What is not decoded is what is saved. A picture that opens no cell is decoded only when others
refer to it (the decoder is told to skip non-reference pictures), and of a group of pictures
nothing is decoded after the last one that is wanted, when the next group starts afresh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import floor
from typing import Generic, Protocol, TypeVar

from indexer.media.reader import SAMPLE_RATE_HZ

_ROUNDING_S = 1e-6
_SHORTEST_REST_S = 0.25
"""A last picture that is on screen less of its cell is not given for it."""
_MAX_PACKETS = 600
_MAX_BYTES = 32 << 20


def cell_of(time_s: float) -> int:
    """The half-second cell that `time_s` lies in."""
    return floor((time_s + _ROUNDING_S) * SAMPLE_RATE_HZ)


T = TypeVar("T")


class CellSampler(Generic[T]):
    """Of pictures in display order, one for each cell, at its time.

    That is the first to appear in the cell. In a cell where none appears the one on screen
    counts, given once, at the cell's start, and only if it was not given already: whoever fills
    forward then has the right picture at each cell's start or a little later.
    """

    def __init__(self) -> None:
        self._given_cell = -1
        self._given_any = False
        self._waiting: tuple[int, T] | None = None
        """Cell and picture on screen, when it was not given."""

    def add(self, time_s: float, picture: T) -> Iterator[tuple[float, T]]:
        """What is known to be needed once `picture` appears at `time_s` (below 0: before)."""
        cell = max(-1, cell_of(time_s))
        if self._waiting is not None and self._waiting[0] + 1 < cell:
            yield self._give(self._waiting[0] + 1)
        if cell > self._given_cell:
            self._waiting = None
            self._given_cell, self._given_any = cell, True
            yield max(0.0, time_s), picture
        else:
            self._waiting = (cell, picture)

    def finish(self, end_s: float) -> Iterator[tuple[float, T]]:
        """What is still needed of a video that ends at `end_s`."""
        if self._waiting is None:
            return
        next_cell = self._waiting[0] + 1
        if not self._given_any or next_cell / SAMPLE_RATE_HZ + _SHORTEST_REST_S < end_s:
            yield self._give(next_cell)

    def _give(self, cell: int) -> tuple[float, T]:
        assert self._waiting is not None
        picture = self._waiting[1]
        self._waiting = None
        self._given_cell, self._given_any = cell, True
        return cell / SAMPLE_RATE_HZ, picture


class PacketLike(Protocol):
    """What is used of an `av.Packet`."""

    pts: int | None
    size: int
    is_keyframe: bool
    is_discard: bool


P = TypeVar("P", bound=PacketLike)


class PacketPlanner(Generic[P]):
    """Chooses among packets in decoding order; exact for any frame rate and any reordering.

    `time_of` gives the seconds of a timestamp. `restarts` tells whether a key packet needs
    nothing that came before it (an IDR picture): only before those is anything left out.
    Holds one group of pictures and the first packets of the next.
    """

    def __init__(self, time_of: Callable[[int], float], restarts: Callable[[P], bool]) -> None:
        self._time_of = time_of
        self._restarts = restarts
        self._first_pts: dict[int, int] = {}
        self._last_pts: dict[int, int] = {}
        self._held: list[P] = []
        self._next_key = 0
        """Where in `_held` the next group starts; 0 while it has not begun."""
        self._held_bytes = 0
        self.cautious = False
        """Set it once the stream turns out to be damaged: from then on all is decoded."""

    def plan(self, packets: Iterable[P]) -> Iterator[tuple[P, bool]]:
        """(packet, wanted) to decode, in the order given; the others are dropped.

        A wanted packet must come out even when nothing refers to it.
        """
        for packet in packets:
            self._see(packet)
            if self._next_key and not self._leads(packet):
                yield from self._release(self._next_key, self._may_cut())
            self._held.append(packet)
            self._held_bytes += packet.size
            if packet.is_keyframe and len(self._held) > 1:
                self._next_key = len(self._held) - 1
            elif self._is_full():
                yield from self._release(len(self._held), cut=False)
        if self._next_key:
            yield from self._release(self._next_key, self._may_cut())
        yield from self._release(len(self._held), cut=True)

    def _see(self, packet: P) -> None:
        if packet.pts is not None and not packet.is_discard:
            cell = cell_of(self._time_of(packet.pts))
            self._first_pts[cell] = min(self._first_pts.get(cell, packet.pts), packet.pts)
            self._last_pts[cell] = max(self._last_pts.get(cell, packet.pts), packet.pts)

    def _wanted(self, packet: P) -> bool:
        if packet.pts is None or self.cautious:
            return True
        if packet.is_discard:  # outside the edit list: never shown
            return False
        cell = cell_of(self._time_of(packet.pts))
        stays_on = cell + 1 not in self._first_pts and self._last_pts[cell] == packet.pts
        return stays_on or self._first_pts[cell] == packet.pts

    def _leads(self, packet: P) -> bool:
        """Whether it is shown before the key picture it follows, so may need the group before."""
        key = self._held[self._next_key]
        if packet.is_keyframe or packet.pts is None or key.pts is None:
            return False
        return packet.pts < key.pts

    def _may_cut(self) -> bool:
        no_leading = len(self._held) == self._next_key + 1
        return no_leading and self._restarts(self._held[self._next_key])

    def _is_full(self) -> bool:
        return len(self._held) > _MAX_PACKETS or self._held_bytes > _MAX_BYTES

    def _release(self, count: int, cut: bool) -> Iterator[tuple[P, bool]]:
        group = [(packet, self._wanted(packet)) for packet in self._held[:count]]
        self._held = self._held[count:]
        self._held_bytes = sum(packet.size for packet in self._held)
        self._next_key = 0
        while cut and group and not group[-1][1]:
            group.pop()
        yield from group
