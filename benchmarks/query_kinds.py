"""How long each kind of question takes over a large library, how much memory, how long to start.

    python -m benchmarks.query_kinds --data FOLDER [--library FOLDER] [--answers FILE]

Without `--library`, which `python -m benchmarks.scale_library` makes, one is made for the time.
`--answers` writes what was answered to a file that is not there, and else compares with it.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, cycle, pairwise
from pathlib import Path
from typing import Any

from benchmarks.command import report
from benchmarks.library import temporary_folder
from benchmarks.memory import resident_mib
from benchmarks.program import run_videobert
from benchmarks.scale_library import VIDEOS, caption_texts, make_scale_library, seed_of
from benchmarks.table import Row, Section
from benchmarks.timing import Timing, wall_s
from search.engine import SearchEngine
from search.moment_ref import MomentRef
from search.results import SearchResult

EACH = 31
"""Questions of each kind; no words are asked twice; the first is not timed."""
K = 10
_STARTS = 5
_STOP = {
    "a",
    "an",
    "the",
    "is",
    "are",
    "in",
    "on",
    "of",
    "to",
    "at",
    "with",
    "and",
    "his",
    "her",
    "by",
}

Ask = Callable[[], Any]


@dataclass
class Texts:
    """Captions to ask with, each once."""

    left: Iterator[str]

    def one(self) -> str:
        """Words alone, without signs that the query language reads."""
        while True:
            words = [word for word in next(self.left).lower().split() if word.isalpha()]
            if 3 <= len(words) <= 15 and not {"then", "within"} & set(words):
                return " ".join(words)

    def two(self) -> str:
        """Two words that stand beside each other and mean something."""
        while True:
            words = self.one().split()
            for pair in pairwise(words):
                if not _STOP & {*pair}:
                    return " ".join(pair)

    def word(self) -> str:
        return self.two().split()[-1]


def kinds(engine: SearchEngine, data: Path) -> dict[str, Callable[[], Ask]]:
    """Kind -> what draws a question of it, to be asked when it is called."""
    texts = Texts(iter(caption_texts(data)[::-1]))
    places = _places(engine)
    pictures = cycle(sorted((data / "captioned_images").rglob("*.jpg"))[:EACH])
    clips = cycle(_short(data))
    one, two = texts.one, texts.two

    def words(make: Callable[[], str], **more: Any) -> Callable[[], Ask]:
        def draw() -> Ask:
            question = make()
            return lambda: engine.search(question, K, **more)

        return draw

    def second_page() -> Ask:
        question = one()
        page = engine.search(question, K).next
        return lambda: engine.search(question, K, page=page)

    def thumbs() -> Ask:
        question = one()
        best = [moment.id for moment in engine.search(question, 3).moments]
        refs = [MomentRef.parse(text) for text in best]
        return lambda: engine.search(question, K, relevant=refs[:2], irrelevant=refs[2:])

    def explain() -> Ask:
        question = one()
        best = MomentRef.parse(engine.search(question, 1).moments[0].id)
        return lambda: engine.explain(question, best)

    def picture() -> Ask:
        path = next(pictures)
        return lambda: engine.search_image(path, K)

    def clip() -> Ask:
        path = next(clips)
        return lambda: engine.search_clip(path, K)

    return {
        "plain words": words(one),
        "words, filter of 1 %": words(lambda: f"{one()} tag:rare7"),
        "words, filter of 90 %": words(lambda: f"{one()} tag:common"),
        '"two words"': words(lambda: f'"{two()}"'),
        "words -word": words(lambda: f"{one()} -{texts.word()}"),
        "said: and shown:": words(lambda: f"said:({one()}) shown:({one()})"),
        "one then another within 30s": words(lambda: f"({one()}) then ({one()}) within 30s"),
        "like:": words(lambda: f"like:{next(places)}"),
        "like: and words": words(lambda: f"like:{next(places)} {one()}"),
        "three thumbs": thumbs,
        "by video": words(one, by_video=True),
        "diversity 0.3": words(one, diversity=0.3),
        "second page": second_page,
        "100 results": lambda: _bind(engine, one(), 100),
        "explain": explain,
        "picture": picture,
        "clip of 10 s": clip,
    }


def _bind(engine: SearchEngine, question: str, k: int) -> Ask:
    return lambda: engine.search(question, k)


def _places(engine: SearchEngine) -> Iterator[str]:
    """Moments all over the library, without end."""
    videos = sorted(set(engine.paths().values()))
    for number in count():
        yield f"{videos[number * 61 % len(videos)]}@{number * 7 % 80}"


def _short(data: Path) -> list[Path]:
    """Videos of about 10 s, small ones first, as people upload them."""
    files = sorted((data / "captioned_videos").glob("*.mp4"), key=lambda file: file.stat().st_size)
    return files[:EACH]


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
        for name, draw in kinds(engine, data).items():
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
