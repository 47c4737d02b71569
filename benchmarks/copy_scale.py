"""How long copies are searched for in libraries of made-up fingerprints.

python -m benchmarks.copy_scale --data FOLDER
"""

from __future__ import annotations

import time
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.command import run
from benchmarks.table import Row, Section
from indexer.copies.finder import find_copies
from indexer.media.fingerprint import LEVELS, SIDE

SIZES = (1_000, 10_000)
CELLS = 120
"""Half seconds of a video: a minute."""
_SHOT_CELLS = 8
_COPIES = 0.05
_NEW = 10


def measure_scale(data: Path) -> Section:
    """Seconds for a whole library, and for ten new videos in it; copies found of those made."""
    rows: list[Row] = []
    for size in SIZES:
        rows += _measured(size)
    return Section(
        "search for copies", f"python -m benchmarks.copy_scale --data {data}", tuple(rows)
    )


def _measured(size: int) -> list[Row]:
    library, copies = made_up_library(size)
    started_s = time.perf_counter()
    found = {(match.a, match.b) for match in find_copies(library)}
    all_s = time.perf_counter() - started_s
    started_s = time.perf_counter()
    find_copies(library, new=range(size - _NEW, size))
    new_s = time.perf_counter() - started_s
    name = f"{size} videos of {CELLS // 2} s"
    right = len(found & copies)
    remark = f"{right} of {len(copies)} copies, {len(found) - right} more"
    return [
        Row(f"{name}, all", all_s, "s", remark),
        Row(f"{name}, {_NEW} of them new", new_s, "s"),
    ]


def made_up_library(size: int) -> tuple[dict[int, NDArray[np.uint8]], set[tuple[int, int]]]:
    """Fingerprints by id, and the pairs among them that have a source in common.

    A video is shots of smooth pictures that move; a copy is one with noise, its start cut off.
    """
    rng = np.random.default_rng(0)
    library = {video: _shades(_moving(rng)) for video in range(size)}
    sources = {video: [video] for video in range(size)}
    for copy in range(round(size * (1 - _COPIES)), size):
        original = int(rng.integers(size // 2))
        noisy = library[original][10:] + rng.integers(-1, 2, (CELLS - 10, SIDE**2))
        library[copy] = np.clip(noisy, 0, LEVELS - 1).astype(np.uint8)
        sources[original].append(copy)
    pairs = {pair for alike in sources.values() for pair in combinations(sorted(alike), 2)}
    return library, pairs


def _moving(rng: np.random.Generator) -> NDArray[np.float64]:
    """(CELLS, 144): each shot goes from one smooth picture to another a third as strong."""
    shots = -(-CELLS // _SHOT_CELLS)
    start, change = _smooth(rng, shots), _smooth(rng, shots) / 3
    progress = np.linspace(0, 1, _SHOT_CELLS)[None, :, None]
    moving = start[:, None] + progress * change[:, None]
    return moving.reshape(-1, SIDE**2)[:CELLS]


def _smooth(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """(count, 144) pictures with the spectrum of photographs: amplitude falls with frequency."""
    frequencies = np.hypot(*np.meshgrid(np.fft.fftfreq(SIDE), np.fft.fftfreq(SIDE)))
    falling = 1 / np.maximum(frequencies, 1 / SIDE)
    noise = np.fft.fft2(rng.standard_normal((count, SIDE, SIDE))) * falling
    return np.fft.ifft2(noise).real.reshape(count, SIDE**2)


def _shades(pictures: NDArray[np.float64]) -> NDArray[np.uint8]:
    scaled = (pictures - pictures.mean(1, keepdims=True)) / pictures.std(1, keepdims=True)
    return np.asarray(np.clip(scaled * (LEVELS / 6) + LEVELS / 2, 0, LEVELS - 1), np.uint8)


if __name__ == "__main__":
    run([measure_scale], __doc__)
