"""Full text, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, func, select, text
from sqlalchemy.orm import Session

from indexer.store.conditions import BUDGET
from indexer.store.database import open_database, upgrade
from indexer.store.fulltext import (
    find_unwanted,
    index_passages,
    search_channels,
    search_passages,
)
from indexer.store.passages import PassageHit
from indexer.store.schema import File, Passage, Video
from indexer.words.query import WordQuery
from indexer.words.stemming import STEMMERS
from search.errors import InvalidQuery
from search.words import parse_words
from tests.postgres import new_schema

PASSAGES = {
    "dog": ("speech", "en", "A dog runs along the beach."),
    "dogs": ("speech", "en", "Two dogs were running home."),
    "cat": ("speech", "en", "The cat sleeps on the red sofa all day."),
    "beach": ("speech", "en", "The beach is empty today."),
    "phone": ("screen", "en", "New iPhone with Wi-Fi, don't miss it"),
    "sale": ("screen", "", "SUMMER SALE −50% @ O'Brien's"),
    "name": ("name", "", "IMG_2024_beachParty.mp4"),
    "german": ("speech", "de", "Die Häuser in der Straße sind schön."),
    "french": ("speech", "fr", "L'été, les enfants mangeaient à l'école."),
    "russian": ("speech", "ru", "Собаки бежали по зелёному пляжу."),
    "turkish": ("speech", "tr", "İSTANBUL'da ışık var"),
    "arabic": ("speech", "ar", "الكِتَابُ على الطاولة والمدرسة بعيدة"),
    "hindi": ("speech", "hi", "कुत्ता समुद्र तट पर दौड़ रहा है"),
    "greek": ("speech", "el", "Ο σκύλος τρέχει στην παραλία"),
    "chinese": ("speech", "zh", "一只狗在沙滩上跑步，天气很好。"),
    "japanese": ("speech", "ja", "砂浜を走る犬とｶﾒﾗ"),
    "korean": ("speech", "ko", "해변에서 강아지가 달린다"),
    "thai": ("speech", "th", "สุนัขวิ่งบนชายหาด"),
    "khmer": ("speech", "km", "ឆ្កែរត់លើឆ្នេរ"),
    "lao": ("speech", "lo", "ໝາແລ່ນຢູ່ຫາດຊາຍ"),
    "burmese": ("speech", "my", "ခွေးသည် ကမ်းခြေပေါ်တွင် ပြေးနေသည်"),
    "hebrew": ("speech", "he", "כֶּלֶב רָץ על החוף"),
}

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


def enter(session: Session, path: str | None, rows: list[tuple[str, str, str]]) -> int:
    """A video at `path`, or without a file, with (channel, language, text) for passages."""
    count = session.scalar(select(func.count(Video.id))) or 0
    video = Video(
        content=f"{count:064}",
        size_bytes=1,
        duration_s=9.0,
        width=16,
        height=16,
        codec="h264",
        container="mp4",
        warnings=[],
    )
    session.add(video)
    session.flush()
    if path is not None:
        session.add(File(path=path, size_bytes=1, mtime_ns=1, video_id=video.id))
    columns = ("channel", "language", "text")
    rest = {"video_id": video.id, "start_s": 1.0, "end_s": 2.5, "confidence": None}
    index_passages(
        session,
        [
            {**dict(zip(columns, row, strict=True)), **rest, "position": i}
            for i, row in enumerate(rows)
        ],
    )
    return video.id


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A catalog of either kind, with `PASSAGES`."""
    place = tmp_path_factory.mktemp("catalog") / "catalog.sqlite"
    if request.param == "sqlite":
        engine = open_database(place)
        yield filled(engine, place)
        engine.dispose()
        return
    with new_schema(request.getfixturevalue("postgres")) as engine:
        yield filled(engine, place)


def filled(engine: Engine, place: Path) -> Engine:
    upgrade(engine, place)
    with Session(engine) as session, session.begin():
        enter(session, "/videos/a.mp4", list(PASSAGES.values()))
    return engine


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """What a test changes is undone."""
    with Session(engine) as session:
        yield session
        session.rollback()


def names(hits: list[PassageHit]) -> list[str]:
    by_text = {passage[2]: name for name, passage in PASSAGES.items()}
    return [by_text[hit.text] for hit in hits]


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


def test_terms_go_with_their_passages(session: Session):
    other = enter(session, "/videos/b.mp4", [("speech", "en", "Another zebra")])
    assert search_passages(session, parse_words("zebra"))
    session.execute(delete(Passage).where(Passage.video_id == other))
    assert search_passages(session, parse_words("zebra")) == []
    _require_as_many_terms_as_passages(session)


def test_passages_and_terms_go_with_their_video(session: Session):
    other = enter(session, None, [("speech", "en", "Another zebra")])
    session.execute(delete(Video).where(Video.id == other))
    assert session.scalar(select(func.count(Passage.id))) == len(PASSAGES)
    _require_as_many_terms_as_passages(session)


