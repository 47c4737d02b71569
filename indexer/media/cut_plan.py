"""Which packets of a file make a stretch of it, if any do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from indexer.media.excerpt import ROUNDING_S
from indexer.media.keyframes import restarts
from indexer.media.source import AnyPacket, Source

LONG_S = 0.5
"""A picture that stands at the start for longer than this belongs to the stretch."""
_MARGINS_S = (0.2, 10.0)
"""Key pictures are found by decoding time and may be shown a little late; then further back."""


class Inexact(Exception):
    """Why packets alone cannot make the stretch."""


@dataclass(frozen=True)
class CutPlan:
    """What to copy. Times are seconds from the start of the presentation."""

    seek_s: float | None
    """Where reading begins; None for the start of the file."""
    origin_pts: int
    """Of the first picture, in the stream's own ticks."""
    pictures: frozenset[int]
    """Presentation timestamps of the pictures to keep, in the same ticks."""
    start_s: float
    end_s: float
    sound_s: tuple[float, float]
    """Packets of sound are kept whose middle is in [first, second)."""


@dataclass(frozen=True)
class _Picture:
    """One packet of the film."""

    pts: int
    time_s: float
    end_s: float
    begins: bool
    """Whether decoding can begin here; where any key picture will do, about."""
    shown: bool


def plan_cut(path: Path, start_s: float, end_s: float, *, fast: bool) -> CutPlan:
    """The packets from `start_s` to `end_s`. Raises Inexact, a MediaError.

    `fast` takes the key picture before, and at the end what the last pictures refer to.
    """
    seek_s, pictures = _around(path, start_s, end_s, any_key=fast)
    first = _key_before(pictures, start_s) if fast else _exact_start(pictures, start_s)
    # What is decoded after a key picture but shown before it refers back.
    group = [p for p in pictures[pictures.index(first) :] if p.time_s >= first.time_s]
    last = max((i for i, p in enumerate(group) if p.time_s < end_s - ROUNDING_S), default=None)
    if last is None:
        raise Inexact("no picture starts in it")
    kept = group[: last + 1]
    if not fast and any(p.time_s >= end_s - ROUNDING_S for p in kept):
        raise Inexact("its last pictures refer to one after the end")
    until_s = max(p.end_s for p in kept)
    sound_s = (first.time_s, until_s if fast else end_s)
    times = frozenset(p.pts for p in kept)
    return CutPlan(seek_s, first.pts, times, first.time_s, until_s, sound_s)


def way(source: Source, seek_s: float | None) -> Iterator[AnyPacket] | None:
    """The packets of `source` from shortly before `seek_s`; None when there is no way there."""
    return source.packets() if seek_s is None else source.shortcut(seek_s)


def _around(
    path: Path, start_s: float, end_s: float, *, any_key: bool
) -> tuple[float | None, list[_Picture]]:
    """Where to read from, and the pictures from a key picture before the start on."""
    margins = [start_s - margin_s for margin_s in _MARGINS_S if start_s > margin_s]
    for seek_s in (*margins, None):
        with closing(Source(path)) as source:
            packets = way(source, seek_s)
            if packets is None:
                continue
            pictures = list(_pictures(source, packets, end_s, any_key))
        if seek_s is None or any(p.begins and p.time_s <= start_s for p in pictures):
            return seek_s, pictures
    raise AssertionError("the start of the file always leads there")


def _pictures(
    source: Source, packets: Iterator[AnyPacket], end_s: float, any_key: bool
) -> Iterator[_Picture]:
    codec, unit_s = source.video.codec_context.name, float(source.video.time_base or 0)
    film = (packet for packet in packets if packet.stream is source.video)
    for packet in takewhile(lambda packet: not _is_over(source, packet, end_s), film):
        if packet.pts is None:
            raise Inexact("a picture has no time")
        time_s = source.timeline.peek(packet.pts)
        yield _Picture(
            packet.pts,
            time_s,
            time_s + (packet.duration or 0) * unit_s,
            packet.is_keyframe and (any_key or _can_begin(codec, packet)),
            not packet.is_discard,
        )


def _can_begin(codec: str, packet: AnyPacket) -> bool:
    """HEVC promises that nothing after a key picture, in both orders, refers to before it."""
    return codec == "hevc" or restarts(codec, memoryview(packet))


def _is_over(source: Source, packet: AnyPacket, end_s: float) -> bool:
    """Nothing is shown before it is decoded."""
    return packet.dts is not None and source.timeline.peek(packet.dts) >= end_s


def _exact_start(pictures: list[_Picture], start_s: float) -> _Picture:
    after = [p for p in pictures if p.shown and p.time_s >= start_s - ROUNDING_S]
    first = min(after, key=lambda p: p.time_s, default=None)
    if first is None or first.time_s > start_s + LONG_S:
        raise Inexact("a picture from before stands at its start")
    if not first.begins:
        raise Inexact("it does not start at a key picture")
    return first


def _key_before(pictures: list[_Picture], start_s: float) -> _Picture:
    keys = [p for p in pictures if p.shown and p.begins and p.time_s <= start_s + ROUNDING_S]
    if not keys:
        raise Inexact("there is no key picture before it")
    return max(keys, key=lambda p: p.time_s)
