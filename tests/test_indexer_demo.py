"""The demo's videos: whole, described, and found by the words that are advertised for them."""

from __future__ import annotations

import sys
from pathlib import Path

import av
import pytest
from click.testing import CliRunner

from indexer.demo import collection, demo
from indexer.demo.collection import write_demo
from indexer.demo.film import FPS, HEIGHT, WIDTH, frame_count
from indexer.demo.photographs import PHOTOGRAPHS, load_photograph
from indexer.demo.scenes import Shot, Story, View
from indexer.demo.stories import STORIES
from indexer.errors import IndexerError
from indexer.segments import CLIP_STRIDE, TOKEN_S
from search.results import Moment

ADVERTISED = [
    pytest.param(query, story.name, start_s, end_s, id=query)
    for story in STORIES
    for start_s, end_s, shot in story.timeline()
    for query in shot.queries
]
SHORT = Story(
    "short",
    (
        Shot("chelsea", 1.0, View(0.5, 0.5, 1.0), View(0.5, 0.4, 0.6), "A cat."),
        Shot("coins", 0.5, View(0.2, 0.5, 0.4), View(0.8, 0.5, 0.4), "Coins."),
    ),
)


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "videos"
    result = CliRunner().invoke(demo, [str(folder)])
    assert result.exit_code == 0, result.output
    assert "8 videos written, 0 were there already" in result.output
    assert "    a cat\n" in result.output
    return folder


@pytest.fixture(scope="module")
def answers(
    demo_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Moment, ...]]:
    """The moments for each advertised query, by the real encoder."""
    from indexer.pipeline import index
    from model.registry import load_encoder
    from search.engine import SearchEngine

    encoder = load_encoder()
    library = tmp_path_factory.mktemp("demo") / "library"
    assert index(library, [demo_folder], encoder).ok
    queries = [str(case.values[0]) for case in ADVERTISED]
    with SearchEngine.open(library, encoder) as engine:
        found = engine.search_texts(queries, 5)
    return {result.query: result.moments for result in found}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_video_is_whole_and_starts_at_once_in_a_browser(story: Story, demo_folder: Path) -> None:
    path = demo_folder / f"{story.name}.mp4"
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = [frame for frame in container.decode(stream) if not frame.is_corrupt]
        assert (stream.codec.name, stream.width, stream.height) == ("h264", WIDTH, HEIGHT)
    assert len(frames) == frame_count(story)
    assert frames[-1].time + 1 / FPS == pytest.approx(story.duration_s)
    head = path.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_shots_begin_where_a_clip_begins(story: Story) -> None:
    stride_s = CLIP_STRIDE * TOKEN_S
    assert all(start_s % stride_s == 0 for start_s, _, _ in story.timeline())
    assert all(shot.duration_s >= 2 * stride_s for shot in story.shots)


def test_subtitles_follow_the_shots(demo_folder: Path) -> None:
    text = (demo_folder / "a-quiet-morning.srt").read_text("utf-8")
    assert "2\n00:00:09,000 --> 00:00:22,500\nFirst a cup of coffee" in text
    assert text.count(" --> ") == len(STORIES[0].shots)


def test_every_photograph_is_credited(demo_folder: Path) -> None:
    page = (demo_folder / "DEMO.md").read_text("utf-8")
    used = {shot.photograph for story in STORIES for shot in story.shots}
    assert used == set(PHOTOGRAPHS)
    assert all(PHOTOGRAPHS[name].source in page for name in used)


def test_advertised_queries_are_at_least_eight_and_differ() -> None:
    queries = [case.values[0] for case in ADVERTISED]
    assert len(queries) == len(set(queries)) >= 8


@pytest.mark.parametrize(("query", "video", "start_s", "end_s"), ADVERTISED)
def test_an_advertised_query_finds_its_shot_first(
    query: str,
    video: str,
    start_s: float,
    end_s: float,
    answers: dict[str, tuple[Moment, ...]],
) -> None:
    best = answers[query][0]
    assert Path(best.video).stem == video
    assert start_s <= best.start_s < end_s, "the player starts in another shot"
    shared_s = min(best.end_s, end_s) - best.start_s
    assert shared_s >= 0.6 * (end_s - start_s)
    assert shared_s >= 0.6 * (best.end_s - best.start_s)


def test_what_is_there_is_left_alone_and_what_is_cut_short_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "short.mp4"
    assert write_demo(tmp_path, [SHORT]) == [path]
    content, modified_ns = path.read_bytes(), path.stat().st_mtime_ns
    assert write_demo(tmp_path, [SHORT]) == []
    assert path.stat().st_mtime_ns == modified_ns
    for size in (0, 900, len(content) - 1000):
        path.write_bytes(content[:size])
        assert write_demo(tmp_path, [SHORT]) == [path]
        assert path.read_bytes() == content, "the same story gives the same bytes"


def test_an_interrupted_rendering_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(story: Story, path: Path) -> None:
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(collection, "render", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_demo(tmp_path, [SHORT])
    assert list(tmp_path.iterdir()) == []


def test_without_scikit_image_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "skimage", None)
    with pytest.raises(IndexerError, match=r"pip install 'videobert-search\[demo\]'"):
        load_photograph("chelsea")


def test_a_photograph_that_would_have_to_be_downloaded_names_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from skimage import data

    def absent() -> None:
        raise ModuleNotFoundError("pooch is needed")

    monkeypatch.setattr(data, "chelsea", absent)
    with pytest.raises(IndexerError, match=r"chelsea.*--upgrade"):
        load_photograph("chelsea")
