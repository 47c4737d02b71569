from __future__ import annotations

import json

import pytest

from indexer.copies.groups import Member, group_copies
from indexer.copies.listing import describe_groups, groups_to_json
from indexer.copies.match import Kind, Match


def match(a: int, b: int, kind: Kind = Kind.COPY, **more: float | str) -> Match:
    return Match(a, b, 0.0, 10.0, 5.0, 15.0, 0.97, 0.9, kind, **more)  # type: ignore[arg-type]


def member(video: int, height: int = 720, duration_s: float = 10, size: int = 1000) -> Member:
    return Member(video, 16 * height // 9, height, duration_s, size, (f"{video}.mp4",))


MEMBERS = {n: member(n) for n in range(1, 9)}


def ids(groups) -> list[list[int]]:
    return [[video.video for video in group.videos] for group in groups]


def test_matches_join_videos_also_through_others():
    groups = group_copies([match(1, 2), match(2, 3), match(5, 6)], MEMBERS)
    assert ids(groups) == [[1, 2, 3], [5, 6]]
    assert groups[0].matches == (match(1, 2), match(2, 3))


def test_the_best_comes_first():
    members = {
        1: member(1, 480, 99, 9999),
        2: member(2, 1080, 10, 10),
        3: member(3, 1080, 12, 5),
        4: member(4, 1080, 12, 6),
    }
    groups = group_copies([match(1, 2), match(1, 3), match(3, 4)], members)
    assert ids(groups) == [[4, 3, 2, 1]]


def test_a_group_is_as_strong_as_what_holds_it_together():
    redundant = [match(1, 2), match(2, 3), match(1, 3, Kind.PART)]
    assert group_copies(redundant, MEMBERS)[0].kind is Kind.COPY
    assert group_copies([match(1, 2), match(2, 3, Kind.PART)], MEMBERS)[0].kind is Kind.PART
    assert group_copies([match(1, 2, Kind.SHARED)], MEMBERS)[0].kind is Kind.SHARED


def test_a_compilation_does_not_fold_its_parts():
    matches = [match(1, 9, Kind.PART), match(2, 9, Kind.PART), match(1, 3)]
    members = {**MEMBERS, 9: member(9)}
    assert ids(group_copies(matches, members)) == [[1, 2, 3, 9]]
    assert ids(group_copies(matches, members, {Kind.COPY})) == [[1, 3]]


def test_videos_that_are_gone_are_left_out():
    assert group_copies([match(1, 99)], MEMBERS) == []


def test_people_read_which_part_shows_which():
    members = {1: Member(1, 640, 360, 3723.5, 2_500_000, ("a.mp4", "b.mp4")), 2: member(2)}
    groups = group_copies([match(1, 2, Kind.PART, speed=1.25, view="mirrored")], members)
    assert describe_groups(groups) == (
        "Group 1: a video and parts of it\n"
        "  [1]  2.mp4  1280x720  0:10.0  0.0 MB\n"
        "  [2]  a.mp4  640x360  1:02:03.5  2.5 MB\n"
        "       b.mp4  the same file\n"
        "    [2] 0:00.0-0:10.0 = [1] 0:05.0-0:15.0  97% alike, at 1.25 times the speed, mirrored"
    )
    assert describe_groups([]) == "No copies."


def test_programs_read_json():
    (group,) = json.loads(json.dumps(groups_to_json(group_copies([match(1, 2)], MEMBERS))))
    assert group["kind"] == "copy"
    assert [video["paths"] for video in group["videos"]] == [["1.mp4"], ["2.mp4"]]
    assert group["matches"][0]["b_end_s"] == pytest.approx(15.0)
