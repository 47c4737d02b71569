"""What near copies of a video are found by: a tiny grey picture of each half second.

A hash says that two pictures are near, not how a cropped one lies in the other, nor what moves.
A picture of 12 x 12 points in 32 shades does, and costs little more: hashes of it and of parts of
it are made when they are needed, by a product with a matrix (see `indexer.copies`).
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray

from indexer.media.borders import Lines, between_bars, lit_rows
from indexer.media.reader import SAMPLE_RATE_HZ
from indexer.media.sampling import cell_of

SIDE = 12
LEVELS = 32
MAX_CELLS = 100_000
"""About 14 hours; a damaged timestamp must not fill the memory."""
_SMALL = 48
"""Pictures are kept at about this side until the bars around them are known."""
_DEVIATIONS = 6.0
"""The shades span so many standard deviations of a picture's brightness, around its mean."""
_FLAT = 6.0
"""A picture whose standard deviation is less, of 255, shows nothing to know it by."""
_AROUND_S = 8.0
"""Bars are what stays black for so long before and after."""
_VERSION = "1:"


@dataclass(frozen=True)
class _Seen:
    time_s: float
    small: NDArray[np.float32]
    lit: tuple[Lines, Lines]


class Fingerprinter:
    """Watches the sampled pictures of one video go by."""

    def __init__(self) -> None:
        self._cells: list[int] = []
        self._codes: list[NDArray[np.uint8]] = []
        self._around: deque[_Seen] = deque()
        """What was seen lately; the last ones are not coded yet."""

    def add(self, time_s: float, sample: NDArray[np.uint8]) -> None:
        """Take (size, size, 3) RGB, which is on screen from `time_s` on; times ascend."""
        cell = cell_of(time_s)
        if cell < MAX_CELLS:
            self._cells.append(cell)
            self._around.append(_seen(time_s, sample))
            self._settle(time_s - _AROUND_S)

    def finish(self, duration_s: float) -> str:
        """The fingerprint as ASCII text. Raises ValueError when nothing was added."""
        if not self._cells:
            raise ValueError("a video without pictures has no fingerprint")
        self._settle(float("inf"))
        count = min(MAX_CELLS, max(1, ceil(round(duration_s * SAMPLE_RATE_HZ, 3))))
        begun = np.searchsorted(self._cells, np.arange(count), side="right")
        codes = np.stack(self._codes)[np.maximum(begun - 1, 0)]
        changes = np.diff(codes, axis=0, prepend=np.uint8(0))  # modulo 256: small and often 0
        return _VERSION + base64.b64encode(zlib.compress(changes.tobytes(), 9)).decode()

    def _settle(self, until_s: float) -> None:
        """Code what was seen before `until_s`: what comes now says nothing about its bars."""
        waiting = len(self._cells) - len(self._codes)
        for seen in list(self._around)[len(self._around) - waiting :]:
            if seen.time_s >= until_s:
                return
            while self._around[0].time_s < seen.time_s - _AROUND_S:
                self._around.popleft()
            near = [one.lit for one in self._around if one.time_s <= seen.time_s + _AROUND_S]
            rows, columns = (np.logical_or.reduce(lit) for lit in zip(*near, strict=True))
            side = len(seen.small)
            down, across = _line(side, *between_bars(rows)), _line(side, *between_bars(columns))
            self._codes.append(_code(np.asarray(down @ seen.small @ across.T, np.float32)))


def decode(text: str) -> NDArray[np.uint8]:
    """(cells, 144) shades, 0 to 31, of each half second; a flat picture is all 0.

    Raises ValueError when `text` is no fingerprint.
    """
    if not text.startswith(_VERSION):
        raise ValueError("not a fingerprint of this version")
    limit = MAX_CELLS * SIDE**2
    try:
        packed = base64.b64decode(text[len(_VERSION) :], validate=True)
        changes = zlib.decompressobj().decompress(packed, limit + 1)
    except (binascii.Error, zlib.error) as error:
        raise ValueError(f"a damaged fingerprint: {error}") from error
    if not changes or len(changes) > limit or len(changes) % SIDE**2:
        raise ValueError(f"a fingerprint of {len(changes)} bytes, which is no number of pictures")
    rows = np.frombuffer(changes, np.uint8).reshape(-1, SIDE**2)
    codes = np.cumsum(rows, axis=0, dtype=np.uint8)
    if codes.max() >= LEVELS:
        raise ValueError("a damaged fingerprint: there are no such shades")
    return codes


def _seen(time_s: float, sample: NDArray[np.uint8]) -> _Seen:
    import cv2  # here: whoever reads fingerprints does without

    grey = cv2.cvtColor(sample, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
    side = len(grey) // max(1, len(grey) // _SMALL)  # a whole factor is several times as fast
    small = cv2.resize(grey, (side, side), interpolation=cv2.INTER_AREA)
    return _Seen(time_s, small.astype(np.float32), (lit_rows(grey), lit_rows(grey.T)))


@lru_cache(maxsize=64)
def _line(side: int, start: float, end: float) -> NDArray[np.float32]:
    """(12, side): means over twelve equal parts of what lies between `start` and `end`."""
    edges = np.linspace(start, end, SIDE + 1)[:, None] * side
    covered = np.clip(edges - np.arange(side), 0, 1)
    overlap = np.diff(covered, axis=0)
    return np.asarray(overlap / overlap.sum(1, keepdims=True), np.float32)


def _code(points: NDArray[np.float32]) -> NDArray[np.uint8]:
    shades = points.ravel()
    deviation = shades.std()
    if deviation < _FLAT:
        return np.zeros(SIDE**2, np.uint8)
    scaled = (shades - shades.mean()) / deviation * (LEVELS / _DEVIATIONS) + LEVELS / 2
    return np.asarray(np.clip(scaled, 0, LEVELS - 1), np.uint8)
