"""Captions in a CSV: one reader for training and for measuring, which names what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.captions import Caption, read_captions
from indexer.errors import UnreadableFile
from indexer.narration import captioned_pairs
from indexer.store.library import Library
from indexer.video_names import VideoNames
from search.engine import SearchEngine
from search.evaluation import evaluate, read_pairs


def test_rows_are_read_with_further_columns_and_a_byte_order_mark(tmp_path: Path):
    path = tmp_path / "pairs.csv"
    path.write_text('video,caption,source\na.mp4,"red, and green",me\n', "utf-8-sig")
    (caption,) = read_captions(path)
    assert (caption.video, caption.text, caption.line) == ("a.mp4", "red, and green", 2)


def test_a_caption_may_be_about_a_moment(tmp_path: Path):
    path = tmp_path / "pairs.csv"
    path.write_text("video,start_s,end_s,caption\na.mp4,1.5,3,red\na.mp4,,,green\n")
    moments = [(caption.start_s, caption.end_s) for caption in read_captions(path)]
    assert moments == [(1.5, 3.0), (None, None)]
    path.write_text("video,caption,start_s\na.mp4,red,of no one's concern\n")
    assert read_captions(path) == [Caption("a.mp4", "red")]


def test_empty_fields_at_the_end_and_line_breaks_in_quotes_are_fine(tmp_path: Path):
    path = tmp_path / "pairs.csv"
    path.write_bytes(b'video,caption\r\na.mp4,"red\nwine",,\r\n')
    assert read_captions(path) == [Caption("a.mp4", "red wine")]


@pytest.mark.parametrize("read", [read_captions, read_pairs])
@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("", 1, "columns"),
        ("file,text\na,b\n", 1, "columns"),
        ("video,caption\na.mp4,red\n\nb.mp4\n", 4, "has 1 fields, the first line 2"),
        ("video,caption\na.mp4,red, and green\n", 2, "double quotes"),
        ('video,caption\na.mp4,"red\nb.mp4,green\n', 2, "Close every quote"),
        ('video,caption\na.mp4,"red\nwine"\nb.mp4,"gr"een\n', 4, "Close every quote"),
        (f"video,caption\na.mp4,red\nb.mp4,{'x' * 140_000}\n", 3, "field limit"),
        ("video,caption\na.mp4,  \n", 2, "no caption"),
        ("video,caption\n ,red\n", 2, "names no video"),
        ("video,caption,start_s,end_s\na.mp4,red,4,3\n", 2, "no moment from '4' to '3'"),
        ("video,caption,start_s,end_s\na.mp4,red,4,\n", 2, "no moment from '4' to ''"),
        ("video,caption,start_s,end_s\na.mp4,red,-1,inf\n", 2, "leave both empty"),
    ],
)
def test_what_is_no_caption_is_named_by_its_line(
    tmp_path: Path, read: object, content: str, line: int, says: str
):
    path = tmp_path / "pairs.csv"
    path.write_text(content)
    with pytest.raises(UnreadableFile, match=says) as refused:
        read(path)
    assert str(refused.value).startswith(f"{path}:{line}: ")


def test_a_csv_without_rows_is_refused(tmp_path: Path):
    path = tmp_path / "pairs.csv"
    path.write_text("video,caption\n")
    with pytest.raises(UnreadableFile, match="holds no pair"):
        read_captions(path)


def test_a_csv_in_latin_1_is_refused(tmp_path: Path):
    path = tmp_path / "pairs.csv"
    path.write_text("video,caption\na.mp4,café\n", "latin-1")
    with pytest.raises(UnreadableFile, match="Save it as UTF-8") as refused:
        read_captions(path)
    assert str(refused.value).startswith(f"{path}:2: ")


def test_a_csv_that_is_gone_is_named(tmp_path: Path):
    with pytest.raises(UnreadableFile, match=r"gone\.csv: cannot be read"):
        read_captions(tmp_path / "gone.csv")


def test_a_video_is_meant_by_its_path_or_by_the_end_of_it(tmp_path: Path):
    paths = {"/v/a.mp4": 1, "/v/sub/a.mp4": 2, "/w/sub/b.mp4": 3, "/w/copy/b.mp4": 3}
    names = VideoNames(paths)
    assert names.find("/v/a.mp4") == {1}
    assert names.find("sub/a.mp4") == {2}
    assert names.find("a.mp4") == {1, 2}
    assert names.find("a.mp4", Path("/v")) == {1}
    assert names.find("b.mp4") == {3}  # copies of one
    for name in ("c.mp4", "", ".", "~nobody-here/a.mp4", "a\0.mp4", "/x/v/a.mp4"):
        assert names.find(name) == set()


def test_training_and_measuring_mean_the_same_videos(
    colour_library: Path, colour_engine: SearchEngine, colour_videos: Path, tmp_path: Path
):
    csv = tmp_path / "pairs.csv"
    folder = colour_videos.name
    rows = [f"{folder}/red.mp4", str(colour_videos / "blue.mp4"), "green.mp4", "lost.mp4"]
    csv.write_text("video,caption\n" + "".join(f"{row},red\n" for row in rows))
    with Library.open(colour_library) as library:
        found = captioned_pairs(library.paths, library.catalog, "c010u5", csv)
    assert len(found.pairs) == 3
    assert [failure.path for failure in found.failed] == ["lost.mp4"]
    assert evaluate(colour_engine, read_pairs(csv), tmp_path).missing == ("lost.mp4",)