def _require_as_many_terms_as_passages(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        count = session.scalar(text("SELECT count(*) FROM passage_terms"))
        assert count == session.scalar(select(func.count(Passage.id)))
        session.execute(text("INSERT INTO passage_terms(passage_terms) VALUES ('integrity-check')"))


def test_what_no_database_stores_is_replaced(session: Session):
    enter(session, "/videos/b.mp4", [("screen", "", "zebra\0 \ud800crossing")])
    [hit] = search_passages(session, parse_words("zebra crossing"))
    assert hit.text == "zebra\ufffd \ufffdcrossing"


def test_a_long_text_is_found_by_its_beginning(session: Session):
    long = " ".join(["zebra", *(f"word{i}ing" for i in range(20_000))])
    enter(session, "/videos/b.mp4", [("screen", "en", long)])
    assert len(search_passages(session, parse_words("zebra"))) == 1
    assert len(search_passages(session, parse_words('"word7ing word8ing"'))) == 1


def test_a_passage_without_words_is_kept_and_never_found(session: Session):
    other = enter(session, "/videos/b.mp4", [("screen", "", "★ … !")])
    assert session.scalar(select(func.count()).where(Passage.video_id == other)) == 1
    assert search_passages(session, WordQuery(words=("★",))) == []


def test_an_empty_catalog_has_no_answer(session: Session):
    session.execute(delete(Passage))
    assert search_passages(session, parse_words('dog "red cat" x2*')) == []


@pytest.mark.parametrize(
    "sign", ["{}", '"{} {}"', "{}*", "zebra -{}"], ids=["words", "phrases", "prefixes", "without"]
)
def test_a_long_query_in_a_library_of_many_languages_is_answered(session: Session, sign: str):
    words = [f"{a}{b}ationen" for a in "bdfglmnprst" for b in ("ab", "eb", "ib", "ob")]
    rows = [("speech", language, "zebra " + " ".join(words)) for language in STEMMERS]
    enter(session, "/videos/b.mp4", rows)
    query = " ".join(sign.format(word, word) for word in words)[:1000]
    wanted = 0 if sign in ("zebra -{}", '"{} {}"') else len(rows)
    assert len(search_passages(session, parse_words(query))) == wanted


SIGNS = r"""AND OR NOT NEAR( ) " ' '' * - : ^ + {name} speech: rowid \ | & ! <-> :* % ? ;--"""
SYNTAX = st.sampled_from(["dog", "beach", "沙", "犬*", *SIGNS.split()])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(query=st.one_of(st.text(max_size=60), st.lists(SYNTAX, max_size=12).map(" ".join)))
def test_no_query_breaks_the_database(engine: Engine, query: str):
    with Session(engine) as session:
        try:
            asked = parse_words(query)
        except InvalidQuery:
            return
        for hit in search_passages(session, asked):
            assert hit.score > 0
            assert 0 < hit.coverage <= 1.000001


@settings(max_examples=60, deadline=None)
@given(words=st.text(min_size=1, max_size=40))
def test_a_text_is_found_by_itself(engine: Engine, words: str):
    """Whatever its script, as a phrase, if there is a word in it at all."""
    try:
        query = parse_words('"' + words.replace('"', " ") + '"')
    except InvalidQuery:
        return
    with Session(engine) as session:
        enter(session, "/videos/b.mp4", [("speech", "", words)])
        found = [hit.video_id for hit in search_passages(session, query)]
        session.rollback()
    assert found or not query.phrases


@pytest.fixture
def crowd(session: Session) -> Session:
    """So many passages with the same words that the database does not rank them all."""
    rows = [("speech", "en", f"people walking in street {i}") for i in range(BUDGET + 1000)]
    few = [("speech", "en", text) for text in ("zebra", "zebra with people")]
    enter(session, "/videos/b.mp4", rows[:2500] + few + rows[2500:])
    return session


def test_all_that_have_a_rare_word_are_found_among_common_ones(crowd: Session):
    hits = search_passages(crowd, parse_words("people walk zebra"), limit=2)
    assert {hit.text for hit in hits} == {"zebra", "zebra with people"}


def test_those_with_all_words_are_found_among_common_ones(crowd: Session):
    [hit] = search_passages(crowd, parse_words('"walking in street" 2999'), limit=1)
    assert hit.text == "people walking in street 2999"


def test_enough_is_found_where_all_have_the_words(crowd: Session):
    assert len(search_passages(crowd, parse_words("street"))) == 100
    assert len(search_passages(crowd, parse_words("people in the street"))) == 100


def test_the_few_of_a_channel_are_found_among_many_of_another(crowd: Session):
    other = enter(crowd, "/videos/c.mp4", [("name", "", f"street_{i}.mp4") for i in range(5)])
    hits = search_passages(crowd, parse_words("street"), channels=["name"])
    assert [hit.video_id for hit in hits] == [other] * 5
    hits = search_passages(crowd, parse_words("street"), videos=[other])
    assert [hit.video_id for hit in hits] == [other] * 5


@pytest.mark.parametrize("query", ["street", '"in street"', "peop*"])
def test_all_are_found_if_so_many_are_asked_for(crowd: Session, query: str):
    assert len(search_passages(crowd, parse_words(query), limit=10_000)) >= BUDGET + 1000
