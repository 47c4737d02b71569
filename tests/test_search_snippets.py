"""The part of a passage that answers, and its highlights."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.errors import InvalidQuery
from search.snippets import Snippet, snippet
from search.words import parse_words


def marked(found: Snippet) -> list[str]:
    return [found.text[start:end] for start, end in found.highlights]


@pytest.mark.parametrize(
    ("text", "language", "query", "expected"),
    [
        ("He runs; the dog’s out.", "en", "running dog", ["runs", "dog’s"]),
        ("A dog on the mat", "en", "a dog on fire", ["dog"]),
        ("the dog and the red dog", "en", '"red dog"', ["red dog"]),
        ("the dog, dogs, and doggies", "en", "dogg*", ["doggies"]),
        ("a cat and a dog", "en", "dog -cat", ["dog"]),
        ("Häuser aus Holz", "de", "haus", ["Häuser"]),
        ("un cafe\u0301 noir", "fr", "café", ["cafe\u0301"]),
        ("IMG_beachParty.mp4", "", "party", ["Party"]),
        ("IMG_beachParty.mp4", "", "beachparty", ["beachParty"]),
        ("une boîte Wi-Fi", "fr", "wifi", ["Wi-Fi"]),
        ("我们在沙滩上看海鸥", "zh", "沙滩 海", ["沙滩", "海"]),
        ("我们在沙滩上看海鸥", "zh", "沙滩上", ["沙滩上"]),
        ("ｶﾞﾝﾀﾞﾑ登場", "ja", "ガンダム", ["ｶﾞﾝﾀﾞﾑ"]),
        ("สุนัขวิ่งบนชายหาด", "th", '"ชายหาด"', ["ชายหาด"]),
        ("Собаки бежали", "ru", "собака", ["Собаки"]),
        ("İSTANBUL'da", "tr", "istanbul", ["İSTANBUL'da"]),
        ("nothing of it", "en", "zebra", []),
    ],
)
def test_what_matches_is_highlighted(text: str, language: str, query: str, expected: list[str]):
    found = snippet(text, parse_words(query), language)
    assert marked(found) == expected
    assert (found.text, found.start, found.cut_before, found.cut_after) == (text, 0, False, False)


def test_nothing_is_escaped_and_every_place_is_of_the_original():
    text = "<b>😀 dogs & co</b>"
    found = snippet(text, parse_words("dog"))
    assert (found.text, marked(found)) == (text, ["dogs"])


def test_the_part_with_the_most_words_is_shown():
    filler = "lorem ipsum dolor " * 20
    text = f"{filler}a dog slept {filler}one dog was running away {filler}"
    found = snippet(text, parse_words("dog running"), "en", width=60)
    assert marked(found) == ["dog", "running"]
    assert len(found.text) <= 60
    assert text[found.start :].startswith(found.text)
    assert found.cut_before
    assert found.cut_after
    assert set(found.text.split()) <= set(text.split()), "whole words"


def test_without_a_match_the_beginning_is_shown():
    found = snippet("lorem ipsum " * 20, parse_words("dog"), width=20)
    assert (found.text, found.start, found.cut_after) == ("lorem ipsum lorem", 0, True)


def test_a_word_longer_than_the_snippet_is_cut():
    found = snippet("dog" + "g" * 300, parse_words("dogg*"), width=20)
    assert found.text == marked(found)[0] == "dog" + "g" * 17


@settings(deadline=None)
@given(
    text=st.one_of(
        st.text(), st.lists(st.sampled_from(["dog", "沙滩", "a\u0301", "runs-ｶﾞ"])).map(" ".join)
    ),
    query=st.text(alphabet=st.one_of(st.sampled_from('dogruns沙滩ガ "*a\u0301'), st.characters())),
    width=st.integers(1, 40),
)
def test_highlights_are_ranges_of_the_text_in_order(text: str, query: str, width: int):
    try:
        asked = parse_words(query)
    except InvalidQuery:
        return
    found = snippet(text, asked, width=width)
    places = [place for span in found.highlights for place in span]
    assert places == sorted(places)
    assert all(start < end for start, end in found.highlights)
    assert all(0 <= place <= len(found.text) <= width for place in places)
    assert text[found.start : found.start + len(found.text)] == found.text
    assert found.cut_after == (found.start + len(found.text) < len(text))
