"""Narration becomes clean sentences, each with the time in which it is said."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.sentences import (
    MAX_WORDS,
    PAUSE_S,
    SILENCE_S,
    Cue,
    Sentence,
    SentenceSplitter,
    clean,
    said_once,
    without_markup,
)


@pytest.fixture(scope="module")
def split() -> SentenceSplitter:
    return SentenceSplitter()


def texts(sentences: list[Sentence]) -> list[str]:
    return [sentence.text for sentence in sentences]


def times(sentences: list[Sentence]) -> list[tuple[float, float]]:
    return [(round(s.start_s, 3), round(s.end_s, 3)) for s in sentences]


def evenly(*lines: str, each: float = 2.0, gap: float = 0.0) -> list[Cue]:
    """Cues of `each` seconds, `gap` seconds apart."""
    starts = [i * (each + gap) for i in range(len(lines))]
    return [Cue(start, start + each, line) for start, line in zip(starts, lines, strict=True)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<i>Put</i> it <b>there</b>.", "Put it there."),
        ('<font color="#ffff00">Put it there.</font>', "Put it there."),
        (r"{\an8}Put it {\i1}there{\i0}.", "Put it there."),
        (r"Put it\Nthere.", "Put it there."),
        ("Put it<br/>there.", "Put it there."),
        ("<c.colorE5E5E5>put</c><00:00:01.240><c> it</c>", "put it"),
        ("<v Roger Bingham>Put it there.", "Put it there."),
        ("&lt;i&gt;Put it&lt;/i&gt; there &amp; wait.", "Put it there & wait."),
        ("it&#39;s&nbsp;hot", "it's hot"),
        ("I <3 cooking", "I <3 cooking"),
        (">> JOHN: Put it there.", "Put it there."),
        (">> John Smith: Put it there.", "Put it there."),
        ("&gt;&gt; Put it there. >> Where?", "Put it there. Where?"),
        ("- Where?\n- Here.", "Where? Here."),
        ("-Where?\n–Here.", "Where? Here."),
        ("MR. O'HARA #2: Put it there.", "Put it there."),
        ("NOW: ALWAYS SALT", "NOW: ALWAYS SALT"),
        ("Remember: salt it at 10:30", "Remember: salt it at 10:30"),
        ("-5 degrees", "-5 degrees"),
        ("[Music]", ""),
        ("[Music] put it there [LAUGHTER]", "put it there"),
        ("[applause\nand cheering]", ""),
        ("(applause)", ""),
        (">> JOHN: (laughs) Put it there. (door slams)", "Put it there."),
        ("Add salt (a pinch) and stir", "Add salt (a pinch) and stir"),
        ("♪", ""),
        ("♪ We wish you\na merry Christmas ♪ Welcome", "Welcome"),
        ("  put \t it\n\n there \u200b ", "put it there"),
        ("put it [cough] .", "put it."),
        ("recipes at https://example.com/a?b=1, as ever", "recipes at, as ever"),
        ("Subtitles by www.OpenSubtitles.org", ""),
        ("Support us and become VIP member\nto remove ads from www.example.org", ""),
        ("I bought it at example.com yesterday", "I bought it at example.com yesterday"),
    ],
)
def test_only_what_is_said_remains(text: str, said: str):
    assert clean(text) == said


def test_a_cue_can_hold_sentences(split: SentenceSplitter):
    """Ten characters a second: a share of the characters is a share of the time."""
    cue = Cue(10.0, 12.0, "Cut this. Eat it up.")
    assert split([cue]) == [Sentence(10.0, 10.9, "Cut this."), Sentence(11.0, 12.0, "Eat it up.")]


def test_a_sentence_can_span_cues(split: SentenceSplitter):
    cues = [Cue(0, 1, "Hi. First we"), Cue(1.2, 2, "cut"), Cue(2.3, 4.3, "onions. Yes, onions.")]
    sentences = split(cues)
    assert texts(sentences) == ["Hi.", "First we cut onions.", "Yes, onions."]
    assert times(sentences) == [(0, 0.25), (0.333, 3.0), (3.1, 4.3)]


def test_captions_that_roll_are_said_once(split: SentenceSplitter):
    """A cue that begins with the one before it, as live captions grow."""
    cues = evenly("we cut", "we cut the onions", "we cut the onions and fry them")
    sentences = split(cues)
    assert texts(sentences) == ["we cut the onions and fry them"]
    assert times(sentences) == [(0, 6)]


def test_two_lines_that_roll_up_are_said_once(split: SentenceSplitter):
    """As YouTube writes its automatic captions: each line again above the next, and once alone."""
    cues = [
        Cue(0.0, 2.0, " \nwe cut<00:00:00.5><c> the onions</c>"),
        Cue(2.0, 2.01, "we cut the onions\n "),
        Cue(2.01, 4.0, "we cut the onions\nand fry<c> them</c>"),
        Cue(4.0, 4.01, "and fry them\n "),
        Cue(4.01, 6.0, "and fry them\nuntil brown"),
    ]
    assert texts(split(cues)) == ["we cut the onions and fry them until brown"]
    assert times(split(cues)) == [(0, 6)]


def test_three_lines_that_roll_up_are_said_once(split: SentenceSplitter):
    cues = evenly("one two three\nfour five six", "four five six\nseven eight nine")
    assert texts(split(cues)) == ["one two three four five six seven eight nine"]


def test_short_lines_that_roll_up_are_said_once(split: SentenceSplitter):
    """A whole line again above another is no chance, even of one word."""
    cues = evenly("Hello", "Hello\nworld", "world\nagain")
    assert said_once(cues) == [Cue(0, 2, "Hello"), Cue(2, 4, "world"), Cue(4, 6, "again")]


def test_captions_said_once_keep_their_lines_and_times():
    cues = [Cue(2, 5, "We cut\nthe onions."), Cue(3, 2, "Both\nof them."), Cue(0, 1, " ")]
    assert said_once(cues) == [Cue(2, 5, "We cut\nthe onions."), Cue(3, 3, "Both\nof them.")]


def test_without_markup_sounds_and_speakers_remain():
    assert without_markup("<i>JOHN:</i> [sighs]<br>{\\an8}salt &amp; pepper\u200b") == (
        "JOHN: [sighs]\nsalt & pepper"
    )


def test_what_is_said_again_after_a_pause_is_kept(split: SentenceSplitter):
    assert texts(split(evenly("Stir it.", "Stir it.", gap=2.0))) == ["Stir it.", "Stir it."]


def test_a_chance_repetition_is_kept(split: SentenceSplitter):
    cues = evenly("We add the salt", "salt is good for it.")
    assert texts(split(cues)) == ["We add the salt salt is good for it."]


def test_without_punctuation_pauses_end_sentences(split: SentenceSplitter):
    cues = [Cue(0, 2, "now we cut"), Cue(2.1, 4, "the onions"), Cue(4.8, 6, "and fry them")]
    sentences = split(cues)
    assert texts(sentences) == ["now we cut the onions", "and fry them"]
    assert times(sentences) == [(0, 4), (4.8, 6)]


def test_with_punctuation_only_a_silence_does(split: SentenceSplitter):
    cut = ("Now we cut", "the onions.")
    assert texts(split(evenly(*cut, gap=PAUSE_S + 0.1))) == ["Now we cut the onions."]
    assert texts(split(evenly(*cut, gap=SILENCE_S + 0.1))) == list(cut)


def test_long_stretches_are_divided_where_cues_meet(split: SentenceSplitter):
    lines = [f"a{i} b{i} c{i} d{i} e{i} f{i} g{i}" for i in range(20)]
    sentences = split(evenly(*lines))
    assert " ".join(texts(sentences)) == " ".join(lines)
    assert all(MAX_WORDS / 2 - 7 < len(s.text.split()) <= MAX_WORDS for s in sentences)
    assert all(s.text.startswith("a") and s.start_s % 2 == 0 for s in sentences)


def test_common_abbreviations_need_no_library(split: SentenceSplitter):
    said = ["Dr. Smith adds spices, e.g. Cumin or 2 tbsp. Paprika.", "We wait."]
    assert texts(split([Cue(0, 9, " ".join(said))])) == said


def test_abbreviations_are_learned_from_the_library(split: SentenceSplitter):
    """`Sgt.` is unknown at first; a library that is full of it teaches it."""
    cue = Cue(0, 9, "We asked Sgt. Pepper about it. He played.")
    assert texts(split([cue]))[0] == "We asked Sgt."
    names = (
        "Miller",
        "Jones",
        "Baker",
        "Fisher",
        "Cooper",
        "Taylor",
        "Mason",
        "Carter",
        "Ward",
        "Hill",
    )
    places = ("home", "to town", "away", "upstairs", "to bed", "to work", "out", "to sea", "back")
    library = [
        evenly(f"Then Sgt. {name} went {place}.", f"We saw Sgt. {name} there again today.")
        for name in names
        for place in places
    ]
    learned = SentenceSplitter(library)
    assert texts(learned([cue])) == ["We asked Sgt. Pepper about it.", "He played."]


def test_a_small_library_teaches_no_false_abbreviations():
    """All that Punkt sees of "it" is that a period follows."""
    cues = evenly("Cut it. Fry it. Eat it.")
    assert texts(SentenceSplitter([cues])(cues)) == ["Cut it.", "Fry it.", "Eat it."]


def test_nothing_is_downloaded(monkeypatch: pytest.MonkeyPatch):
    """Neither the network nor NLTK's folder of models is looked at."""
    import nltk.data
    import nltk.downloader

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("this needs no data of NLTK's")

    for module, name in [
        (nltk.data, "find"),
        (nltk.data, "load"),
        (nltk.downloader.Downloader, "download"),
        (socket, "socket"),
    ]:
        monkeypatch.setattr(module, name, refuse)
    split = SentenceSplitter([evenly("Cut it. Fry it.")])
    assert texts(split(evenly("Cut it. Fry it."))) == ["Cut it.", "Fry it."]


