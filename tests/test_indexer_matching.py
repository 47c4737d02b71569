"""A query as terms, and where they are in a text."""

from __future__ import annotations

import pytest

from indexer.words.matching import Clue, Phrase, Plan, places, plan
from indexer.words.query import WordQuery
from indexer.words.terms import analyse


def phrases(*rows: str) -> set[Phrase]:
    """Of terms with spaces between them; a star at the end makes a prefix."""
    return {Phrase(tuple(row.rstrip("*").split()), row.endswith("*")) for row in rows}


def only(query: WordQuery, *languages: str) -> Clue:
    asked = plan(query, languages or ("",))
    [clue] = (*asked.wanted, *asked.excluded)
    return clue


@pytest.mark.parametrize(
    ("word", "languages", "expected"),
    [
        ("dog", ["en"], {"dog"}),
        ("Running", ["en"], {"run", "running"}),
        ("häuser", ["de"], {"haus", "hauser"}),
        ("häuser", ["de", "sv"], {"haus", "hauser"}),
        ("beachParty", ["en"], {"beach parti", "beachparty", "beachparti"}),
        ("海", ["zh"], {"海*"}),
        ("海滩", ["zh"], {"海滩"}),
    ],
)
def test_a_word_is_looked_for_as_any_language_of_the_library_has_it(
    word: str, languages: list[str], expected: set[str]
):
    assert set(only(WordQuery(words=(word,)), *languages).phrases) == phrases(*expected)


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("happy", {"happy*"}),
        ("beachPar", {"beach par*", "beachpar*"}),
        ("海", {"海*"}),
        ("海滩", {"海滩"}),
        ("中文海", {"中文 文海"}),
    ],
)
def test_a_prefix_is_no_stem(prefix: str, expected: set[str]):
    assert set(only(WordQuery(prefixes=(prefix,))).phrases) == phrases(*expected)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("running dogs", {"run dog"}),
        ("the wi-fi box", {"the wi fi box"}),
        ("GPT 海", {"gpt 海*"}),
        ("海滩 GPT", {"海滩 滩 gpt"}),
    ],
)
def test_a_phrase_has_its_terms_in_a_row(phrase: str, expected: set[str]):
    assert set(only(WordQuery(phrases=(phrase,)), "en").phrases) == phrases(*expected)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("一只狗在沙滩上跑步", ["狗*", "沙滩", "滩上", "上跑", "跑步"]),
        ("砂浜を走る犬", ["砂浜", "走*", "犬*"]),
        ("おいしいラーメン", ["おい", "いし", "しい", "ラー", "ーメ", "メン"]),
        ("해변에서", ["해변", "변에", "에서"]),
        ("ชายหาด", ["ชา", "าย", "ยห", "หา", "าด"]),
    ],
)
def test_a_sentence_without_spaces_is_cut_into_pairs(sentence: str, expected: list[str]):
    clues = plan(WordQuery(words=(sentence,)), ("",)).optional
    assert [clue.phrases for clue in clues] == [tuple(phrases(pair)) for pair in expected]
    assert all(clue.cut for clue in clues)


def test_what_says_nothing_is_not_looked_for():
    assert plan(WordQuery(words=("the", "dog", "!", "DOG")), ("en",)) == Plan(
        optional=(only(WordQuery(words=("dog",)), "en"),)
    )
    assert plan(WordQuery(words=("the",)), ("en",)).optional
    assert not plan(WordQuery(words=("the",), phrases=("red dog",)), ("en",)).optional


def test_places_are_where_a_text_has_a_clue():
    text = "Dogs run, a dog runs, dogging dog-run"
    found = analyse(text, "en")
    dog_runs = places(only(WordQuery(phrases=("dog runs",)), "en"), found)
    assert [text[start:end] for start, end in dog_runs] == ["Dogs run", "dog runs", "dog-run"]
    dogg = places(only(WordQuery(prefixes=("dogg",)), "en"), found)
    assert [text[start:end] for start, end in dogg] == ["dogging"]


def test_of_a_pair_only_the_character_asked_for_is_a_place():
    found = analyse("看海鸥，海", "zh")
    assert places(only(WordQuery(words=("海",)), "zh"), found) == [(1, 2), (4, 5)]
