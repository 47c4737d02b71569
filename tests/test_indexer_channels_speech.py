"""What is said: subtitle files beside videos come, change and go, and so do their sentences."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from indexer import nightly, pipeline
from indexer.channels import update
from indexer.errors import LibraryMismatch, RecogniserUnavailable, RecognitionFailed
from indexer.media.reading import Transcript
from indexer.status import library_status
from indexer.store.catalog import Catalog
from indexer.store.config import set_channels
from indexer.store.library import Library
from indexer.store.paths import LibraryPaths
from model.encoder import Float32
from model.sentences import Cue
from tests.conftest import ColourEncoder
from tests.desk import index, keep
from tests.library_tools import snapshot, spoken, write_subtitles, write_video


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`videos/film.mp4` with `film.srt`, and the library of them."""
    desk = tmp_path_factory.mktemp("desk") / "now"
    write_video(desk / "videos" / "film.mp4", (250, 0, 0), seconds=1)
    write_subtitles(desk / "videos" / "film.srt", "This is red.", "That is green.")
    assert pipeline.index(desk / "library", [desk / "videos"], ColourEncoder()).ok
    keep(desk)
    return desk


def said(library: Path) -> list[str]:
    """All sentences in the catalog, by video and time; those that are searched by vectors too."""
    rows = snapshot(library).passages
    found = [row[4] for content in sorted(rows) for row in rows[content] if row[0] == "speech"]
    assert sorted(spoken(library)) == sorted(found)
    return found


def source(library: Path) -> str:
    with closing(Catalog(LibraryPaths(library).catalog)) as catalog:
        (found,) = catalog.words.sources("speech").values()
    return found.description


def test_nothing_is_read_or_written_where_nothing_has_changed(library: Path):
    before = {path: path.stat().st_mtime_ns for path in library.rglob("*.safetensors")}
    for reading in library.glob("readings/*"):
        reading.unlink()  # it would be missed
    report = index(library)
    assert (report.ok, report.generation, report.unchanged) == (True, 1, 1)
    assert before == {path: path.stat().st_mtime_ns for path in library.rglob("*.safetensors")}


def test_a_subtitle_file_is_edited_removed_and_added(library: Path, folder: Path):
    assert said(library) == ["This is red.", "That is green."]
    write_subtitles(folder / "film.srt", "All of it is blue.")
    assert index(library).generation == 2
    assert said(library) == ["All of it is blue."]
    (folder / "film.srt").unlink()
    index(library)
    assert (said(library), source(library)) == ([], "")
    assert not list(library.glob("shards/*/*.speech.safetensors"))
    write_subtitles(folder / "film.en.vtt", "Red again.")
    index(library)
    assert (said(library), source(library)) == (["Red again."], "film.en.vtt")


def test_the_status_says_in_how_many_videos_there_are_words(library: Path, folder: Path):
    status = library_status(library)
    assert status.channels == {"speech": 1, "screen": 0, "name": 1}
    assert "speech in 1 videos, on-screen text in 0" in status.describe()
    nightly.forget(library, folder, ColourEncoder())
    assert set(library_status(library).channels.values()) == {0}


def test_subtitles_go_with_a_video_that_is_renamed_and_moved(library: Path, folder: Path):
    (folder / "new").mkdir()
    for name in ("film.mp4", "film.srt"):
        (folder / name).rename(folder / "new" / name.replace("film", "movie"))
    report = index(library)
    assert (report.ok, report.renamed, report.removed) == (True, 1, 0)
    assert (said(library), source(library)) == (["This is red.", "That is green."], "movie.srt")


def test_of_two_copies_one_track_a_language_is_taken(library: Path, folder: Path):
    shutil.copyfile(folder / "film.mp4", folder / "twin.mp4")
    write_subtitles(folder / "twin.de.srt", "Alles ist rot.")
    write_subtitles(folder / "twin.srt", "Not taken.")
    assert index(library).copied == 1
    rows = next(iter(snapshot(library).passages.values()))
    texts = {(row[4], row[5]) for row in rows if row[0] == "speech"}
    assert texts == {("This is red.", ""), ("That is green.", ""), ("Alles ist rot.", "de")}
    assert spoken(library) == ["This is red.", "That is green."]  # the encoder reads no German


