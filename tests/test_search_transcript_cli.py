"""`videobert transcript`, and `videobert search` over what is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from search import cli, table
from search.errors import InvalidQuery, NothingSaid, UnknownVideo
from search.transcript_cli import transcript
from tests.narrated import Reader

Run = Callable[..., Result]


@pytest.fixture
def run(narrated_library: Path) -> Run:
    return lambda *arguments: CliRunner().invoke(
        transcript, [*arguments, "--library", str(narrated_library)]
    )


@pytest.fixture
def search(narrated_library: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr("model.registry.load_encoder", lambda folder: Reader())
    return lambda *arguments: CliRunner().invoke(
        cli.search, [*arguments, "--library", str(narrated_library)]
    )


def test_the_text_is_a_sentence_a_line(run: Run):
    done = run("walk.mp4")
    assert done.output == "We open the harbour gate.\nNow the sky turns red.\n"


def test_a_path_names_a_video_too(run: Run, narrated_library: Path):
    path = narrated_library.parent / "videos" / "talk.mp4"
    assert run(str(path)).output == "The harbour is closed today.\n"


def test_subrip_and_webvtt(run: Run):
    assert run("talk.mp4", "--format", "srt").output.split("\n")[:3] == [
        "1",
        "00:00:05,000 --> 00:00:07,000",
        "The harbour is closed today.",
    ]
    web = run("talk.mp4", "--format", "vtt").output
    assert web.startswith("WEBVTT\n")
    assert "00:00:05.000 --> 00:00:07.000" in web


def test_json_says_where_it_comes_from(run: Run):
    assert json.loads(run("talk.mp4", "--json").output) == {
        "video": "talk.mp4",
        "language": "en",
        "source": "talk.en.srt",
        "cues": [{"start_s": 5.0, "end_s": 7.0, "text": "The harbour is closed today."}],
    }


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (["sign.mp4"], NothingSaid, r"Put subtitles beside it, .* and run `videobert index`"),
        (["walk.mp4", "--language", "fr"], InvalidQuery, "no transcript in 'fr'. There is: en."),
        (["lost.mp4"], UnknownVideo, r"lost\.mp4 is not in the library"),
    ],
)
def test_what_is_not_there_comes_with_a_remedy(
    run: Run, arguments: list[str], error: type[Exception], says: str
):
    done = run(*arguments)
    assert done.output == ""
    with pytest.raises(error, match=says):
        raise done.exception or AssertionError("no error")


def test_an_answer_shows_the_words_that_match_and_where_else_it_is(search: Run):
    done = search("harbour gate", "--channels", "speech", "-k", "1")
    first, said = done.output.splitlines()
    assert first.endswith("walk.mp4")
    assert said == "      speech: We open the [harbour] [gate]."
    table = search("red", "--channels", "picture", "-k", "1").output.splitlines()
    assert table[1].startswith("      copy: ")


def test_an_answer_in_json(search: Run):
    found = json.loads(search('"summer sale"', "--json").output)
    assert found["query"] == '"summer sale"'
    [moment] = found["results"]
    assert moment.keys() == {
        *("id", "video", "video_id", "title", "duration_s", "start_s", "end_s"),
        *("score", "sure", "channels", "matches", "copies"),
    }
    assert moment["channels"] == {"screen": moment["score"]}


def test_filters_and_channels_are_options(search: Run):
    assert "Nothing found." in search("green", "--in", "/nowhere").output
    assert "Nothing found." in search('"summer sale"', "--channels", "speech, name").output
    refused = search("green", "--channels", "smell")
    assert "channels are picture, speech, screen, name" in str(refused.exception)
    assert isinstance(search("green", "--after", "soon").exception, InvalidQuery)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00.0"), (59.94, "0:59.9"), (59.96, "1:00.0"), (3599.99, "60:00.0")],
)
def test_times_roll_over(seconds: float, shown: str):
    assert table.clock(seconds) == shown
