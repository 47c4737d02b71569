"""Files that yt-dlp, Kodi and Jellyfin keep beside videos, whole and broken."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import UnreadableFile
from indexer.media import info_json, nfo
from indexer.media.details import Details
from indexer.media.info_json import read_info_json
from indexer.media.nfo import read_nfo
from indexer.media.sidecars import Listing, Sidecars, read_sidecars
from model.sentences import Cue

INFO = {
    "id": "abc",
    "title": "How to sail",
    "description": "All of it.\nIn one hour.",
    "uploader": "Ana",
    "upload_date": "20200131",
    "tags": ["sailing", "Boats", 3],
    "categories": ["Education"],
    "webpage_url": "https://example.org/watch?v=abc",
    "language": "en-GB",
    "chapters": [
        {"start_time": 0, "end_time": 9.5, "title": "<Untitled Chapter 1>"},
        {"start_time": 9.5, "end_time": 60, "title": "Knots"},
        {"start_time": "?", "title": "Nowhere"},
        "nonsense",
    ],
    "formats": [{"url": "x"}] * 3,
}
SAILING = Details(
    title="How to sail",
    description="All of it.\nIn one hour.",
    recorded_at=datetime(2020, 1, 31, tzinfo=UTC),
    author="Ana",
    language="en",
    url="https://example.org/watch?v=abc",
    tags=("sailing", "Boats", "Education"),
    chapters=(Cue(9.5, 60, "Knots"),),
)
MOVIE = """<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>
<movie>
  <title>Die Straße &amp; das Meer</title>
  <plot>Zwei Wochen.</plot>
  <genre>Drama</genre><genre>Sea</genre><tag>sea</tag>
  <year>1999</year><premiered>1999-05-02</premiered>
  <director>Ana</director>
  <actor><name>Bo Li</name><role>Captain</role></actor>
  <fileinfo><streamdetails><audio><language>ger</language></audio></streamdetails></fileinfo>
