"""Thumbs are kept by question, and asked with again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.store.library import Library
from indexer.store.notes import Notes
from search import cli
from search.engine import SearchEngine
from search.errors import InvalidQuery, UnknownVideo
from search.moment_ref import MomentRef
from search.thumbs import Judged, Thumbs
from tests.colours import index_folder, write_colours
from tests.conftest import ColourEncoder
from tests.fake_engine import small_library
from tests.web_desk import make_app


@pytest.fixture
def library(colour_library: Path, tmp_path: Path) -> Path:
    """A copy that may be written to."""
    return Path(shutil.copytree(colour_library, tmp_path / "library"))


def test_thumbs_are_kept_by_the_words_of_a_question(library: Path):
    with SearchEngine.open(library, ColourEncoder()) as engine, Notes(library) as notes:
        thumbs = Thumbs(engine, notes.judgements)
        red, mixed = (MomentRef(str(engine.find(n).id), 0, 3) for n in ("red.mp4", "mixed.mp4"))
        thumbs.put("A  Red thing", red, relevant=True)
        thumbs.put("a red thing", mixed, relevant=False)
        assert thumbs.of("a red THING") == Judged((red,), (mixed,))
        assert thumbs.of("another") == Judged()
        thumbs.put("a red thing", red, relevant=False)
        assert thumbs.of("a red thing") == Judged((), (mixed, red))
        thumbs.put("a red thing", mixed, relevant=None)
        assert thumbs.of("a red thing") == Judged((), (red,))


def test_a_moment_that_is_not_there_cannot_be_judged(library: Path):
    with SearchEngine.open(library, ColourEncoder()) as engine, Notes(library) as notes:
        thumbs = Thumbs(engine, notes.judgements)
        with pytest.raises(UnknownVideo):
            thumbs.put("red", MomentRef("999", 0, 3), relevant=True)
        with pytest.raises(InvalidQuery, match=r"3\.0 s long"):
            thumbs.put("red", MomentRef("red.mp4", 50, 60), relevant=True)


def test_a_moment_ends_with_its_video(library: Path):
    """Its middle would lie behind the end, and the question could be asked no more."""
    with SearchEngine.open(library, ColourEncoder()) as engine, Notes(library) as notes:
        thumbs = Thumbs(engine, notes.judgements)
        red = engine.find("red.mp4")
        thumbs.put("red", MomentRef("red.mp4", 1, 60), relevant=True)
        kept = thumbs.of("red")
        assert kept == Judged((MomentRef(str(red.id), 1, red.duration_s),))
        endless = MomentRef("blue.mp4", 1, 60)  # as it may have been kept before
        found = engine.search("red", relevant=kept.relevant, irrelevant=[endless]).moments
        assert found[0].title == "red"
        assert "blue" not in [moment.title for moment in found]
        with pytest.raises(InvalidQuery, match=r"red\.mp4 is 3\.0 s long"):
            engine.search("red", relevant=[MomentRef("red.mp4", 50, 60)])


def test_a_thumb_for_what_has_no_vector_yet_does_not_stop_the_question(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    """Its words are found before the generation that has it."""
    (tmp_path / "videos").mkdir()
    write_colours(tmp_path / "videos" / "old.mp4", "red")
    index_folder(tmp_path / "library", tmp_path / "videos", ColourEncoder())
    with Library.open(tmp_path / "library") as opened:
        number = opened.generation.number
    write_colours(tmp_path / "videos" / "new.mp4", "green")
    index_folder(tmp_path / "library", tmp_path / "videos", ColourEncoder())
    older = Library.open(tmp_path / "library", generation=number)
    with SearchEngine(older, ColourEncoder()) as engine:
        new = MomentRef(str(engine.find("new.mp4").id), 0, 2)
        assert engine.search("red", relevant=[new]).moments[0].title == "old"
    assert "new.mp4 is not in the live generation" in caplog.text


@pytest.fixture
def search(library: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("model.registry.load_encoder", lambda folder: ColourEncoder())

    def run(*arguments: str) -> Result:
        done = CliRunner().invoke(cli.search, [*arguments, "--library", str(library), "--json"])
        assert done.exit_code == 0, done.output
        return done

    return run


def names(done: Result) -> list[str]:
    return [moment["title"] for moment in json.loads(done.stdout)["results"]]


def test_a_thumb_down_on_the_command_line_holds_until_it_is_left_out(search):
    assert names(search("blue"))[0] == "blue"
    found = json.loads(search("blue").stdout)["results"]
    assert "blue" not in names(search("blue", "--irrelevant", found[0]["id"]))
    assert "blue" not in names(search("blue"))
    assert names(search("blue", "--no-thumbs"))[0] == "blue"
    assert names(search("blue", "--relevant", found[0]["id"]))[0] == "blue"


def test_nothing_is_right_and_wrong_at_once(library: Path, search):
    found = json.loads(search("blue").stdout)["results"][0]["id"]
    both = ["blue", "--relevant", found, "--irrelevant", found, "--library", str(library)]
    refused = CliRunner().invoke(cli.search, both)
    assert f"{found} cannot be both right and wrong" in str(refused.exception)
    ref = MomentRef.parse(found)
    with (
        SearchEngine.open(library, ColourEncoder()) as engine,
        pytest.raises(InvalidQuery, match="both right and wrong"),
    ):
        engine.search("blue", relevant=[ref], irrelevant=[ref])
    with Notes(library) as notes:
        assert notes.judgements.list("blue") == []


def test_no_thumb_is_kept_of_what_cannot_be_asked(library: Path, search):
    found = json.loads(search("blue").stdout)["results"][0]["id"]
    text = "blue longer:soon"
    asked = [text, "--relevant", found, "--library", str(library)]
    assert "no duration" in str(CliRunner().invoke(cli.search, asked).exception)
    with Notes(library) as notes:
        assert notes.judgements.list(text) == []


def test_a_thumb_up_orders_what_only_filters_ask_for(search):
    found = {m["title"]: m for m in json.loads(search("longer:1s").stdout)["results"]}
    for title in ("red", "green"):
        after = names(search("longer:1s", "--no-thumbs", "--relevant", found[title]["id"]))
        assert after.index(title) < after.index("blue")
        assert sorted(set(after)) == sorted(found)


def test_a_thumb_up_lifts_what_is_like_it(search):
    found = {m["title"]: m for m in json.loads(search("red").stdout)["results"]}
    after = json.loads(search("red", "--relevant", found["green"]["id"]).stdout)["results"]
    names = [moment["title"] for moment in after]
    assert names.index("green") < names.index("blue")


def test_the_page_keeps_thumbs_and_asks_with_them(tmp_path: Path):
    engine = small_library(tmp_path)
    client = make_app(engine).test_client()
    judged = {"q": "red ball", "moment": "1@0-3", "relevant": True}
    assert client.post("/api/v1/judgements", json=judged).json == {
        "relevant": ["1@0-3"],
        "irrelevant": [],
    }
    assert client.get("/api/v1/judgements?q=Red+ball").json["relevant"] == ["1@0-3"]
    client.get("/api/v1/search?q=red+ball&thumbs=1&irrelevant=2@0-4")
    assert engine.asked["relevant"] == (MomentRef("1", 0, 3),)
    assert engine.asked["irrelevant"] == (MomentRef("2", 0, 4),)
    client.get("/api/v1/search?q=red+ball")
    assert engine.asked["relevant"] == ()
    back = client.post("/api/v1/judgements", json={**judged, "relevant": None}).json
    assert back == {"relevant": [], "irrelevant": []}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"q": "red", "moment": "1@0-3"}, 400),
        ({"q": "red", "moment": "1@0-3", "relevant": "yes"}, 400),
        ({"q": "", "moment": "1@0-3", "relevant": True}, 400),
        ({"q": "red", "moment": "1", "relevant": True}, 400),
        ({"q": "red", "moment": "9@0-3", "relevant": True}, 404),
        ({"q": "red", "moment": "1@0-3", "relevant": 1}, 400),
        ({"q": ["red"], "moment": "1@0-3", "relevant": True}, 400),
        ({"q": "red", "moment": 1, "relevant": True}, 400),
        ({"q": "red", "moment": "1@0-3", "relevant": True, "more": 1}, 400),
        ({"q": "red", "moment": "1@0-3" + " " * 70_000, "relevant": True}, 413),
        (["red"], 400),
        (None, 400),
    ],
)
def test_what_is_no_judgement_is_refused(tmp_path: Path, body: object, status: int):
    client = make_app(small_library(tmp_path)).test_client()
    assert client.post("/api/v1/judgements", json=body).status_code == status


@pytest.mark.parametrize("text", ["", "{", '"red"', "[" * 50_000, '{"q": NaN}', "\x00"])
def test_what_is_no_json_is_refused(tmp_path: Path, text: str):
    client = make_app(small_library(tmp_path)).test_client()
    answer = client.post("/api/v1/judgements", data=text, content_type="application/json")
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "BadRequest")


def test_another_website_cannot_judge(tmp_path: Path):
    client = make_app(small_library(tmp_path)).test_client()
    said = {"q": "red", "moment": "1@0-3", "relevant": True}
    headers = {"Origin": "http://elsewhere.example"}
    assert client.post("/api/v1/judgements", json=said, headers=headers).status_code == 403
