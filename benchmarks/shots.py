"""How well cuts are found, and what that costs: at full rate, and on the indexer's samples.

python -m benchmarks.shots --data FOLDER

Films are joined from clips of one shot at known times, coded in nine ways; some are one place
seen wide and close in turns; some were cut by others. Clips of one shot, whose cameras swing or
which flash, count for false alarms. No clip that was tuned on is in it.
"""

from __future__ import annotations

import resource
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.command import run
from benchmarks.library import temporary_folder
from benchmarks.shot_contenders import CONTENDERS, Contender, sampling, transnet
from benchmarks.shot_films import CUT_RECIPES, SOFT_RECIPES, FilmLab
from benchmarks.shot_sources import Reference, edits, single_shots
from benchmarks.table import Row, Section
from indexer.pipeline import index
from model.registry import load_encoder

_SEED = 2
_TRANSNET_EVERY = 8
"""It computes for nearly as long as the film plays."""


@dataclass
class Score:
    """Changes that were found within a tolerance, given though there are none, and missed."""

    tolerance_s: float
    found: int = 0
    false: int = 0
    missed: int = 0
    errors_s: list[float] = field(default_factory=list)

    def count(self, given_s: list[float], reference: Reference) -> None:
        """Each change is matched by the nearest time given, each time counts once."""
        left = list(given_s)
        for start_s, end_s in reference.changes_s:
            middle_s = (start_s + end_s) / 2
            nearest = min(left, key=lambda time_s: abs(time_s - middle_s), default=None)
            if nearest is None or not self._within(nearest, start_s, end_s):
                self.missed += 1
            else:
                left.remove(nearest)
                self.found += 1
                self.errors_s.append(abs(nearest - middle_s))
        self.false += len(left)

    def row(self, name: str) -> Row:
        """F1, and of what it is made."""
        total = 2 * self.found + self.false + self.missed
        error = f", median error {np.median(self.errors_s):.3f} s" if self.errors_s else ""
        remark = f"{self.found} found, {self.false} false, {self.missed} missed{error}"
        return Row(name, 2 * self.found / total if total else None, remark=remark)

    def _within(self, time_s: float, start_s: float, end_s: float) -> bool:
        return start_s - self.tolerance_s - 1e-6 <= time_s <= end_s + self.tolerance_s + 1e-6


@dataclass(frozen=True)
class Films:
    """What is looked for cuts."""

    hard: list[Reference]
    soft: list[Reference]

    @classmethod
    def make(cls, data: Path, folder: Path) -> Films:
        """Encode the joined films into `folder`."""
        clips = single_shots(data, half=1)
        lab = FilmLab(clips, folder, _SEED)
        hard = [lab.joined(recipe) for recipe in CUT_RECIPES]
        soft = [lab.joined(recipe) for recipe in SOFT_RECIPES]
        hard += [lab.punched(clip) for clip in clips[1::4]]
        hard += [lab.panned(clip) for clip in clips[2::6]]
        hard += [lab.flashed(clip) for clip in clips[4::6]]
        return cls([*hard, *edits(data), *map(Reference, clips)], soft)


def measure_shots(data: Path) -> Section:
    """F1 within 0.5 s and within 0.1 s, dissolves and fades, and the cost, of each way."""
    rows: list[Row] = []
    with temporary_folder() as folder:
        films = Films.make(data, folder)
        for name, find in CONTENDERS.items():
            rows += _measure(name, find, films.hard, films.soft)
        few = films.hard[::_TRANSNET_EVERY]
        name = f"all pictures, TransNet V2 (every {_TRANSNET_EVERY}th film)"
        rows += _measure(name, transnet, few, films.soft[:1])
        rows += _measure("2 Hz, coded sizes (the same films)", *_same(few, films))
        rows += _references(films.hard, folder)
    return Section("cuts", f"python -m benchmarks.shots --data {data}", tuple(rows))


def _same(few: list[Reference], films: Films) -> tuple[Contender, list[Reference], list[Reference]]:
    return next(iter(CONTENDERS.values())), few, films.soft[:1]


def _measure(name: str, find: Contender, hard: list[Reference], soft: list[Reference]) -> list[Row]:
    near, exact, slow, cpu_s = Score(0.5), Score(0.1), Score(0.5), 0.0
    for film in hard:
        given_s, spent_s = find(film.path)
        near.count(given_s, film)
        exact.count(given_s, film)
        cpu_s += spent_s
    for film in soft:
        slow.count(find(film.path)[0], film)
    cost_ms = 1000 * cpu_s / _length_s(hard)
    return [
        near.row(f"{name}, F1 within 0.5 s"),
        exact.row(f"{name}, F1 within 0.1 s"),
        slow.row(f"{name}, F1 of dissolves and fades"),
        Row(f"{name}, CPU per second of video", cost_ms, "ms"),
    ]


def _references(films: list[Reference], folder: Path) -> list[Row]:
    """What the cost is to be compared with."""
    cpu_s = sum(sampling(film.path) for film in films)
    rows = [Row("sampling, CPU per second of video", 1000 * cpu_s / _length_s(films), "ms")]
    made = [film for film in films if film.path.parent == folder]
    encoder = load_encoder()
    started_s = _cpu_s()
    index(folder / "library", [film.path for film in made], encoder)
    cost_ms = 1000 * (_cpu_s() - started_s) / _length_s(made)
    remark = f"{len(made)} joined films"
    return [*rows, Row("indexing, CPU per second of video", cost_ms, "ms", remark)]


def _cpu_s() -> float:
    """Of this process and of those that it started and that ended."""
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _length_s(films: Iterable[Reference]) -> float:
    import av

    total_s = 0.0
    for film in films:
        with av.open(str(film.path)) as container:
            total_s += (container.duration or 0) / av.time_base
    return total_s


if __name__ == "__main__":
    run([measure_shots], __doc__)