</movie>
"""
SEA = Details(
    title="Die Straße & das Meer",
    description="Zwei Wochen.",
    recorded_at=datetime(1999, 5, 2, tzinfo=UTC),
    author="Ana",
    language="de",
    tags=("Drama", "Sea", "Bo Li"),
)


def kept(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def info(folder: Path, **changes: Any) -> Details | None:
    return read_info_json(kept(folder, "x.info.json", json.dumps({**INFO, **changes})))


# yt-dlp


def test_all_that_a_download_says_is_read(tmp_path: Path):
    assert info(tmp_path) == SAILING


def test_the_moment_of_publishing_is_better_than_the_day(tmp_path: Path):
    found = info(tmp_path, timestamp=1580470000)
    assert found is not None
    assert found.recorded_at == datetime.fromtimestamp(1580470000, UTC)


@pytest.mark.parametrize("bad", [None, True, "soon", -1, 1e400, 10**30, [1]])
def test_a_timestamp_that_is_none_falls_back_to_the_day(tmp_path: Path, bad: object):
    assert info(tmp_path, timestamp=bad) == SAILING


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_any_unicode_encoding_is_read(tmp_path: Path, encoding: str):
    text = json.dumps({**INFO, "title": "Ťïtlé 旅"}, ensure_ascii=False)
    found = read_info_json(kept(tmp_path, "x.info.json", text.encode(encoding)))
    assert found is not None
    assert found.title == "Ťïtlé 旅"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@settings(max_examples=50)
@given(changes=st.dictionaries(st.sampled_from(sorted(INFO)), JSON))
def test_no_types_upset_the_reader(
    tmp_path_factory: pytest.TempPathFactory, changes: dict[str, object]
):
    found = info(tmp_path_factory.getbasetemp(), **changes)
    if found is not None:
        assert found.url.startswith("http") or not found.url
        found.title.encode()


@pytest.mark.parametrize("content", ["{}", "[1]", '"x"', '{"title": "a list"}', '{"uploader":"A"}'])
def test_json_of_another_kind_is_none_of_our_business(tmp_path: Path, content: str):
    assert read_info_json(kept(tmp_path, "x.json", content)) is None


def test_a_broken_json_that_may_be_another_programs_is_not_complained_of(tmp_path: Path):
    details, broken = read_sidecars([kept(tmp_path, "x.json", "{")])
    assert (details, broken) == (Details(), [])


@pytest.mark.parametrize(
    "content",
    ["", "{", "no json", b'{"title": "\xff\xfe"}', "[" * 200_000, '{"title": "Str', "9" * 5000],
    ids=["empty", "open", "words", "not UTF-8", "deep", "cut", "a long number"],
)
def test_broken_json_is_refused_by_name_with_a_remedy(tmp_path: Path, content: str | bytes):
    path = kept(tmp_path, "x.info.json", content)
    with pytest.raises(UnreadableFile, match=r"x\.info\.json: is no JSON .*yt-dlp"):
        read_info_json(path)


# Kodi, Jellyfin


def test_all_that_kodi_says_of_a_film_is_read(tmp_path: Path):
    assert read_nfo(kept(tmp_path, "x.nfo", MOVIE)) == SEA


def test_an_episode_and_a_song_are_read(tmp_path: Path):
    episode = """<episodedetails><title>Pilot</title><showtitle>At Sea</showtitle>
        <aired>2004-09-22</aired><plot>It begins.</plot></episodedetails>"""
    song = "<musicvideo><title>Waves</title><artist>Ana</artist><year>1984</year></musicvideo>"
    assert read_nfo(kept(tmp_path, "e.nfo", episode)) == Details(
        title="Pilot",
        description="It begins.",
        recorded_at=datetime(2004, 9, 22, tzinfo=UTC),
        tags=("At Sea",),
    )
    assert read_nfo(kept(tmp_path, "s.nfo", song)) == Details(
        title="Waves", author="Ana", recorded_at=datetime(1984, 1, 1, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + MOVIE.encode(),
        MOVIE.encode("cp1252"),  # not what it declares
        MOVIE.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        MOVIE.replace("UTF-8", "UTF-16").encode("utf-16"),
        MOVIE.replace("UTF-8", "no-such-code"),
        MOVIE.replace("UTF-8", "shift_jis"),
        MOVIE.replace("&amp;", "&"),
        MOVIE + "https://www.themoviedb.org/movie/1",
        MOVIE + "<movie><title>Another</title></movie>",
        "\n\n" + MOVIE,
    ],
    ids=["BOM", "wrong", "latin", "utf-16", "unknown", "multi-byte", "&", "URL", "two", "blank"],
)
def test_what_editors_make_of_it_is_mended(tmp_path: Path, content: str | bytes):
    assert read_nfo(kept(tmp_path, "x.nfo", content)) == SEA


@pytest.mark.parametrize(
    "content",
    [b"", b"\xb0\xb1\xb2 RELEASED BY \xdb\xdb", b"https://www.imdb.com/title/tt1/", b"<tvshow/>",
     b"<tvshow><title>At Sea</title></tvshow>", b"<musicvideos>"],
)  # fmt: skip
def test_other_things_that_are_called_nfo_are_none_of_our_business(tmp_path: Path, content: bytes):
    assert read_nfo(kept(tmp_path, "x.nfo", content)) is None


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))


@pytest.mark.parametrize(
    "declared",
    [
        f'<!ENTITY l0 "ha">{LAUGHS}',
        '<!ENTITY l9 SYSTEM "file:///etc/passwd">',
        '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;',
    ],
    ids=["a billion laughs", "a file", "a server"],
)
def test_entities_are_refused(tmp_path: Path, declared: str):
    content = f"<!DOCTYPE movie [{declared}]><movie><title>&l9;</title></movie>"
    with pytest.raises(UnreadableFile, match=r"x\.nfo: declares .* Remove the <!DOCTYPE"):
        read_nfo(kept(tmp_path, "x.nfo", content))


@pytest.mark.parametrize(
    "content",
    ["<movie><title>cut", "<movie>" * 100_000, "<movie><a></movie>", "<movie><title>\0</title>"],
    ids=["cut", "deep", "crossed", "zero"],
)
def test_broken_xml_is_refused_by_name_with_a_remedy(tmp_path: Path, content: str):
    with pytest.raises(UnreadableFile, match=r"x\.nfo: is no XML .*Kodi or Jellyfin"):
        read_nfo(kept(tmp_path, "x.nfo", content))


# files


@pytest.mark.parametrize(("module", "reader"), [(info_json, read_info_json), (nfo, read_nfo)])
def test_no_more_is_read_than_such_a_file_can_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: Any, reader: Any
):
    path = kept(tmp_path, "x", "<movie></movie>")
    monkeypatch.setattr(module, "MOST_BYTES", 14)
    with pytest.raises(UnreadableFile, match="x: is larger than 14 bytes"):
        reader(path)


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.nfo")
    (tmp_path / "folder.nfo").mkdir()
    for name in ("pipe.nfo", "folder.nfo"):
        with pytest.raises(UnreadableFile, match=f"{name}: is not a regular file"):
            read_nfo(tmp_path / name)
    with pytest.raises(UnreadableFile, match=r"gone\.nfo: cannot be read: No such file"):
        read_nfo(tmp_path / "gone.nfo")


# beside a video


def test_a_videos_own_files_are_found_best_first():
    names = [
        "a.mp4", "a.json", "a.NFO", "a.info.json", "a.nfo.txt", "a.b.nfo", "A.nfo", "b.mp4",
        "a.b.mp4", "movie.nfo", "a.info.nfo", ".nfo",
    ]  # fmt: skip
    folder = Path("/videos")
    assert Listing(names).of(folder / "a.mp4") == [
        folder / "a.info.json", folder / "a.NFO", folder / "a.json"
    ]  # fmt: skip
    assert Listing(names).of(folder / "a.b.mp4") == [folder / "a.b.nfo"]
    assert Listing(names).of(folder / "c.mp4") == []


def test_the_folders_nfo_belongs_to_its_only_video():
    folder = Path("/videos")
    alone = ["film.mkv", "Movie.nfo", "film.srt", "poster.jpg"]
    assert Listing(alone).of(folder / "film.mkv") == [folder / "Movie.nfo"]
    assert Listing([*alone, "trailer.mp4"]).of(folder / "film.mkv") == []
    both = ["movie.mkv", "movie.nfo"]
    assert Listing(both).of(folder / "movie.mkv") == [folder / "movie.nfo"]


def test_several_sidecars_add_up_and_a_broken_one_is_reported(tmp_path: Path):
    files = [
        kept(tmp_path, "x.info.json", "{"),
        kept(tmp_path, "x.nfo", "<movie><title>By hand</title><tag>SAILING</tag></movie>"),
        kept(tmp_path, "x.json", json.dumps(INFO)),
    ]
    details, broken = read_sidecars(files)
    assert (details.title, details.author) == ("By hand", "Ana")
    assert details.tags == ("SAILING", "Boats", "Education")
    assert [Path(error.path).name for error in broken] == ["x.info.json"]


def test_a_folder_is_listed_once_for_all_of_its_videos(tmp_path: Path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        for name in ("x.mp4", "y.mp4", "x.nfo"):
            kept(tmp_path / folder, name, "")
    sidecars = Sidecars()
    assert sidecars.of(tmp_path / "a" / "x.mp4") == [tmp_path / "a" / "x.nfo"]
    kept(tmp_path / "a", "y.nfo", "")
    assert sidecars.of(tmp_path / "a" / "y.mp4") == []
    assert sidecars.of(tmp_path / "b" / "x.mp4") == [tmp_path / "b" / "x.nfo"]
    assert sidecars.of(tmp_path / "a" / "y.mp4") == []
    assert Sidecars().of(tmp_path / "a" / "y.mp4") == [tmp_path / "a" / "y.nfo"]
    with pytest.raises(UnreadableFile, match=r"none: cannot be listed: No such file"):
        sidecars.of(tmp_path / "none" / "x.mp4")
