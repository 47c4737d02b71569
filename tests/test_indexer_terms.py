"""Text of any script to terms."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.words.folding import fold, normal
from indexer.words.stemming import STEMMERS, stem
from indexer.words.terms import BORDER, MOST_CHARACTERS, MOST_TEXT, analyse, terms


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The dogs are running", "en", "the dog are run · dogs running"),
        ("a dog", "en", "a dog"),
        ("", "", ""),
        ("… !", "", ""),
        # names
        (
            "IMG_2024_beachParty.mp4",
            "",
            "img 2024 beach parti mp 4 · party beachparti beachparty mp4",
        ),
        ("HTMLPage", "en", "html page · htmlpage"),
        ("PDFs", "", "pdfs"),
        ("wi-fi", "en", "wi fi · wifi"),
        ("2024-06-12", "", "2024 06 12 · 20240612"),
        ("a-b-c-d-e", "", "a b c d e"),
        ("ﬁle①", "", "file 1 · file1"),
        # accents
        ("Straße", "de", "strass · strasse"),
        ("cafe\u0301", "es", "caf · cafe"),
        ("Ærø Łódź Đà", "pl", "aero lodz da"),
        ("зелёный", "uk", "зеленый"),
        ("לָשׁוֹן", "he", "לשון"),
        # marks that are no accents
        ("हिन्दी", "hi", "हिन्दी"),
        ("க்", "ta", "க்"),
        # no spaces
        ("沙滩", "zh", "沙滩 滩"),
        ("海", "zh", "海"),
        ("ｶﾞﾝﾀﾞﾑ", "ja", "ガン ンダ ダム ム"),
        ("スキー場", "ja", "スキ キー ー場 場"),
        ("中文GPT4", "zh", "中文 文 gpt 4 · gpt4"),
        ("\u1112\u1161\u11ab\u1100\u116e\u11a8", "ko", "한국 국"),
        ("ไทย๒", "th", "ไท ทย ย ๒"),
    ],
)
def test_terms(text: str, language: str, expected: str):
    assert terms(text, language) == expected


@pytest.mark.parametrize("word", ["ISTANBUL", "İSTANBUL", "istanbul", "ıstanbul", "ıSTANBUL"])
def test_the_turkish_i_is_an_i(word: str):
    assert fold(word) == "istanbul"


def test_invisible_characters_split_no_word():
    assert terms("soft\u00adhyphen zero\u200bwidth \u202bright\u202c") == terms(
        "softhyphen zerowidth right"
    )


def test_a_place_is_that_of_the_original():
    text = "Ein cafe\u0301, ﬁn  ｶﾞｲﾄﾞ"
    found = analyse(text, "pl")
    assert [text[term.start : term.end] for term in found.running] == [
        "Ein",
        "cafe\u0301",
        "ﬁn",
        "ｶﾞｲ",
        "ｲﾄﾞ",
        "ﾄﾞ",
    ]


def test_a_compound_covers_its_parts():
    text = "my wi-fi box"
    [whole] = analyse(text).whole
    assert (whole.form, text[whole.start : whole.end]) == ("wifi", "wi-fi")


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("running", "en", "run"),
        ("running", "", "run"),
        ("running", "ja", "run"),
        ("running", "sk", "running"),
        ("kitaplar", "tr", "kitap"),
        ("والمدرسة", "ar", "مدرس"),
        ("häuser", "de", "haus"),
        ("häuser", "sv", "häus"),
        ("собаки", "", "собак"),
        ("собаки", "en", "собак"),
        ("собаки", "uk", "собаки"),
        ("کتاب‌ها", "fa", "کتاب‌ها"),
        ("犬", "en", "犬"),
        ("2024", "en", "2024"),
    ],
)
def test_a_word_is_stemmed_by_the_rules_of_its_language_and_script(
    word: str, language: str, expected: str
):
    assert stem(word, language) == expected


def test_an_arabic_stem_does_not_hang_on_the_word_before():
    """NLTK's stemmer keeps what it found in the last word."""
    words = ["المكتبات", "كتاب", "يكتبون", "المدرسة", "والطاولة"]
    alone = [stem.__wrapped__(word, "ar") for word in words]
    again = [stem.__wrapped__(word, "ar") for word in reversed(words)]
    assert alone == again[::-1]


WORDS = st.text(st.characters(categories=["L", "M", "N"]), min_size=1, max_size=20)
LETTERS = st.text("abcdeimnorstuyäéñøабвеийостья" + "اتنيكمهلسوةأ", min_size=1, max_size=12)


@settings(deadline=None)
@given(word=st.one_of(WORDS, LETTERS), language=st.sampled_from(["", "tr", *STEMMERS]))
def test_any_word_has_a_stem(word: str, language: str):
    assert stem(word.casefold(), language)


@settings(deadline=None)
@given(
    text=st.one_of(st.text(), st.lists(WORDS).map(" ".join)), language=st.sampled_from(["", "de"])
)
def test_terms_are_what_both_databases_keep_whole(text: str, language: str):
    for term in terms(text, language).split(" "):
        assert all(c.isalnum() for c in term if c.isascii())
        assert len(term) <= MOST_CHARACTERS
        assert term == term.casefold() or not term.isascii()


@settings(deadline=None)
@given(text=st.text())
def test_what_is_analysed_is_what_is_indexed(text: str):
    found = analyse(text)
    running, _, others = f" {terms(text)} ".partition(f" {BORDER} ")
    assert running.split() == [term.term for term in found.running]
    assert set(others.split()) >= {term.form for term in found.whole}
    for term in (*found.running, *found.whole):
        assert 0 <= term.start < term.end <= len(text)


@given(text=st.text())
def test_the_normal_text_says_where_each_character_came_from(text: str):
    whole, ranges = normal(text)
    assert len(whole) == len(ranges)
    assert all(0 <= start < end <= len(text) for start, end in ranges)


def test_the_end_of_an_endless_text_is_left_out():
    assert terms("a " * MOST_TEXT + "zebra") == terms("a " * MOST_TEXT)
    assert len(analyse("a " * MOST_TEXT).running) == MOST_TEXT // 2
