"""What is written is read back the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.media.reading import Transcript
from indexer.media.subtitle_files import read_subtitles
from indexer.media.subtitle_writing import srt_text, webvtt_text
from model.sentences import Cue

SAID = Transcript(
    (Cue(0.5, 2.25, "Salt & pepper:\n1984"), Cue(2.0, 4.0, "7 < 9"), Cue(3661.001, 3662.0, "Fin")),
    language="fr",
    source="whisper",
)


def test_srt_is_read_back(tmp_path: Path):
    (tmp_path / "a.srt").write_text(srt_text(SAID))
    assert read_subtitles(tmp_path / "a.srt").cues == SAID.cues


def test_webvtt_is_read_back_with_its_language(tmp_path: Path):
    (tmp_path / "a.vtt").write_text(webvtt_text(SAID))
    found = read_subtitles(tmp_path / "a.vtt")
    assert (found.cues, found.language) == (SAID.cues, "fr")


def test_what_they_look_like():
    one = Transcript((Cue(1, 2, "a --> <b> {c}"),))
    assert srt_text(one) == "1\n00:00:01,000 --> 00:00:02,000\na -> <b> {c}\n\n"
    assert webvtt_text(one) == (
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\na --&gt; &lt;b&gt; {c}\n\n"
    )


@pytest.mark.parametrize("write", [srt_text, webvtt_text])
def test_times_beyond_the_format_are_its_last(write):
    assert "99:59:59" in write(Transcript((Cue(0, 1e9, "a"),)))


def test_a_transcript_without_words_is_a_file_without_cues():
    assert srt_text(Transcript(())) == ""
    assert webvtt_text(Transcript(())).strip() == "WEBVTT"
