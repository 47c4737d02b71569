"""Which files are a video's subtitles, in which language, and which to read first."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from indexer.errors import UnreadableFile
from indexer.media.language_names import language_called
from indexer.media.subtitle_files import read_subtitles
from indexer.media.subtitle_sidecars import SidecarFinder

SRT = "1\n00:00:01,000 --> 00:00:02,500\nHello\n"


def beside(folder: Path, names: list[str], video: str = "a.mp4") -> list[tuple[str, str]]:
    """(name, language) of the subtitle files of `video` in a folder with these files."""
    for name in [*names, video]:
        (folder / name).write_text(SRT)
    return [(one.path.name, one.language) for one in SidecarFinder().beside(folder / video)]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["a.srt"], [("a.srt", "")]),
        (["a.vtt", "a.srt"], [("a.srt", ""), ("a.vtt", "")]),
        (["a.srt", "a.en.vtt"], [("a.en.vtt", "en"), ("a.srt", "")]),
        (
            ["a.fr.srt", "a.de.srt", "a.en.srt", "a.srt", "a.en.forced.srt", "a.forced.srt"],
            [
                *[("a.en.srt", "en"), ("a.srt", ""), ("a.de.srt", "de"), ("a.fr.srt", "fr")],
                *[("a.en.forced.srt", "en"), ("a.forced.srt", "")],
            ],
        ),
        (
            ["a.en-US.sdh.srt", "a.ENG.srt", "a.cc.srt", "a.eng.hi.srt"],
            [
                ("a.ENG.srt", "en"),
                ("a.en-US.sdh.srt", "en"),
                ("a.eng.hi.srt", "en"),
                ("a.cc.srt", ""),
            ],
        ),
        (["a.hi.srt"], [("a.hi.srt", "hi")]),
        (["a.hi.sdh.srt"], [("a.hi.sdh.srt", "")]),
        (
            ["a.Brazilian Portuguese.srt", "a.zh-Hans.ass", "a.2.en.srt"],
            [("a.2.en.srt", "en"), ("a.Brazilian Portuguese.srt", "pt"), ("a.zh-Hans.ass", "zh")],
        ),
        (["a.mp4.srt", "a.mp4.de.srt"], [("a.mp4.srt", ""), ("a.mp4.de.srt", "de")]),
        (["b.srt", "ab.srt", "a.director.srt", "a", "a.jpg"], []),
    ],
)
def test_files_are_found_with_their_language_best_first(
    tmp_path: Path, names: list[str], found: list[tuple[str, str]]
):
    assert beside(tmp_path, names) == found


def test_a_file_belongs_to_the_video_with_the_longest_name(tmp_path: Path):
    names = ["a.part.mp4", "a.part.en.srt", "a.en.srt", "a.mkv", "a.mkv.en.srt"]
    assert beside(tmp_path, names) == [("a.en.srt", "en")]
    assert beside(tmp_path, names, "a.part.mp4") == [("a.part.en.srt", "en")]
    assert [name for name, _ in beside(tmp_path, names, "a.mkv")] == ["a.en.srt", "a.mkv.en.srt"]


def test_doubtful_suffixes_count_when_their_content_is_subtitles(tmp_path: Path):
    names = ["a.txt", "a.en.txt", "a.json", "a.xml"]
    assert beside(tmp_path, names) == [
        *[("a.en.txt", "en"), ("a.xml", ""), ("a.json", ""), ("a.txt", "")]
    ]
    for name in ("a.txt", "a.json", "a.xml"):
        (tmp_path / name).write_text('{"title": "no subtitles"}')
    assert [one.path.name for one in SidecarFinder().beside(tmp_path / "a.mp4")] == ["a.en.txt"]


def test_forced_files_say_that_they_are(tmp_path: Path):
    beside(tmp_path, ["a.en.forced.srt", "a.en.srt"])
    found = SidecarFinder().beside(tmp_path / "a.mp4")
    assert [one.forced for one in found] == [False, True]


def test_letters_of_apples_disks_are_the_same(tmp_path: Path):
    apart = unicodedata.normalize("NFD", "é.de.srt")
    assert beside(tmp_path, [apart], "é.mp4") == [(apart, "de")]


def test_a_folder_is_listed_once_and_a_missing_one_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for number in range(5):
        (tmp_path / f"{number}.mp4").touch()
        (tmp_path / f"{number}.srt").touch()
    listed = []
    list_folder = os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: listed.append(path) or list_folder(path))
    finder = SidecarFinder()
    assert all(len(finder.beside(tmp_path / f"{number}.mp4")) == 1 for number in range(5))
    assert len(listed) == 1
    assert finder.beside(tmp_path / "gone" / "a.mp4") == ()


def test_pictures_of_text_are_told_apart_from_frames(tmp_path: Path):
    beside(tmp_path, ["a.sub", "a.idx"])
    (tmp_path / "a.sub").write_bytes(b"\0\0\1\xba\x44\0\4\0\4\1")
    (sidecar,) = SidecarFinder().beside(tmp_path / "a.mp4")
    with pytest.raises(UnreadableFile, match=r"a\.sub: .*pictures of text \(VobSub\)"):
        read_subtitles(sidecar.path)
    sidecar.path.write_text("{1}{1}25\n{25}{50}Hello\n")
    assert read_subtitles(sidecar.path).cues[0].start_s == 1


@pytest.mark.parametrize(
    ("tag", "subtag"),
    [
        *[("eng", "en"), ("en_GB", "en"), ("ENGLISH", "en"), ("ger", "de"), ("deu", "de")],
        *[
            ("Chinese (Simplified)", "zh"),
            ("Greek", "el"),
            ("fil", "fil"),
            ("iw", "he"),
            ("Français", "fr"),
        ],
        *[("und", ""), ("zxx", ""), ("", ""), ("x" * 10_000, ""), ("forced", "")],
    ],
)
def test_codes_and_names_become_one_subtag(tag: str, subtag: str):
    assert language_called(tag) == subtag


def test_a_word_is_a_rare_language_only_where_one_is_expected():
    assert language_called("raw") == "raw"
    assert language_called("raw", rare=False) == ""
