"""Training pairs out of a library: subtitles beside the videos, or a CSV of captions."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from indexer import pipeline
from indexer.errors import UnreadableFile
from indexer.narration import Narration, captioned_pairs, narrated_pairs
from indexer.segments import CLIP_TOKENS, TOKEN_S
from indexer.store.catalog import Catalog
from indexer.store.paths import LibraryPaths
from indexer.store.shards import read_shard
from indexer.subtitles import read_cues, sidecars
from model.sentences import Cue
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


def test_a_damaged_shard_is_named_and_the_others_serve(library: Path, folder: Path):
    (folder / "two.srt").write_text(SRT)
    (folder / "short.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nAll of it is green.\n")
    smallest = min(library.glob("shards/*/*.safetensors"), key=lambda path: path.stat().st_size)
    smallest.write_bytes(smallest.read_bytes()[:-1])
    found = narrated(library)
    assert len(found.pairs) == 2
    assert "videobert rebuild" in found.failed[0].message


# subtitle files


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["a.srt"], ["a.srt"]),
        (["a.vtt", "a.srt"], ["a.srt", "a.vtt"]),
        (["a.srt", "a.en.vtt"], ["a.en.vtt", "a.srt"]),
        (["a.de.srt", "a.fr.srt", "a.forced.srt"], []),
        (
            ["a.en-US.sdh.srt", "a.ENG.srt", "a.cc.srt"],
            ["a.ENG.srt", "a.en-US.sdh.srt", "a.cc.srt"],
        ),
        (["b.srt", "ab.srt", "a.txt", "a.mp4", "a"], []),
    ],
)
def test_which_files_are_a_videos_subtitles(names: list[str], chosen: list[str]):
    found = sidecars(Path("/v/a.mp4"), names)
    assert [path.name for path in found] == chosen
    assert all(path.parent == Path("/v") for path in found)


def test_cues_are_read_with_their_times(tmp_path: Path):
    (tmp_path / "a.srt").write_text(SRT)
    assert [(cue.start_s, cue.end_s) for cue in read_cues(tmp_path / "a.srt")] == [
        (1, 3.5),
        (12, 14),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_old_encodings_are_read(tmp_path: Path, encoding: str):
    text = "1\n00:00:00,000 --> 00:00:01,000\nUn café noir\n"
    (tmp_path / "a.srt").write_bytes(text.encode(encoding))
    assert read_cues(tmp_path / "a.srt") == [Cue(0, 1, "Un café noir")]


def test_frames_are_counted_by_the_file_else_by_the_video(tmp_path: Path):
    path = tmp_path / "a.sub"
    path.write_text("{50}{100}Hello\n")
    assert read_cues(path, fps=25) == [Cue(2, 4, "Hello")]
    path.write_text("{1}{1}50\n{50}{100}Hello\n")
    assert read_cues(path, fps=25) == [Cue(1, 2, "Hello")]
    path.write_text("{50}{100}Hello\n")
    with pytest.raises(UnreadableFile, match="Framerate"):
        read_cues(path)


def test_every_format_that_is_read_gives_the_same_words(shared_data: Path):
    folder = shared_data / "subtitle_formats"
    for name in ("test.srt", "test.vtt", "test.ass", "test.ssa", "test.dfxp", "test.sbv"):
        text = " ".join(cue.text for cue in read_cues(folder / name)).replace("\\N", " ")
        assert "spent nearly two decades observing what makes people luckier" in text, name


def test_files_that_are_none_are_refused_by_name(shared_data: Path):
    for name in ("test.stl", "test.json", "test_plain.txt", "test_utils.scc"):
        with pytest.raises(UnreadableFile, match=name):
            read_cues(shared_data / "subtitle_formats" / name)


def test_missing_and_endless_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_cues(tmp_path / "gone.srt")
    monkeypatch.setattr("indexer.subtitles.MOST_BYTES", 10)
    (tmp_path / "a.srt").write_text(SRT)
    with pytest.raises(UnreadableFile, match="larger than"):
        read_cues(tmp_path / "a.srt")


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