def test_a_broken_subtitle_file_is_named_and_the_next_one_is_read(library: Path, folder: Path):
    (folder / "film.srt").write_bytes(b"\0\1\2 no subtitles at all")
    write_subtitles(folder / "film.vtt", "Blue, then red.")
    report = index(library)
    assert report.ok
    (warning,) = report.warnings[str(folder / "film.srt")]
    assert "Convert it to .srt, or take it away." in warning
    assert said(library) == ["Blue, then red."]


@pytest.mark.parametrize("left", ["nothing", "an empty folder"])
def test_what_was_said_stays_while_the_disk_is_not_mounted(
    library: Path, folder: Path, tmp_path: Path, left: str
):
    folder.rename(tmp_path / "elsewhere")
    if left == "an empty folder":
        folder.mkdir()
    other = write_video(tmp_path / "other" / "other.mp4", (0, 0, 250), seconds=1)
    report = pipeline.index(library, [folder, other.parent], ColourEncoder())
    assert [failure.code for failure in report.failed] == ["RootMissing"]
    assert said(library) == ["This is red.", "That is green."]
    shutil.rmtree(folder, ignore_errors=True)
    (tmp_path / "elsewhere").rename(folder)
    assert index(library).ok
    assert said(library) == ["This is red.", "That is green."]


def test_lost_and_damaged_vectors_of_sentences_are_made_anew(library: Path):
    (vectors,) = library.glob("shards/*/*.speech.safetensors")
    vectors.unlink()
    assert index(library).generation == 1
    damaged = bytearray(vectors.read_bytes())
    damaged[-1] ^= 1
    vectors.write_bytes(damaged)
    assert nightly.rebuild(library, ColourEncoder()).ok
    assert vectors.read_bytes() != damaged
    assert said(library) == ["This is red.", "That is green."]


@pytest.mark.parametrize("damage", ["gone", "short"])
def test_a_damaged_sentence_index_is_named_and_made_anew(library: Path, damage: str):
    path = library / "generations" / "000001" / "sentences.faiss"
    path.unlink() if damage == "gone" else path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(LibraryMismatch, match=r"sentences\.faiss.*videobert rebuild"):
        Library.open(library)
    assert index(library).generation == 2
    assert said(library) == ["This is red.", "That is green."]


def test_a_reading_that_is_gone_is_named_and_rebuilt(library: Path, folder: Path):
    """What was found stays until then: what is inside the file would be missed."""
    (reading,) = library.glob("readings/*.json")
    whole = reading.read_bytes()
    reading.write_bytes(whole[:-5])
    write_subtitles(folder / "film.srt", "All of it is blue.")
    report = index(library)
    (failure,) = report.failed
    assert failure.path == str(folder / "film.mp4")
    assert failure.code == "CorruptShard"
    assert "videobert rebuild" in failure.message
    assert said(library) == ["This is red.", "That is green."]
    report = nightly.rebuild(library, ColourEncoder())
    assert (report.ok, report.reread) == (True, 1)
    assert reading.read_bytes() == whole
    assert said(library) == ["All of it is blue."]


def test_a_new_model_has_sentences_of_its_own_and_the_old_one_keeps_its(
    library: Path, folder: Path
):
    newer = ColourEncoder("ne3er", "c010u5-features")
    assert index(library, encoder=newer).generation == 2
    assert said(library) == ["This is red.", "That is green."]
    assert len(list(library.glob("shards/*/*.speech.safetensors"))) == 2
    nightly.rollback(library)
    assert said(library) == ["This is red.", "That is green."]
    nightly.forget(library, folder, ColourEncoder())
    for shade in (10, 20, 30):  # generations that name nothing of it push the others out
        write_video(folder.with_name("more") / "more.mp4", (shade, 0, 0), seconds=shade / 10)
        pipeline.index(library, [folder.with_name("more")], ColourEncoder())
    assert not list(library.glob("shards/*/*.speech.safetensors"))
    assert set(snapshot(library).passages) <= {p.stem for p in library.glob("readings/*")}
    assert len(list(library.glob("readings/*"))) == 3


