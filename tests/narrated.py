"""A small library whose videos talk, bear writing, and have copies, for the encoder of colours."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np

from indexer.copies.match import Kind, Match
from indexer.store.catalog import Catalog
from indexer.store.records import NewPassage, SourceRecord
from indexer.store.writer import open_for_writing
from model.encoder import Float32
from tests.colours import index_folder, write_colours
from tests.conftest import COLOURS, ColourEncoder

WALK = """\
1
00:00:02,000 --> 00:00:04,000
We open the harbour gate.

2
00:00:27,000 --> 00:00:30,000
Now the sky turns red.
"""
TALK = """\
1
00:00:05,000 --> 00:00:07,000
The harbour is closed today.
"""


class Reader(ColourEncoder):
    """Knows that scarlet is red, and counts how often it is asked.

    Texts without a colour are like nothing but themselves.
    """

    dim = 1024

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def encode_clips(self, clips: Sequence[Float32]) -> Float32:
        return np.pad(super().encode_clips(clips), ((0, 0), (0, self.dim - 3)))

    def encode_text(self, texts: Sequence[str]) -> Float32:
        self.asked += 1
        bare = [text.lower().replace("scarlet", "red").replace(".", " ") for text in texts]
        vectors = np.pad(super().encode_text(bare), ((0, 0), (0, self.dim - 3)))
        for i, text in enumerate(bare):
            if not COLOURS.keys() & set(text.split()):
                vectors[i] = np.eye(self.dim)[3 + crc32(text.encode()) % (self.dim - 3)]
        return vectors


def make_library(folder: Path) -> Path:
    """Below `folder`. Returns the library.

    walk: 18 s of blue, then 18 s of green, with subtitles and a chapter; talk: 12 s of green, with
    subtitles, and twin the same file; sign: 6 s of red with writing; again: a copy of it.
    """
    videos, library = folder / "videos", folder / "library"
    videos.mkdir()
    write_colours(videos / "walk.mp4", "blue", "green", seconds=18)
    write_colours(videos / "talk.mp4", "green", seconds=12)
    shutil.copy(videos / "talk.mp4", videos / "twin.mp4")
    write_colours(videos / "sign.mp4", "red", seconds=6)
    write_colours(videos / "again.mp4", "red", seconds=6.5)
    (videos / "walk.en.srt").write_text(WALK)
    (videos / "talk.en.srt").write_text(TALK)
    index_folder(library, videos, Reader())
    with open_for_writing(library) as writer:
        ids = ids_by_name(writer.catalog)
        source = SourceRecord("by hand", "test")
        shown = [NewPassage("SUMMER SALE", 1.0, 3.0)]
        writer.catalog.words.replace(ids["sign"], "screen", source, shown)
        chapters = [NewPassage("walk"), NewPassage("Zebra crossing", 20.0, 24.0)]
        writer.catalog.words.replace(ids["walk"], "name", source, chapters)
        pair = sorted((ids["sign"], ids["again"]))
        match = Match(*pair, 0, 6, 0, 6, similarity=0.99, motion=0.9, kind=Kind.COPY)
        writer.catalog.copies.add("by hand", pair, [match])
    return library


def ids_by_name(catalog: Catalog) -> dict[str, int]:
    """File name without extension -> id of the video."""
    return {Path(path).stem: video for path, video in catalog.paths().items()}
