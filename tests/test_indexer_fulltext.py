"""What full text finds, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from indexer.store.fulltext import find_unwanted, search_channels, search_passages
from indexer.store.schema import Passage, Video
from search.words import parse_words
from tests.passages import PASSAGES, enter, names

CASES = [
    # words, in any of their forms; the more the better
    ("dog", ["dog", "dogs"]),
    ("DOGS", ["dog", "dogs"]),
    ("a dog running on the beach", ["dog", "dogs", "beach", "name"]),
    ("zebra", []),
    ("zebra sofa", ["cat"]),
    # phrases
    ('"dog runs"', ["dog"]),
    ('"runs dog"', []),
    ('"running dog"', []),
    ('"the beach"', ["dog", "beach"]),
    ('"the beach" dog', ["dog", "beach"]),
    ('"beach party"', ["name"]),
    # prefixes
    ("sof*", ["cat"]),
    ("runn*", ["dogs"]),
    ("run*", ["dog", "dogs"]),
    ("beach* par*", ["name"]),
    ("beachPar*", ["name"]),
    # without
    ("beach -dog", ["beach", "name"]),
    ('beach -"is empty"', ["dog", "name"]),
    ("beach -par* -dog", ["beach"]),
    # compounds
    ("wifi", ["phone"]),
    ("wi-fi", ["phone"]),
    ("iphone", ["phone"]),
    ("iPhones", ["phone"]),
    ("dont", ["phone"]),
    ("50", ["sale"]),
    ("obrien", ["sale"]),
    ("mp4", ["name"]),
    ("beach_party.MP4", ["name"]),
    # languages
    ("Haus", ["german"]),
    ("haeuser", ["german"]),
    ("hauser", ["german"]),
    ("strasse", ["german"]),
    ("STRAẞE", ["german"]),
    ("schöne", ["german"]),
    ("ete", ["french"]),
    ("manger", ["french"]),
    ("ecole", ["french"]),
    ("собака", ["russian"]),
    ("зеленому", ["russian"]),
    ('"собаки бежали"', ["russian"]),
    ("istanbul", ["turkish"]),
    ("İstanbul", ["turkish"]),
    ("isik", ["turkish"]),
    ("IŞIK", ["turkish"]),
    ("كتاب", ["arabic"]),
    ("المدرسة", ["arabic"]),
    ("समुद्र", ["hindi"]),
    ("σκυλος", ["greek"]),
    ("ΠΑΡΑΛΊΑ", ["greek"]),
    ("כלב", ["hebrew"]),
    # scripts without spaces
    ("沙滩", ["chinese"]),
    ("狗", ["chinese"]),
    ("步", ["chinese"]),
    ("滩沙", []),
    ('"在沙滩上"', ["chinese"]),
    ('"跑步 天气"', ["chinese"]),
    ('"沙滩 跑步"', []),
    ("沙滩上的狗", ["chinese"]),
    ("天气 -沙滩", []),
    ("犬", ["japanese"]),
    ("走れ", []),
    ("犬が砂浜を走っています", ["japanese"]),
    ("カメラ", ["japanese"]),
    ("강아지", ["korean"]),
    ("강아지를", ["korean"]),
    ("해변", ["korean"]),
    ("ชายหาด", ["thai"]),
    ("สุนัข", ["thai"]),
    ("ឆ្កែ", ["khmer"]),
    ("ຫາດຊາຍ", ["lao"]),
    ("ကမ်းခြေ", ["burmese"]),
]


@pytest.mark.parametrize(("query", "expected"), CASES)
def test_a_query_finds(session: Session, query: str, expected: list[str]):
    assert sorted(names(search_passages(session, parse_words(query)))) == sorted(expected)


def test_the_best_answer_comes_first_and_covers_most(session: Session):
    hits = search_passages(session, parse_words("a dog running on the beach"))
    coverage = dict(zip(names(hits), [hit.coverage for hit in hits], strict=True))
    assert names(hits)[:2] == ["dog", "dogs"]
    assert coverage["dog"] == pytest.approx(1)
    assert 0 < coverage["beach"] < coverage["dogs"] < 1, "a beach is in more passages than a run"
    assert [hit.score for hit in hits] == sorted([hit.score for hit in hits], reverse=True)


def test_stop_words_are_left_out_unless_there_is_nothing_else(session: Session):
    assert names(search_passages(session, parse_words("the zebra"))) == []
    assert "cat" in names(search_passages(session, parse_words("the")))


def test_a_word_that_is_nowhere_lowers_the_coverage(session: Session):
    [whole] = search_passages(session, parse_words("sofa"))
    [part] = search_passages(session, parse_words("sofa zebra"))
    assert whole.coverage == pytest.approx(1)
    assert part.coverage == pytest.approx(0.5, abs=0.1)


def test_characters_that_no_word_ends_between_do_not_lower_the_coverage(session: Session):
    [hit] = search_passages(session, parse_words("狗喜欢沙滩"))
    assert hit.coverage == pytest.approx(1)


def test_a_hit_says_what_its_passage_is(session: Session):
    [hit] = search_passages(session, parse_words("sofa"))
    channel, language, words = PASSAGES["cat"]
    assert (hit.channel, hit.language, hit.text) == (channel, language, words)
    assert (hit.start_s, hit.end_s) == (1.0, 2.5)
    assert session.get_one(Passage, hit.passage_id).video_id == hit.video_id


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_no_more_than_the_limit_is_found(session: Session, limit: int):
    assert len(search_passages(session, parse_words("beach"), limit=limit)) == limit


def test_only_the_channels_asked_for_are_searched(session: Session):
    query = parse_words("beach")
    assert names(search_passages(session, query, channels=["name"])) == ["name"]
    assert "name" not in names(search_passages(session, query, channels=["speech", "screen"]))


def test_each_channel_has_its_own_best(session: Session):
    query = parse_words("beach")
    found = search_channels(session, query, ["name", "speech"], 1)
    assert [hit.channel for hit in found] == ["name", "speech"]
    for hit in found:
        assert [hit] == search_passages(session, query, [hit.channel], 1)
    assert search_channels(session, query, [], 1) == []


@pytest.mark.parametrize(
    ("query", "unwanted"),
    [
        ("beach", []),
        ("beach -sofa", ["cat"]),
        ('cat -"dogs were" -phon*', ["dogs", "phone"]),
        ("beach -dog -wi-fi", ["dog", "dogs", "phone"]),
        ("beach -zebra", []),
    ],
)
def test_passages_that_hold_what_is_excluded(session: Session, query: str, unwanted: list[str]):
    [video] = session.scalars(select(Video.id))
    ids = find_unwanted(session, parse_words(query), [video])
    texts = set(session.scalars(select(Passage.text).where(Passage.id.in_(ids))))
    assert texts == {PASSAGES[name][2] for name in unwanted}
    assert not find_unwanted(session, parse_words(query), [])
    assert not find_unwanted(session, parse_words(query), [video + 1])


@pytest.mark.parametrize(("query", "expected"), CASES)
def test_fewer_are_the_best_of_more(session: Session, query: str, expected: list[str]):
    """Where there are more than are wanted they are looked for otherwise."""
    words = parse_words(query)
    everything = search_passages(session, words)
    assert {hit.text for hit in everything} == {PASSAGES[name][2] for name in expected}
    for limit in range(1, len(everything)):
        assert search_passages(session, words, limit=limit) == everything[:limit]


def test_all_of_it_is_found_where_it_is_more_than_is_listed_at_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    others = [enter(session, f"/videos/{i}.mp4", [("speech", "en", "A sofa")]) for i in range(5)]
    monkeypatch.setattr("indexer.store.fulltext.MOST_UNWANTED", 2)
    ids = find_unwanted(session, parse_words("beach -sofa"), others)
    found = session.scalars(select(Passage.video_id).where(Passage.id.in_(ids)))
    assert sorted(found) == sorted(others)


def test_only_the_videos_asked_for_are_searched(session: Session):
    other = enter(session, "/videos/b.mp4", [("speech", "en", "Another beach")])
    query = parse_words("beach")
    everywhere = search_passages(session, query)
    assert len(everywhere) == 4
    [hit] = search_passages(session, query, videos=[other])
    assert hit.text == "Another beach"
    assert len(search_passages(session, query, videos={h.video_id for h in everywhere})) == 4
    assert search_passages(session, query, videos=[]) == []


def test_a_video_without_a_file_is_not_found_and_takes_no_place(session: Session):
    enter(session, None, [("speech", "en", "sofa")] * 30)
    assert names(search_passages(session, parse_words("sofa"), limit=1)) == ["cat"]


def test_an_empty_catalog_has_no_answer(session: Session):
    session.execute(delete(Passage))
    assert search_passages(session, parse_words('dog "red cat" x2*')) == []
