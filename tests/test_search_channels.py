"""From a file to its moment: words said, shown, named and filed are found where they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer import pipeline
from search import cli
from search.engine import SearchEngine
from search.results import Moment
from tests.conftest import ColourEncoder
from tests.library_tools import write_video
from tests.spoken import RATE_HZ, silence, speak, write_film
from tests.test_indexer_media_screen import clip, titles
from tests.test_indexer_media_subtitle_streams import write as write_streams

INFO = {"title": "How to sail", "tags": ["Boats"], "uploader": "Ana"}
CHINESE = """\
1
00:00:01,000 --> 00:00:03,000
我们今天去沙滩看日落

2
00:00:04,000 --> 00:00:06,000
然后回家做饭
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`inside.mkv` with streams of subtitles, `travel.mp4` in Chinese, `clip.mp4` by a title."""
    desk = tmp_path_factory.mktemp("desk")
    folder = desk / "videos"
    write_video(folder / "clip.mp4", (0, 0, 250), seconds=1)
    write_video(folder / "travel.mp4", (0, 250, 0), seconds=8)
    (folder / "clip.info.json").write_text(json.dumps(INFO))
    (folder / "travel.zh.srt").write_text(CHINESE, encoding="utf-8")
    write_streams(folder / "inside.mkv", "ass")
    report = pipeline.index(desk / "library", [folder], ColourEncoder())
    assert (report.ok, report.warnings) == (True, {})
    return desk / "library"


@pytest.fixture
def engine(library: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(library, ColourEncoder()) as engine:
        yield engine


def first(engine: SearchEngine, text: str, channel: str) -> Moment:
    """The best moment, which has to say `text` in this channel."""
    moment = engine.search(text).moments[0]
    assert channel in {match.channel for match in moment.matches}
    assert moment.channels[channel] > 0
    return moment


def test_subtitles_inside_a_file_are_found_in_each_language(engine: SearchEngine):
    for query, start_s in (("two lines", 2.0), ("hallo", 0.6)):
        moment = first(engine, query, "speech")
        assert moment.title == "inside"
        assert moment.start_s <= start_s < moment.end_s


@pytest.mark.parametrize(("word", "start_s"), [("沙滩", 1.0), ("做饭", 4.0)])
def test_a_chinese_word_is_found_inside_its_sentence(
    engine: SearchEngine, word: str, start_s: float
):
    moment = first(engine, f'"{word}"', "speech")
    assert moment.title == "travel"
    assert moment.start_s <= start_s < moment.end_s
    assert word in moment.matches[0].text


def test_a_title_is_found_and_a_tag_narrows(
    engine: SearchEngine, library: Path, monkeypatch: pytest.MonkeyPatch
):
    assert first(engine, '"sailing"', "name").title == "How to sail"
    monkeypatch.setattr("model.registry.load_encoder", lambda *_: ColourEncoder())
    words = ["green", "--tag", "boats", "--library", str(library), "--json"]
    done = CliRunner().invoke(cli.search, words)
    assert done.exit_code == 0, done.output
    videos = {Path(one["video"]).name for one in json.loads(done.stdout)["results"]}
    assert videos == {"clip.mp4"}


def test_what_is_heard_is_found_with_its_time(tmp_path: Path):
    pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed")
    pytest.importorskip("faster_whisper", reason="what finds voices is not installed")
    sentence = speak("the weather is beautiful this morning")
    folder = tmp_path / "videos"
    folder.mkdir()
    write_film(folder / "talk.mp4", sentence, sound_from_s=4.0, seconds=5 + len(sentence) / RATE_HZ)
    write_film(folder / "quiet.mp4", silence(2))
    library = tmp_path / "library"
    library.mkdir()
    (library / "library.toml").write_text('[channels]\nspeech = "pocketsphinx"\n')
    report = pipeline.index(library, [folder], ColourEncoder())
    assert (report.ok, report.warnings) == (True, {})
    with SearchEngine.open(library, ColourEncoder()) as engine:
        moment = first(engine, '"beautiful"', "speech")
    assert moment.title == "talk"
    (match,) = moment.matches
    assert match.start_s is not None
    assert match.start_s == pytest.approx(4.0, abs=1.0)


def test_what_stands_on_screen_is_found_with_its_time(tmp_path: Path):
    pytest.importorskip("rapidocr_onnxruntime", reason="rapidocr-onnxruntime is not installed")
    folder, library = tmp_path / "videos", tmp_path / "library"
    folder.mkdir()
    library.mkdir()
    clip(folder / "kitchen.mp4", 5, titles((2.0, 4.0, "Fold the dough twice")))
    (library / "library.toml").write_text("[channels]\nscreen = true\n")
    report = pipeline.index(library, [folder], ColourEncoder())
    assert (report.ok, report.warnings) == (True, {})
    with SearchEngine.open(library, ColourEncoder()) as engine:
        moment = first(engine, '"dough twice"', "screen")
    (match,) = moment.matches
    assert match.start_s == pytest.approx(2.0, abs=0.6)
