"""Training pairs out of a library: subtitles beside the videos, or a CSV of captions."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from indexer import pipeline
from indexer.narration import Narration, captioned_pairs, narrated_pairs
from indexer.segments import CLIP_TOKENS, TOKEN_S
from indexer.store.catalog import Catalog
from indexer.store.paths import LibraryPaths
from indexer.store.shards import read_shard
from tests.conftest import ColourEncoder
from tests.library_tools import write_video

SRT = """\
1
00:00:01,000 --> 00:00:03,500
<i>First we look</i> at the blue wall.

2
00:00:12,000 --> 00:00:14,000
Then at the red one.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """`two`: 9 s of blue, then 9 s of red; `short`: 1 s of green."""
    write_video(tmp_path / "videos" / "two.mp4", (0, 0, 250), (250, 0, 0), seconds=9)
    write_video(tmp_path / "videos" / "short.mp4", (0, 250, 0), seconds=1)
    return tmp_path / "videos"


@pytest.fixture
def library(tmp_path: Path, folder: Path, encoder: ColourEncoder) -> Path:
    assert pipeline.index(tmp_path / "library", [folder], encoder).ok
    return tmp_path / "library"


def narrated(library: Path, captions: Path | None = None) -> Narration:
    paths = LibraryPaths(library)
    with closing(Catalog(paths.catalog)) as catalog:
        if captions is not None:
            return captioned_pairs(paths, catalog, "c010u5", captions)
        return narrated_pairs(paths, catalog, "c010u5")


def test_sentences_come_with_what_is_seen_around_them(library: Path, folder: Path):
    (folder / "two.srt").write_text(SRT)
    found = narrated(library)
    assert (found.videos, found.narrated, found.failed) == (2, 1, [])
    first, second = found.pairs
    assert (first.text, second.text) == ("First we look at the blue wall.", "Then at the red one.")
    assert first.video == second.video
    assert len(first.tokens) == len(second.tokens) == CLIP_TOKENS
    assert (first.start_s, first.end_s) == (0, 9)
    assert second.start_s <= 12 <= 14 <= second.end_s
    assert first.tokens.argmax(1).tolist() == [2] * 6
    assert set(second.tokens.argmax(1).tolist()) == {0}
    assert first.tokens.dtype == np.float16


def test_tokens_are_those_of_the_index(library: Path, folder: Path):
    """No video is opened: they may be on a disk that is not mounted, only subtitles have to be."""
    (folder / "two.srt").write_text(SRT)
    for video in folder.glob("*.mp4"):
        video.unlink()
    pairs = narrated(library).pairs
    shard = next(
        shard
        for shard in map(read_shard, library.glob("shards/*/*.safetensors"))
        if shard.content == pairs[1].video
    )
    start = round(pairs[1].start_s / TOKEN_S)
    np.testing.assert_array_equal(pairs[1].tokens, shard.tokens[start : start + CLIP_TOKENS])


def test_a_short_video_gives_what_it_has(library: Path, folder: Path):
    (folder / "short.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nAll of it is green.\n")
    (pair,) = narrated(library).pairs
    assert len(pair.tokens) == 1


def test_what_is_said_after_the_end_belongs_to_nothing(library: Path, folder: Path):
    (folder / "short.srt").write_text("1\n00:01:00,000 --> 00:01:05,000\nWho is speaking here?\n")
    assert narrated(library).pairs == []


def test_subtitles_beside_a_copy_serve(library: Path, folder: Path, encoder: ColourEncoder):
    (folder / "sub").mkdir()
    shutil.copyfile(folder / "two.mp4", folder / "sub" / "again.mp4")
    (folder / "sub" / "again.en.srt").write_text(SRT)
    pipeline.index(library, [folder], encoder)
    found = narrated(library)
    assert (found.videos, found.narrated, len(found.pairs)) == (2, 1, 2)


def test_unreadable_subtitles_are_named_and_the_next_ones_read(library: Path, folder: Path):
    (folder / "two.en.srt").write_bytes(b"\0\1\2")
    (folder / "two.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nThe wall is blue.\n")
    (folder / "short.srt").write_text("no subtitles at all")
    found = narrated(library)
    assert [pair.text for pair in found.pairs] == ["The wall is blue."]
    assert {Path(f.path).name for f in found.failed} == {"two.en.srt", "short.srt"}
    assert all("Convert it to .srt" in failure.message for failure in found.failed)


def test_only_english_and_what_names_no_language_is_learned_from(library: Path, folder: Path):
    """By the name, or by the file itself; nor from what only translates signs."""
    for name in ("two.de.srt", "two.hi.srt", "two.en.forced.srt"):
        (folder / name).write_text(SRT)
    french = "WEBVTT\nLanguage: fr\n\n00:01.000 --> 00:02.000\nLe mur est bleu.\n"
    (folder / "two.vtt").write_text(french)
    assert (narrated(library).pairs, narrated(library).failed) == ([], [])
    (folder / "two.eng.sbv").write_text("0:00:01.000,0:00:02.000\nThe wall is blue.\n")
    assert [pair.text for pair in narrated(library).pairs] == ["The wall is blue."]


def test_a_damaged_shard_is_named_and_the_others_serve(library: Path, folder: Path):
    (folder / "two.srt").write_text(SRT)
    (folder / "short.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nAll of it is green.\n")
    smallest = min(library.glob("shards/*/*.safetensors"), key=lambda path: path.stat().st_size)
    smallest.write_bytes(smallest.read_bytes()[:-1])
    found = narrated(library)
    assert len(found.pairs) == 2
    assert "videobert rebuild" in found.failed[0].message


# captions


def test_captions_come_with_the_whole_video(library: Path, folder: Path):
    (folder / "c.csv").write_text(
        'video,caption\ntwo.mp4,"first  blue,\nthen red"\nshort.mp4,a lawn\n'
    )
    found = narrated(library, folder / "c.csv")
    assert [(p.text, len(p.tokens), p.start_s) for p in found.pairs] == [
        ("first blue, then red", 12, 0.0),
        ("a lawn", 1, 0.0),
    ]
    assert (found.narrated, found.failed) == (2, [])


def test_a_video_is_found_by_path_and_by_a_name_that_is_the_only_one(
    library: Path, folder: Path, tmp_path: Path, encoder: ColourEncoder
):
    write_video(folder / "sub" / "short.mp4", (250, 250, 0), seconds=1)
    pipeline.index(library, [folder], encoder)
    rows = [str(folder / "sub" / "short.mp4"), "videos/short.mp4", "two.mp4", "short.mp4", "no.mp4"]
    csv = tmp_path / "c.csv"
    csv.write_text("video,caption\n" + "".join(f"{row},seen {i}\n" for i, row in enumerate(rows)))
    found = narrated(library, csv)
    assert [pair.text for pair in found.pairs] == ["seen 0", "seen 1", "seen 2"]
    assert found.pairs[0].video != found.pairs[1].video
    assert [failure.path for failure in found.failed] == ["short.mp4", "no.mp4"]
    assert "several videos have this name" in found.failed[0].message
    assert "videobert index" in found.failed[1].message