@pytest.mark.parametrize(
    "cues", [[], [Cue(0, 1, "")], evenly("[Music]", " ", "♪♪"), [Cue(0, 1, "...")]]
)
def test_where_nothing_is_said_there_is_no_sentence(split: SentenceSplitter, cues: list[Cue]):
    assert split(cues) == []
    assert SentenceSplitter([cues])(cues) == []


def test_cues_come_in_any_order(split: SentenceSplitter):
    cues = evenly("Cut it.", "Fry it.", "Eat it.")
    assert split(cues[::-1]) == split(cues)


def test_two_may_speak_at_once(split: SentenceSplitter):
    cues = [Cue(1, 3, "Cut it."), Cue(1, 3, "Fry it."), Cue(2.5, 4, "Eat it.")]
    assert times(split(cues)) == [(1, 3), (1, 2.5), (2.5, 4)]


def test_a_cue_that_ends_before_it_starts_has_no_length(split: SentenceSplitter):
    assert split([Cue(5, 4, "Cut it.")]) == [Sentence(5, 5, "Cut it.")]


words = st.sampled_from(
    ["cut", "the", "onions.", "and", "fry", "Dr.", "it?", "until", "brown!", "e.g.", "3.5", "..."]
)
cue = st.builds(
    lambda start, length, said: Cue(start, start + length, " ".join(said)),
    st.floats(0, 60),
    st.floats(0, 5),
    st.lists(words, min_size=1, max_size=30),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(cue, max_size=12))
def test_times_are_in_order_and_within_the_cues(split: SentenceSplitter, cues: list[Cue]):
    sentences = split(cues)
    for sentence in sentences:
        assert min(c.start_s for c in cues) <= sentence.start_s <= sentence.end_s
        assert sentence.end_s <= max(c.end_s for c in cues)
    if len({c.start_s for c in cues}) == len(cues):
        starts = [s.start_s for s in sentences]
        assert starts == sorted(starts)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(words, min_size=1, max_size=30), max_size=12))
def test_no_word_is_lost_or_said_twice(split: SentenceSplitter, lines: list[list[str]]):
    """With pauses in between, since cues without one may be the same caption rolled on."""
    cues = evenly(*map(" ".join, lines), gap=PAUSE_S + 0.1)
    said = " ".join(texts(split(cues))).split()
    assert [w for w in said if w != "..."] == [w for line in lines for w in line if w != "..."]
