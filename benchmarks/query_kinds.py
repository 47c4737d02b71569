"""How long each kind of question takes over a large library, how much memory, how long to start.

    python -m benchmarks.query_kinds --data FOLDER [--library FOLDER] [--answers FILE]

Without `--library`, which `python -m benchmarks.scale_library` makes, one is made for the time.
`--answers` writes what was answered to a file that is not there, and else compares with it.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.command import report
from benchmarks.library import temporary_folder
from benchmarks.memory import resident_mib
from benchmarks.program import run_videobert
from benchmarks.questions import EACH, Ask, K, Questions
from benchmarks.scale_library import VIDEOS, caption_texts, make_scale_library, seed_of
from benchmarks.table import Row, Section
from benchmarks.timing import Timing, wall_s
from search.engine import SearchEngine
from search.results import SearchResult

_STARTS = 5


def measure_query_kinds(
    data: Path, library: Path | None = None, answers: Path | None = None
) -> Section:
    """p50 and p95 of each kind; start and memory."""
    with _library(data, library) as folder:
        rows, found = _measured(folder, data)
        cold = Timing.of(
            lambda text: run_videobert("search", text, "--library", folder),
            [f"{text} tag" for text in caption_texts(data)[:_STARTS]],
        )
    rows += cold.rows("`videobert search`, whole process", "the files are in the page cache")
    if answers is not None:
        rows.append(_compared(found, answers))
    return Section("query kinds", f"python -m benchmarks.query_kinds --data {data}", tuple(rows))


@contextmanager
def _library(data: Path, library: Path | None) -> Iterator[Path]:
    if library is not None:
        yield library
        return
    with temporary_folder() as folder, seed_of(data) as seed:
        make_scale_library(folder / "library", seed, VIDEOS)
        yield folder / "library"


def _measured(folder: Path, data: Path) -> tuple[list[Row], dict[str, list[Any]]]:
    opened: list[SearchEngine] = []
    open_s = wall_s(lambda: opened.append(SearchEngine.open(folder)))
    with opened[0] as engine:
        first_s = wall_s(lambda: engine.search("a dog on a beach", K))
        remark = f"library of {engine.counts()['clips']:,} clips"
        rows = [Row("engine opened", open_s * 1000, "ms", remark)]
        rows += [Row("first answer, weights loaded", first_s * 1000, "ms")]
        found: dict[str, list[Any]] = {}
        for name, draw in Questions(engine, data).kinds().items():
            draw()()  # loads what this kind needs
            timing, found[name] = _asked([draw() for _ in range(EACH - 1)])
            rows += timing.rows(name)
    memory = resident_mib(os.getpid())
    return [*rows, Row("memory at the end", memory or None, "MiB")], found


def _asked(questions: Sequence[Ask]) -> tuple[Timing, list[Any]]:
    found: list[Any] = []
    timing = Timing.of(lambda ask: found.append(ask()), questions)
    return timing, [_plain(one) for one in found]


def _plain(answer: Any) -> Any:
    """An answer as JSON has it."""
    if isinstance(answer, SearchResult):
        return [moment.to_json() for moment in answer.moments]
    return answer.to_json()


def _compared(found: dict[str, list[Any]], path: Path) -> Row:
    """How many answers are not those in a file; they are written where it is not there."""
    text = json.dumps(found)
    if not path.exists():
        path.write_text(text)
        return Row("answers written", sum(map(len, found.values())))
    before, after = json.loads(path.read_text()), json.loads(text)
    pairs = [pair for name, kind in before.items() for pair in zip(kind, after[name], strict=True)]
    unlike = sum(a != b for a, b in pairs)
    return Row("answers unlike those before", unlike, "", f"of {len(pairs)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the research data")
    parser.add_argument("--library", type=Path, help="one that benchmarks.scale_library made")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="write or compare answers")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE too")
    options = parser.parse_args()
    report(
        lambda: [measure_query_kinds(options.data, options.library, options.answers)], options.json
    )


if __name__ == "__main__":
    main()
