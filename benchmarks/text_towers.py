"""The two text towers side by side: agreement, retrieval among captions, speed and size.

python -m benchmarks.text_towers --data FOLDER --recurrent CHECKPOINT
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.machine import describe_machine
from benchmarks.table import Row, Section, render, to_json
from benchmarks.timing import Timing, wall_s
from model.checkpoint import PRETRAINED, Checkpoint
from model.encoder import Float32
from model.grouped_sentences import GroupedSentences
from model.recurrent_text import RecurrentEncoder
from model.text import BATCH, SentenceEncoder
from model.text_features import TextFeatures

CAPTION_SETS = {"Flickr30k": "flickr30k_multi30k.tsv", "COCO": "coco_val2017.tsv"}
QUERIES, BATCHES, REPEATS = 200, 32, 3
TRANSFORMER_FILES = ("text.onnx", "bert.safetensors")
RECURRENT_FILES = ("recurrent.onnx",)


@dataclass(frozen=True)
class Texts:
    """Sentences that the recurrent tower was not trained on, by what they are."""

    captions: dict[str, GroupedSentences]
    """Held-out captions: those of one picture are to find each other."""
    others: dict[str, list[str]]

    @classmethod
    def read(cls, data: Path) -> Texts:
        """From the research data."""
        sets = {
            name: GroupedSentences.read([data / "caption_text" / file])
            for name, file in CAPTION_SETS.items()
        }
        return cls(
            {f"{name} captions": found.where(found.held_out()) for name, found in sets.items()},
            {
                "captions of videos": _column(
                    data / "captioned_videos" / "captions.csv", "caption"
                ),
                "names of classes": _column(PRETRAINED / "classes.tsv", "lemmas"),
            },
        )

    @property
    def all(self) -> dict[str, list[str]]:
        """Every set's sentences."""
        return {name: list(found.texts) for name, found in self.captions.items()} | self.others

    def vectors(self, tower: TextFeatures) -> dict[str, Float32]:
        """Every set's vectors, (N, 384) each."""
        return {name: tower(sentences) for name, sentences in self.all.items()}


def measure_towers(data: Path, shipped: Path, recurrent: Path) -> list[Section]:
    """Both towers on the same texts; the transformer is the one that is agreed with."""
    again = f"python -m benchmarks.text_towers --data {data} --recurrent {recurrent}"
    towers: dict[str, tuple[TextFeatures, Path, tuple[str, ...]]] = {
        "transformer": (SentenceEncoder(Checkpoint.open(shipped)), shipped, TRANSFORMER_FILES),
        "recurrent": (RecurrentEncoder(Checkpoint.open(recurrent)), recurrent, RECURRENT_FILES),
    }
    texts = Texts.read(data)
    vectors = {name: texts.vectors(tower) for name, (tower, _, _) in towers.items()}
    return [
        Section(
            f"text, {name}",
            again,
            (
                *_quality(texts, vectors[name], vectors["transformer"]),
                *_speed(tower, next(iter(texts.all.values()))),
                Row("weights", sum((folder / f).stat().st_size for f in files) / 1e6, "MB"),
            ),
        )
        for name, (tower, folder, files) in towers.items()
    ]


def first_of_group(vectors: Float32, groups: Sequence[str]) -> float:
    """Share of the sentences whose nearest other one belongs to the same group."""
    similarities = vectors @ vectors.T
    np.fill_diagonal(similarities, -2.0)
    owners = np.array(groups)
    return float((owners[similarities.argmax(1)] == owners).mean())


def _quality(
    texts: Texts, vectors: dict[str, Float32], teacher: dict[str, Float32]
) -> Iterator[Row]:
    for subject, found in texts.captions.items():
        remark = f"{len(found.texts)} captions; the nearest other one is of the same picture"
        yield Row(f"R@1, {subject}", first_of_group(vectors[subject], found.groups), "", remark)
    for subject, mine in vectors.items():
        cosine = float((mine * teacher[subject]).sum(1).mean())
        yield Row(f"cosine to the transformer, {subject}", cosine, "", f"{len(mine)} texts")


def _speed(tower: TextFeatures, sentences: list[str]) -> list[Row]:
    """One query at a time, and whole batches."""
    many = sentences[: BATCH * BATCHES]
    tower(sentences[:BATCH])  # warm
    queries = Timing.of(lambda text: tower([text]), sentences[:QUERIES])
    seconds = min(wall_s(lambda: tower(many)) for _ in range(REPEATS))
    remark = f"{len(many)} at batch {BATCH}, best of {REPEATS}"
    return [*queries.rows("one query"), Row("many", len(many) / seconds, "sentences/s", remark)]


def _column(path: Path, name: str) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".tsv":
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        else:
            rows = csv.DictReader(file)
        return [row[name] for row in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with caption_text")
    parser.add_argument("--recurrent", type=Path, required=True, help="made by export_recurrent")
    parser.add_argument("--transformer", type=Path, default=PRETRAINED, help="its teacher")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE too")
    options = parser.parse_args()
    machine = describe_machine()
    sections = measure_towers(options.data, options.transformer, options.recurrent)
    print(render(machine, sections))
    if options.json is not None:
        options.json.write_text(json.dumps(to_json(machine, sections), indent=2) + "\n")


if __name__ == "__main__":
    main()