class Impatient(ColourEncoder):
    """Is stopped with Ctrl-C while it reads sentences."""

    def encode_text(self, texts: list[str]) -> Float32:
        raise KeyboardInterrupt


def test_ctrl_c_between_words_and_their_vectors_publishes_what_has_some(
    library: Path, folder: Path
):
    write_subtitles(folder / "film.srt", "All of it is blue.")
    report = index(library, encoder=Impatient())
    assert (report.interrupted, report.failed) == (True, [])
    assert spoken(library) == []
    assert index(library).ok
    assert said(library) == ["All of it is blue."]


def test_a_video_can_be_forgotten_after_a_run_that_ended_too_soon(library: Path, folder: Path):
    write_subtitles(folder / "film.srt", "All of it is blue.")
    index(library, encoder=Impatient())
    assert nightly.forget(library, folder, ColourEncoder()).removed == 1


def test_other_terms_are_indexed_anew_without_reading_anything(
    library: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    """Also those of a video that is not at hand."""
    before = snapshot(library).passages
    folder.rename(folder.with_name("away"))
    for reading in library.glob("readings/*"):
        reading.unlink()
    other = write_video(folder.with_name("other") / "other.mp4", (0, 0, 250), seconds=1)
    monkeypatch.setattr(update, "VERSION", update.VERSION + 1)
    report = pipeline.index(library, [other.parent], ColourEncoder())
    assert (report.ok, report.generation) == (True, 2)
    after = snapshot(library).passages
    assert before == {content: after[content] for content in before}
    with closing(Catalog(LibraryPaths(library).catalog)) as catalog:
        keys = [source.key for source in catalog.words.sources("speech").values()]
    assert all(key.startswith(f"{update.VERSION} ") for key in keys)


# speech recognisers


class Deaf:
    """A recogniser that fails at the first try."""

    name, source = "deaf 1", "deaf"


def test_a_recogniser_that_failed_is_asked_again(
    library: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    """Its remedy is to index again."""
    heard = Transcript((Cue(0.0, 0.5, "red and blue"),), "en", "deaf")
    answers: list[Transcript | Exception] = [
        heard, RecognitionFailed(folder / "film.mp4", "the GPU is full"),
    ]  # fmt: skip

    def recognise(path: Path, recogniser: object) -> Transcript:
        answer = answers.pop()
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("indexer.media.speech.recognition.recognise", recognise)
    monkeypatch.setattr("indexer.channels.registry.load_recogniser", lambda *_: Deaf())
    (folder / "film.srt").unlink()
    set_channels(library / "library.toml", speech="deaf")
    (warning,) = index(library).warnings[str(folder / "film.mp4")]
    assert "the GPU is full" in warning
    assert said(library) == []
    assert index(library).warnings == {}
    assert said(library) == ["red and blue"]
    assert index(library).generation == 3  # nobody listens again: there is no answer left


def test_a_recogniser_that_there_is_not_is_refused_before_anything_is_read(
    library: Path, folder: Path
):
    set_channels(library / "library.toml", speech="ear trumpet")
    write_video(folder / "new.mp4", (0, 0, 250), seconds=1)
    with pytest.raises(RecogniserUnavailable, match=r"'ear trumpet'\. Give pocketsphinx"):
        index(library)


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ("channels = 3", "channels must be a table"),
        ("channels = []", "channels must be a table"),
        ("[channels]\nspeach = 'off'", "no setting speach"),
        ("[channels]\nspeech = true", 'speech must be "off"'),
        ("[channels]\nscreen = 'yes'", "screen must be true or false"),
    ],
)
def test_channels_that_are_set_wrongly_are_refused_by_name(
    tmp_path: Path, encoder: ColourEncoder, toml: str, reason: str
):
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "library.toml").write_text(toml)
    with pytest.raises(LibraryMismatch, match=rf"library\.toml.*{reason}"):
        pipeline.index(tmp_path / "library", [tmp_path], encoder)
