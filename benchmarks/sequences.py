"""Whether "A then B" finds the film in which B follows A, and not the one with both turned round.

    python -m benchmarks.sequences --data FOLDER

Twenty questions of two captions each. For each there are two films of the same four clips: in one
B comes right after A, in the other A right after B. A question is answered when the best moment is
of the first. Beside `A then B within 30s` stand both captions as one sentence, and both in any
order. By picture alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.command import run
from benchmarks.joined import CLIPS, ClipLab, join
from benchmarks.library import temporary_folder
from benchmarks.table import Row, Section
from indexer.captions import Caption, read_captions
from indexer.pipeline import index
from model.registry import load_encoder
from search.engine import SearchEngine
from search.evidence import PICTURE
from search.language import plain_question
from search.language.parser import WITHIN_S
from search.question import Question
from search.results import Moment

QUESTIONS = 20
SEED = 11
_CLIPS_EACH = 4


@dataclass(frozen=True)
class Ordered:
    """Two captions, and the film in which the second follows the first."""

    first: str
    second: str
    right: Path
    turned: Path
    """With the same clips in the opposite order."""


def measure_sequences(data: Path) -> Section:
    """Recall at 1 of each way to ask."""
    encoder = load_encoder()
    with temporary_folder() as folder:
        films = folder / "films"
        films.mkdir()
        questions = ordered_films(data, films, QUESTIONS, SEED)
        index(folder / "library", [films], encoder)
        with SearchEngine.open(folder / "library", encoder) as engine:
            rows = [
                _row("A then B", questions, lambda one: _then(engine, one.first, one.second)),
                _row("both in any order", questions, lambda one: _in_any_order(engine, one)),
                _row("one sentence", questions, lambda one: _one_sentence(engine, one)),
            ]
    return Section("sequences", f"python -m benchmarks.sequences --data {data}", tuple(rows))


def ordered_films(data: Path, folder: Path, count: int, seed: int) -> list[Ordered]:
    """Make two films for each of `count` questions, all of different clips."""
    clips = sorted(read_captions(data / CLIPS / "captions.csv"), key=lambda clip: clip.video)
    dealt = iter(Random(seed).sample(clips, len(clips)))
    lab = ClipLab(data / CLIPS, folder.parent)
    found = []
    for number in range(count):
        before, first, second, after = [next(dealt) for _ in range(_CLIPS_EACH)]
        right, turned = folder / f"{number:02d}-right.mp4", folder / f"{number:02d}-turned.mp4"
        _write(lab, [before, first, second, after], right)
        _write(lab, [after, second, first, before], turned)
        found.append(Ordered(first.text, second.text, right, turned))
    return found


def _write(lab: ClipLab, clips: Sequence[Caption], path: Path) -> None:
    join([(clip, lab.encoded(clip)) for clip in clips], path)


def _then(engine: SearchEngine, first: str, second: str) -> Moment | None:
    steps = (*plain_question(first).steps, *plain_question(second).steps)
    question = Question(f"{first} then {second}", steps, (WITHIN_S,))
    moments = engine.search(question, 1, channels=[PICTURE]).moments
    return moments[0] if moments else None


def _in_any_order(engine: SearchEngine, one: Ordered) -> Moment | None:
    """The better of both orders."""
    found = [_then(engine, one.first, one.second), _then(engine, one.second, one.first)]
    return max(filter(None, found), key=lambda moment: moment.score, default=None)


def _one_sentence(engine: SearchEngine, one: Ordered) -> Moment | None:
    question = plain_question(f"{one.first} {one.second}")
    moments = engine.search(question, 1, channels=[PICTURE]).moments
    return moments[0] if moments else None


def _row(name: str, questions: Sequence[Ordered], ask: Callable[[Ordered], Moment | None]) -> Row:
    answers = [ask(question) for question in questions]
    films = [None if moment is None else Path(moment.video).name for moment in answers]
    pairs = list(zip(films, questions, strict=True))
    right = sum(film == one.right.name for film, one in pairs)
    turned = sum(film == one.turned.name for film, one in pairs)
    remark = f"{right} of {len(pairs)}; {turned} times the film with both turned round"
    return Row(f"{name}: R@1", right / len(pairs), remark=remark)


if __name__ == "__main__":
    run([measure_sequences], __doc__)
