"""How exactly moments are found: recall at an overlap, on films joined from captioned clips.

    python -m benchmarks.moments --data FOLDER

Each caption of the reporting half is asked of a library of all films, by picture alone. A moment is
right when it lies in a film that shows the caption's clip, and their overlap in time, intersection
over union, is at least .5 or .7. `library` counts the best moments of all films, `film` those of
one film that shows the clip, each film in turn. Beside the search stand the best clips of 9 s as
they are. Intervals are of 2000 bootstrap samples, 95 %, drawn by caption.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.command import run
from benchmarks.joined import JoinedFilm, joined_films
from benchmarks.library import temporary_folder
from benchmarks.table import Row, Section
from indexer.pipeline import index
from indexer.store.filters import Filters
from indexer.store.library import Library
from model.registry import load_encoder
from search.engine import SearchEngine
from search.evidence import PICTURE
from search.language import plain_question

FILMS = 60
SEED = 5
TOPS = (1, 5)
OVERLAPS = (0.5, 0.7)
_SAMPLES = 2000


@dataclass(frozen=True)
class Stretch:
    """A stretch of a film, seconds; `film` is the file's name."""

    film: str
    start_s: float
    end_s: float

    def overlap(self, other: Stretch) -> float:
        """Intersection over union, 0 in another film."""
        if self.film != other.film:
            return 0.0
        shared = min(self.end_s, other.end_s) - max(self.start_s, other.start_s)
        return max(0.0, shared) / (max(self.end_s, other.end_s) - min(self.start_s, other.start_s))


Truths = dict[str, list[Stretch]]
"""Caption -> where it is shown."""
Finder = Callable[[str, str], list[Stretch]]
"""Caption, and a film or none -> moments, best first, of that film or of all; disjoint."""


def measure_moments(data: Path) -> Section:
    """Recall of the search and of fixed windows, on the reporting half."""
    encoder = load_encoder()
    with temporary_folder() as folder:
        (folder / "films").mkdir()
        films = joined_films(data, folder / "films", FILMS, SEED)
        index(folder / "library", [folder / "films"], encoder)
        truths = truths_of([film for film in films if not film.tuning])
        with SearchEngine.open(folder / "library", encoder) as engine:
            rows = recalls("search", truths, searching(engine))
            vectors = dict(zip(truths, encoder.encode_text(list(truths)), strict=True))
            with closing(Library.open(folder / "library")) as library:
                rows += recalls("clips of 9 s", truths, fixed(library, vectors))
    return Section("moments", f"python -m benchmarks.moments --data {data}", tuple(rows))


def truths_of(films: Sequence[JoinedFilm]) -> Truths:
    """Every place of every caption."""
    truths: Truths = {}
    for film in films:
        for part in film.parts:
            place = Stretch(film.path.name, part.start_s, part.end_s)
            truths.setdefault(part.caption, []).append(place)
    return truths


def searching(engine: SearchEngine) -> Finder:
    """What the search answers."""

    def find(text: str, film: str) -> list[Stretch]:
        only = Filters(folder=Path(film).stem.removeprefix("joined-")) if film else Filters()
        found = engine.search(
            plain_question(text), max(TOPS), channels=[PICTURE], filters=only
        ).moments
        return [Stretch(Path(m.video).name, m.start_s, m.end_s) for m in found]

    return find


def fixed(library: Library, vectors: dict[str, NDArray[np.float32]]) -> Finder:
    """The nearest clips as they are, without those that overlap a nearer one."""

    def find(text: str, film: str) -> list[Stretch]:
        store = library.generation.vectors
        _, ids = store.search(vectors[text][None], len(store))
        clips = library.catalog.clips(ids[0].tolist())
        names = {i: Path(path).name for path, i in library.catalog.paths().items()}
        kept: list[Stretch] = []
        for one in (clips[i] for i in ids[0].tolist()):
            stretch = Stretch(names[one.video_id], one.start_s, one.end_s)
            if film in ("", stretch.film) and not any(map(stretch.overlap, kept)):
                kept.append(stretch)
        return kept

    return find


def recalls(name: str, truths: Truths, find: Finder) -> list[Row]:
    """R@1 and R@5 at both overlaps, in the library and within the film."""
    library = [[_overlaps(find(c, ""), places)] for c, places in truths.items()]
    films = [[_overlaps(find(c, p.film), [p]) for p in places] for c, places in truths.items()]
    return [
        _row(
            f"{name}, {where}: R@{top} at IoU {least}",
            [[max(one[:top], default=0.0) >= least for one in answers] for answers in overlaps],
        )
        for where, overlaps in (("library", library), ("film", films))
        for top in TOPS
        for least in OVERLAPS
    ]


def _overlaps(found: Sequence[Stretch], truth: Sequence[Stretch]) -> list[float]:
    """Of each moment, its overlap with what it shares most with."""
    return [max(one.overlap(place) for place in truth) for one in found]


def _row(name: str, right: Sequence[Sequence[bool]]) -> Row:
    """The share of what is right, and its interval; answers to one caption stay together."""
    sums = np.array([[sum(one), len(one)] for one in right], np.float64)
    drawn = np.random.default_rng(0).integers(len(sums), size=(_SAMPLES, len(sums)))
    totals = sums[drawn].sum(1)
    low, high = np.percentile(totals[:, 0] / totals[:, 1], [2.5, 97.5])
    remark = f"95 % {low:.2f} to {high:.2f}, n={sums[:, 1].sum():.0f} of {len(sums)} captions"
    return Row(name, float(sums[:, 0].sum() / sums[:, 1].sum()), remark=remark)


if __name__ == "__main__":
    run([measure_moments], __doc__)
