"""Sentences that a text tower is distilled from, and the part of them that is kept apart."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.errors import ModelError

HELD_OUT_OF = 50
"""One group in fifty is never trained on."""
GROUP_COLUMNS = ("id", "image", "video")


@dataclass(frozen=True)
class GroupedSentences:
    """N sentences, and for each what it describes: those of one picture are a group."""

    texts: Sequence[str]
    groups: Sequence[str]

    @classmethod
    def read(cls, paths: Iterable[Path]) -> GroupedSentences:
        """TSV without quotes or CSV, each with the columns `caption` and `id`, `image` or `video`.

        Raises ModelError.
        """
        rows = [row for path in paths for row in _rows(path)]
        return cls([text for text, _ in rows], [group for _, group in rows])

    def held_out(self) -> NDArray[np.bool_]:
        """(N,): which sentences are kept apart, the same ones for every file and run.

        A sentence that is worded as one of them is kept apart too.
        """
        drawn = np.array([zlib.crc32(g.encode()) % HELD_OUT_OF == 0 for g in self.groups], bool)
        apart = {self.texts[i] for i in np.flatnonzero(drawn).tolist()}
        return np.array([text in apart for text in self.texts], bool)

    def where(self, chosen: NDArray[np.bool_]) -> GroupedSentences:
        """Those sentences alone."""
        rows = np.flatnonzero(chosen).tolist()
        return GroupedSentences([self.texts[i] for i in rows], [self.groups[i] for i in rows])


def _rows(path: Path) -> list[tuple[str, str]]:
    """(caption, group) of one file."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            if path.suffix == ".tsv":
                reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            else:
                reader = csv.DictReader(file)
            column = next(c for c in GROUP_COLUMNS if c in (reader.fieldnames or ()))
            return [(row["caption"], _group(row[column])) for row in reader]
    except (OSError, KeyError, StopIteration, UnicodeDecodeError, csv.Error) as error:
        raise ModelError(
            f"{path}: cannot be read as a table of id and caption ({error!r}). Give a TSV or CSV "
            f"with a column caption and one of {', '.join(GROUP_COLUMNS)}."
        ) from error


def _group(name: str) -> str:
    """A picture's name as all sets share it: Flickr8k's 10_ab.jpg is Flickr30k's 10.jpg."""
    return Path(name).stem.partition("_")[0]
