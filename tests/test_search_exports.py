"""Answers as files, beside what they have to be, letter by letter."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from io import StringIO

import pytest

from search.errors import InvalidQuery
from search.evidence import Match
from search.exports import FORMATS, export
from search.results import Copy, Moment, SearchResult

DOG = Moment(
    video_id=17,
    video="/films/holiday.mp4",
    duration_s=60.0,
    start_s=12.52,
    end_s=18.0,
    score=0.81234,
    channels={"picture": 0.61, "speech": 0.20234},
)
ODD = Moment(
    video_id=3,
    video='/films/a "b", c\nd/Straße 你好.mkv',
    duration_s=7300.0,
    start_s=3600.0,
    end_s=3601.0,
    score=-0.25,
    channels={"picture": -0.25},
    name='=HYPERLINK("http://x")',
)
ANSWER = SearchResult("a dog\non a beach", (DOG, ODD), 4)

CSV = (
    "rank,id,video,start_s,end_s,score,title,picture,speech,screen,name\r\n"
    "1,17@12.52-18,/films/holiday.mp4,12.520,18.000,0.8123,holiday,0.61,0.2023,,\r\n"
    '2,3@3600-3601,"/films/a ""b"", c\nd/Straße 你好.mkv",3600.000,3601.000,-0.25,'
    '"\'=HYPERLINK(""http://x"")",-0.25,,,\r\n'
)

EDL = """\
TITLE: a dog on a beach
FCM: NON-DROP FRAME

001  AX       V     C        00:00:12:13 00:00:18:00 01:00:00:00 01:00:05:12
* FROM CLIP NAME: holiday.mp4
* SOURCE FILE: /films/holiday.mp4
* FRAME RATE: 25 FPS
002  AX       V     C        01:00:00:00 01:00:01:00 01:00:05:12 01:00:06:12
* FROM CLIP NAME: Straße 你好.mkv
* SOURCE FILE: /films/a "b", c d/Straße 你好.mkv
"""

M3U = """\
#EXTM3U
#EXTENC:UTF-8
#PLAYLIST:a dog on a beach
#EXTINF:6,holiday 0:12.5–0:18.0
#EXTVLCOPT:start-time=12.520
#EXTVLCOPT:stop-time=18.000
/films/holiday.mp4
#EXTINF:1,=HYPERLINK("http://x") 60:00.0–60:01.0
#EXTVLCOPT:start-time=3600.000
#EXTVLCOPT:stop-time=3601.000
file:///films/a%20%22b%22%2C%20c%0Ad/Stra%C3%9Fe%20%E4%BD%A0%E5%A5%BD.mkv
"""


@pytest.mark.parametrize(("name", "expected"), [("csv", CSV), ("edl", EDL), ("m3u", M3U)])
def test_the_whole_file(name, expected):
    assert export(ANSWER, name) == expected


def test_json_is_what_the_command_prints():
    assert json.loads(export(ANSWER, "json")) == ANSWER.to_json()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("csv", CSV[: CSV.index("1,17")]),
        ("edl", "TITLE: nothing\nFCM: NON-DROP FRAME\n\n"),
        ("m3u", "#EXTM3U\n#EXTENC:UTF-8\n#PLAYLIST:nothing\n"),
    ],
)
def test_no_moments(name, expected):
    assert export(SearchResult("nothing", (), 4), name) == expected


def test_the_order_of_small_scores_is_kept():
    """Those of several clauses are products."""
    answer = SearchResult("x", (replace(DOG, score=2.134e-06), replace(DOG, score=0.00032)), 4)
    rows = list(csv.DictReader(StringIO(export(answer, "csv"), newline="")))
    assert [float(row["score"]) for row in rows] == [2.134e-06, 0.00032]
    assert [one["score"] for one in answer.to_json()["results"]] == [2.134e-06, 0.00032]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_no_title_is_a_formula(title):
    answer = SearchResult("x", (replace(DOG, name=title),), 4)
    (row,) = csv.DictReader(StringIO(export(answer, "csv"), newline=""))
    assert row["title"] == f"'{title}"
    assert row["video"] == DOG.video


def test_further_moments_of_a_video_follow_with_its_rank():
    more = replace(DOG, start_s=30.0, end_s=31.0)
    answer = SearchResult("x", (replace(DOG, more=(more,)), ODD), 4)
    rows = list(csv.DictReader(StringIO(export(answer, "csv"), newline="")))
    assert [(row["rank"], row["start_s"]) for row in rows] == [
        ("1", "12.520"),
        ("1", "30.000"),
        ("2", "3600.000"),
    ]
    assert export(answer, "m3u").count("#EXTINF") == 3


def test_a_cut_list_holds_999_and_says_what_it_leaves_out():
    answer = SearchResult("x", (DOG,) * 1000, 4)
    lines = export(answer, "edl").splitlines()
    assert sum(" AX " in line for line in lines) == 999
    assert lines[-1] == "* 1 MORE LEFT OUT: CMX 3600 HOLDS 999 EVENTS"
    assert FORMATS["edl"].left_out(answer) == 1
    assert FORMATS["csv"].left_out(answer) == 0


def test_a_moment_shorter_than_a_frame_has_one():
    answer = SearchResult("x", (replace(DOG, start_s=1.0, end_s=1.001),), 4)
    assert "00:00:01:00 00:00:01:01 01:00:00:00 01:00:00:01" in export(answer, "edl")


@pytest.mark.parametrize("path", ["/a/ b.mp4 ", "#x.mp4", "/a/\u2028b.mp4", "http://x/y.mp4"])
def test_a_path_that_players_would_misread_is_an_address(path):
    last = export(SearchResult("x", (replace(DOG, video=path),), 4), "m3u").splitlines()[-1]
    plain = path == path.strip() and "\u2028" not in path and path[0] == "/"
    assert last.startswith("file://") != plain


def test_a_cut_list_counts_the_frames_that_it_is_told():
    lines = export(ANSWER, "edl", fps=30).splitlines()
    assert lines[3].endswith("00:00:12:16 00:00:18:00 01:00:00:00 01:00:05:14")
    assert "* FRAME RATE: 30 FPS" in lines
    for fps in (0, 100):
        with pytest.raises(InvalidQuery, match="1 to 99"):
            export(ANSWER, "edl", fps=fps)


def test_an_unknown_format():
    with pytest.raises(InvalidQuery, match="json, csv, edl, m3u"):
        export(ANSWER, "xlsx")


def test_an_answer_comes_back_out_of_its_json():
    match = Match("speech", "a dog", ((2, 5),), 12.6, 14.0)
    copy = Copy(9, "/films/copy.mp4", 2.5, 8.0)
    full = replace(
        DOG, score=0.8123, channels={"picture": 0.61, "speech": 0.2023}, matches=(match,)
    )
    full = replace(full, copies=(copy,), steps=((12.52, 14.0), (15.0, 18.0)), more=(ODD,))
    answer = SearchResult("a dog", (full, ODD), 4, next="abc")
    told = json.loads(json.dumps({**answer.to_json(), "generation": 4}))
    assert SearchResult.from_json(told) == answer
