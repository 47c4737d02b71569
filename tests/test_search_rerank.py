"""The second look: the best answers change places, the others and the scores stay."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from indexer.captions import Caption
from indexer.store.catalog_writer import CatalogWriter
from indexer.store.library import Library
from model.encoder import Aligner, Float32
from search import rerank
from search.engine import SearchEngine
from search.errors import InvalidQuery
from search.evaluation import evaluate
from search.evidence import PICTURE
from search.rerank import Reranker
from search.stretch_tokens import Stretch
from tests.conftest import ColourEncoder


class Contrary(ColourEncoder):
    """Thinks that words belong to what is blue, whatever they say."""

    rerank_weight = 0.0

    def __init__(self) -> None:
        super().__init__()
        self.lengths: list[int] = []

    def alignment(self, text: str, clips: Sequence[Float32]) -> Float32:
        self.lengths += [len(clip) for clip in clips]
        return np.array([20 * clip.mean(0)[2] - 10 for clip in clips], np.float32)


@pytest.fixture
def contrary(colour_library: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(colour_library, Contrary(), rerank=5.0) as engine:
        yield engine


def test_the_aligner_is_told_from_other_encoders():
    assert isinstance(Contrary(), Aligner)
    assert not isinstance(ColourEncoder(), Aligner)


def test_without_a_weight_nothing_changes(colour_library: Path, colour_engine: SearchEngine):
    with SearchEngine.open(colour_library, Contrary()) as engine:
        assert engine.search("red").moments == colour_engine.search("red").moments


def test_the_second_look_decides_among_the_best(
    contrary: SearchEngine, colour_engine: SearchEngine
):
    first = colour_engine.search("green", channels=[PICTURE])
    second = contrary.search("green", channels=[PICTURE])
    assert first.moments[0].title == "green"
    assert second.moments[0].title in {"blue", "mixed"}
    # the scores are handed out anew: the second look orders, it is no measure
    assert [m.score for m in first.moments] == pytest.approx([m.score for m in second.moments])


def test_fewer_answers_than_are_looked_at_are_handed_out(contrary: SearchEngine):
    assert contrary.search("red", k=1).moments == contrary.search("red", k=3).moments[:1]


@pytest.mark.parametrize("k", [0, -1, 1001])
def test_a_number_of_results_out_of_range_is_refused_here_too(contrary: SearchEngine, k: int):
    with pytest.raises(InvalidQuery, match="1 to 1000"):
        contrary.search("red", k)


def test_what_comes_after_the_best_stays(
    contrary: SearchEngine, colour_library: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rerank, "TOP", 2)
    videos = [contrary.find(f"{name}.mp4").id for name in ("red", "blue", "green")]
    stretches = [Stretch(video, 0.0, 3.0) for video in videos]
    with Library.open(colour_library) as library:
        order = Reranker(library, Contrary(), 5.0).order("red", stretches, [0.9, 0.5, 0.4])
    assert order.tolist() == [1, 0, 2]


def test_the_network_gets_the_tokens_of_the_stretch(colour_library: Path, contrary: SearchEngine):
    aligner = Contrary()
    mixed = contrary.find("mixed.mp4").id
    stretches = [Stretch(mixed, 0.0, 9.0), Stretch(mixed, 18.0, 21.0), Stretch(mixed, 35.9, 36.0)]
    with Library.open(colour_library) as library:
        Reranker(library, aligner, 1.0).order("blue", stretches, [0.3, 0.2, 0.1])
    assert aligner.lengths == [6, 2, 1]


@pytest.fixture
def damaged(colour_library: Path, tmp_path: Path) -> Path:
    """A copy of the library, of which `blue` and `mixed` come first at the second look."""
    return shutil.copytree(colour_library, tmp_path / "library")


def ranked(library: Path, text: str) -> list[str]:
    with SearchEngine.open(library, Contrary(), rerank=5.0) as engine:
        return [m.title for m in engine.search(text, 4, channels=[PICTURE]).moments]


def shard_of(library: Path, name: str) -> Path:
    with Library.open(library) as opened:
        files = opened.catalog.files().values()
        content = next(f.content for f in files if Path(f.path).name == name)
        return opened.paths.shard(opened.generation.manifest.encoder, content)


def no_number(path: Path) -> None:
    """As a disk may hand it out: whole, but not what was written."""
    content = bytearray(path.read_bytes())
    tokens = np.frombuffer(content, np.uint8)
    header = int.from_bytes(content[:8], "little")
    first, last = json.loads(bytes(content[8 : 8 + header]))["tokens"]["data_offsets"]
    tokens[8 + header + first : 8 + header + last] = 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize(
    "spoil", [Path.unlink, lambda path: path.write_bytes(b"no shard"), no_number]
)
def test_an_answer_whose_shard_cannot_be_read_keeps_its_place(
    damaged: Path, spoil: Callable[[Path], None], caplog: pytest.LogCaptureFixture
):
    assert ranked(damaged, "green")[0] != "green"
    spoil(shard_of(damaged, "green.mp4"))
    with SearchEngine.open(damaged, Contrary(), rerank=5.0) as engine:
        for _ in range(2):
            moments = engine.search("green", 4, channels=[PICTURE]).moments
            assert moments[0].title == "green"  # as at the first look
            assert moments[1].title in {"blue", "mixed"}
    (warning,) = [one for one in caplog.records if one.name == "search.stretch_tokens"]
    assert str(shard_of(damaged, "green.mp4")) in warning.getMessage()


def test_without_any_shard_the_first_look_stands(damaged: Path, colour_engine: SearchEngine):
    shutil.rmtree(damaged / "shards")
    wanted = [m.title for m in colour_engine.search("red", 4, channels=[PICTURE]).moments]
    assert ranked(damaged, "red") == wanted


def test_a_video_that_lost_its_file_fails_no_question(
    damaged: Path, colour_videos: Path, contrary: SearchEngine
):
    pairs = [Caption("green.mp4", "green")]
    wanted = evaluate(contrary, pairs, colour_videos)
    with closing(CatalogWriter(damaged / "catalog.sqlite")) as catalog:
        catalog.remove_files([p for p in catalog.files() if Path(p).name == "red.mp4"])
    assert "red" not in ranked(damaged, "green")
    with SearchEngine.open(damaged, Contrary(), rerank=5.0) as engine:
        assert evaluate(engine, pairs, colour_videos).r5 == wanted.r5


def test_evaluation_takes_the_second_look_too(
    contrary: SearchEngine, colour_engine: SearchEngine, colour_videos: Path
):
    pairs = [Caption("green.mp4", "green")]
    assert evaluate(colour_engine, pairs, colour_videos).median_rank == 1
    assert evaluate(contrary, pairs, colour_videos).median_rank > 1


def test_an_encoder_that_cannot_is_refused_the_option(colour_library: Path):
    with pytest.raises(InvalidQuery, match="cannot rerank"):
        SearchEngine.open(colour_library, ColourEncoder(), rerank=1.0)
