"""Tags and chapters of real containers, written here, and of files that break players."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from indexer.errors import MediaError
from indexer.media.chapters import MOST_CHAPTERS, container_chapters, ordered_chapters
from indexer.media.container import open_container
from indexer.media.container_details import container_details
from indexer.media.details import Details
from indexer.media.metadata import MOST_KEY, MOST_TAGS, MOST_VALUE, container_tags
from model.sentences import Cue
from tests.synthetic import awkward_folder

APPLE = "com.apple.quicktime."


def write(
    path: Path,
    tags: dict[str, str],
    chapters: Sequence[tuple[float, float, str]] = (),
    language: str = "",
) -> Path:
    """One second of black, with sound where a `language` is given."""
    options = {"movflags": "use_metadata_tags"} if path.suffix == ".mov" else {}
    with av.open(str(path), "w", container_options=options) as container:
        container.metadata.update(tags)
        picture = container.add_stream("libvpx" if path.suffix == ".webm" else "mpeg4", rate=2)
        assert isinstance(picture, VideoStream)
        picture.width, picture.height, picture.pix_fmt = 32, 32, "yuv420p"
        sound = None
        if language:
            sound = container.add_stream("aac", rate=8000)
            sound.metadata["language"] = language
        container.set_chapters(
            [
                {
                    "id": i,
                    "start": round(start * 1000),
                    "end": round(end * 1000),
                    "time_base": Fraction(1, 1000),
                    "metadata": {"title": title},
                }
                for i, (start, end, title) in enumerate(chapters)
            ]
        )
        frame = VideoFrame(32, 32, "yuv420p")
        for _ in range(2):
            frame.pts = None
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        if isinstance(sound, AudioStream):
            silence = AudioFrame.from_ndarray(np.zeros((1, 8000), np.float32), "fltp", "mono")
            silence.sample_rate = 8000
            container.mux(sound.encode(silence))
            container.mux(sound.encode(None))
    return path


def read(path: Path) -> tuple[dict[str, str], tuple[Cue, ...], Details]:
    with open_container(path) as container:
        tags, chapters = container_tags(container), container_chapters(container)
    return tags, chapters, container_details(tags, chapters)


@pytest.mark.parametrize("ending", ["mp4", "mov", "mkv"])
def test_what_an_editor_wrote_is_read_from_every_container(tmp_path: Path, ending: str):
    tags, chapters, details = read(
        write(
            tmp_path / f"x.{ending}",
            {
                "title": "Crete by boat",
                "description": "Two weeks.\nAnd no rain.",
                "artist": "Ana",
                "genre": "Travel; Sailing",
                "creation_time": "2019-07-01T10:11:12Z",
                "comment": "https://example.org/v/1",
            },
            [(0, 0.25, "Harbour"), (0.25, 1, "At sea")],
            language="ger",
        )
    )
    assert tags["title"] == "Crete by boat"
    assert chapters == (Cue(0, 0.25, "Harbour"), Cue(0.25, 1, "At sea"))
    assert details == Details(
        title="Crete by boat",
        description="Two weeks.\nAnd no rain.",
        recorded_at=datetime(2019, 7, 1, 10, 11, 12, tzinfo=UTC),
        author="Ana",
        language="de",
        url="https://example.org/v/1",
        tags=("Travel", "Sailing"),
        chapters=chapters,
    )


def test_a_phones_place_camera_and_time_are_read(tmp_path: Path):
    details = read(
        write(
            tmp_path / "IMG_0123.mov",
            {
                f"{APPLE}location.ISO6709": "+48.8577+002.2950+035.2/",
                f"{APPLE}make": "Apple",
                f"{APPLE}model": "iPhone 12",
                f"{APPLE}software": "14.4",
                f"{APPLE}creationdate": "2021-03-04T05:06:07+0200",
                "creation_time": "2022-12-01T00:00:00Z",  # when it was exported
            },
        )
    )[2]
    assert details == Details(
        recorded_at=datetime(2021, 3, 4, 3, 6, 7, tzinfo=UTC),
        latitude=48.8577,
        longitude=2.295,
        camera="Apple iPhone 12",
    )


@pytest.mark.parametrize("ending", ["mp4", "mkv", "webm"])
def test_what_programs_wrote_is_left_out(tmp_path: Path, ending: str):
    tags, _, details = read(
        write(
            tmp_path / f"x.{ending}",
            {
                "title": "Untitled",
                "comment": "Created with an editor",
                "creation_time": "1970-01-01T00:00:00Z",
                "location": "+00.0000+000.0000/",
            },
        )
    )
    assert details == Details()
    assert "encoder" in tags  # what is there stays known


def test_numbers_and_lengths_are_bounded_and_controls_taken_out(tmp_path: Path):
    many = {f"KEY{i:04d}": "x" * 20_000 for i in range(500)}
    path = write(tmp_path / "x.mkv", {"title": "a\x07b\x1b[31m", "k" * 500: "v", **many})
    tags, _, details = read(path)
    assert tags["title"] == details.title == "ab[31m"
    assert 50 < len(tags) <= MOST_TAGS
    assert max(map(len, tags)) <= MOST_KEY
    assert max(map(len, tags.values())) == MOST_VALUE
    assert all(key == key.lower() for key in tags)


def test_bytes_that_are_no_text_do_no_harm(tmp_path: Path):
    path = write(tmp_path / "x.mkv", {"title": "TITLE!"}, [(0, 1, "CHAPTER!")])
    content = path.read_bytes()
    assert b"TITLE!" in content
    assert b"CHAPTER!" in content
    broken = content.replace(b"TITLE!", b"T\xff\xfeLE!").replace(b"CHAPTER!", b"CH\xffPTER!")
    path.write_bytes(broken)
    tags, chapters, _ = read(path)
    assert tags["title"].startswith("T")
    assert [cue.text[:2] for cue in chapters] == ["CH"]


def test_chapters_without_end_or_sense_are_put_in_order():
    nan, inf = float("nan"), float("inf")
    found = ordered_chapters(
        [
            Cue(20, 10, "c"),
            Cue(-5, 3, "a"),
            Cue(4, 99, "b"),
            Cue(nan, 5, "no start"),
            Cue(30, inf, "d"),
            Cue(1, 2, " \x00 "),
        ]
    )
    assert found == (Cue(0, 3, "a"), Cue(4, 20, "b"), Cue(20, 30, "c"), Cue(30, 30, "d"))
    assert len(ordered_chapters(Cue(i, i + 1, "x") for i in range(10**6))) == MOST_CHAPTERS


def test_awkward_files_give_sense_or_nothing():
    known = {}
    for path in sorted(awkward_folder().iterdir()):
        try:
            known[path.name] = read(path)[2]
        except MediaError:
            continue
    assert len(known) > 45
    assert known["ct_ending_cut.mp4"].title == "Squarenet.org"
    assert known["svq3_decoding_regression.mp4"].title == "Movie-List Presents: The Abyss"
    assert known["sipr_16k.mp4"].author == "Twisted Mojo"
    place = known["mp4__sample_missing_stsd.mp4"]
    assert (place.latitude, place.longitude) == (40.68, -74.5)
    times = [details.recorded_at for details in known.values() if details.recorded_at]
    assert len(times) > 5
    assert all(1999 <= time.year <= 2026 for time in times)
    assert {details.camera for details in known.values()} == {""}
    assert known["-video-with-dash-.mp4"] == Details()
