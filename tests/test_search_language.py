"""The query language."""

from __future__ import annotations

import pytest

from indexer.words.query import WordQuery
from search.errors import QuerySyntaxError
from search.evidence import PICTURE
from search.language import parse_question, plain_question
from search.language.parser import WITHIN_S
from search.question import Clause, Example, Question, Step
from search.words import parse_words


def only_clause(text: str) -> Clause:
    [step] = parse_question(text).steps
    [clause] = step.clauses
    return clause


@pytest.mark.parametrize(
    "text",
    [
        "a dog on a beach",
        'red "beach  ball" par* -cat -"blue sea" -wa*',
        "“a dog” −cat",
        'a 5" pipe',
        'dog "on the beach',
        "http://example.org 12:30 C:\\videos Re: hello",
        "star wars: a new hope",
        '"said: then" ball',
        "within 30s",
        "what happens then",
        "then a dog",
        "then",
        "lengthen then? (maybe)",
        'x"a then b"',
        'x"in:y z"',
        '"a dog"-cat',
        "- then dog",
        "dog then ...",
        "dog and then",
        "a\x1cdog\x1cthen",
        "within 3s then",
    ],
)
def test_plain_words_are_what_they_were(text: str):
    question = parse_question(text)
    assert question == Question(text, (Step((Clause(parse_words(text)),)),))
    assert question == plain_question(text)


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("said:rice", "speech"),
        ("says:rice", "speech"),
        ("SAID:rice", "speech"),
        ("shown:rice", "picture"),
        ("shows:rice", "picture"),
        ("screen:rice", "screen"),
        ("named:rice", "name"),
        ("name:rice", "name"),
        ("title:rice", "name"),
    ],
)
def test_a_field_says_where_a_word_is_looked_for(text: str, channel: str):
    assert only_clause(text) == Clause(WordQuery(words=("rice",), plain="rice"), (channel,))


def test_a_quote_after_said_has_to_be_there_and_after_shown_is_only_a_group():
    assert only_clause('said:"good boy"').words == WordQuery(
        phrases=("good boy",), plain="good boy"
    )
    assert only_clause('shown:"a good boy"').words == WordQuery(
        words=("a", "good", "boy"), plain="a good boy"
    )


@pytest.mark.parametrize(
    "text",
    ["said:(how to cook)", "said: how to cook", "said:   how  to cook", "tag:x said: how to cook"],
)
def test_several_words_follow_in_parentheses_or_after_a_space(text: str):
    assert only_clause(text).words.words == ("how", "to", "cook")


def test_words_after_a_space_go_on_to_the_next_field_or_step():
    question = parse_question("said: how to cook rice shown: a pan then a plate")
    first, second = question.steps
    assert [(one.words.plain, one.channels) for one in first.clauses] == [
        ("how to cook rice", ("speech",)),
        ("a pan", ("picture",)),
    ]
    assert second.clauses[0].words.plain == "a plate"


def test_a_word_after_a_field_without_a_space_is_looked_for_everywhere():
    [step] = parse_question("said:hello a dog").steps
    everywhere, said = step.clauses
    assert (everywhere.words.plain, everywhere.channels) == ("a dog", ())
    assert (said.words.plain, said.channels) == ("hello", ("speech",))


def test_what_must_not_be_there_holds_for_the_words_beside_it():
    assert only_clause('said:"good boy" -cat').words.excluded == ("cat",)
    assert only_clause("-said:hello dog").words.excluded == ("hello",)
    assert only_clause("-said:hello said:dog").words.excluded == ("hello",)
    [step] = parse_question("a dog said:hello -cat -said:bird then a man").steps[:1]
    assert [clause.words.excluded for clause in step.clauses] == [("cat", "bird")] * 2


def test_a_field_with_a_minus_takes_as_much_as_one_without():
    assert only_clause("dog -said:walk*").words.excluded_prefixes == ("walk",)
    assert only_clause("dog -said:(good boy)").words.excluded == ("good boy",)
    assert only_clause('dog -said:"good boy"').words.excluded == ("good boy",)
    assert only_clause("dog -said: good boy").words.excluded == ("good boy",)
    assert only_clause('dog "cat -said:x').words == WordQuery(
        words=("dog", "cat"), excluded=("x",), plain="dog cat"
    )


def test_what_must_not_be_there_holds_beside_an_example_too():
    [step] = parse_question("like:17@3 -dog -said:cat*").steps
    assert step == Step(
        (Clause(WordQuery(excluded=("dog",), excluded_prefixes=("cat",)), (PICTURE,)),),
        (Example("17", 3),),
    )


def test_stars_mean_nothing_to_pictures():
    assert only_clause("shown: a b* -hat").words == WordQuery(
        words=("a", "b"), excluded=("hat",), plain="a b"
    )


@pytest.mark.parametrize(
    ("text", "within_s"),
    [
        ("a dog then a cat", (WITHIN_S,)),
        ("a dog and then a cat", (WITHIN_S,)),
        ("a dog THEN a cat within 10s", (10,)),
        ("a dog then a cat within 10 seconds", (10,)),
        ("a dog then a cat within 1:30", (90,)),
        ("a dog then a cat within 2 minutes then a bird", (120, WITHIN_S)),
        ("a dog then a cat within 5s and then a bird within 1m", (5, 60)),
        ("a dog then a cat within 20s tag:x", (20,)),
        ("a dog tag:x then a cat tag:y within 20s", (20,)),
        ("a dog then a cat within 20s -said:x", (20,)),
    ],
)
def test_steps_follow_one_another(text: str, within_s: tuple[float, ...]):
    question = parse_question(text)
    plain = [step.clauses[0].words.plain for step in question.steps]
    assert plain == ["a dog", "a cat", "a bird"][: len(within_s) + 1]
    assert question.within_s == within_s


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("like:17@12.5", Example("17", 12.5)),
        ('like:"my holiday.mp4"@1:30', Example("my holiday.mp4", 90)),
        ('like:"my holiday.mp4@1:30"', Example("my holiday.mp4", 90)),
        ("like:/v/a@b.mp4@3", Example("/v/a@b.mp4", 3)),
    ],
)
def test_a_moment_of_the_library_is_an_example(text: str, example: Example):
    assert parse_question(text).steps == (Step((), (example,)),)


def test_beside_examples_a_question_may_only_say_what_must_not_be_there():
    [step] = parse_question("-dog -said:cat", beside_examples=True).steps
    [clause] = step.clauses
    assert (clause.words.excluded, clause.words.is_wanted) == (("dog", "cat"), False)
    first, second = parse_question("-dog then cat", beside_examples=True).steps
    assert (first.clauses[0].words.excluded, second.clauses[0].words.plain) == (("dog",), "cat")
    with pytest.raises(QuerySyntaxError, match="only says what must not"):
        parse_question("dog then -cat", beside_examples=True)


def test_an_example_may_be_unwanted():
    [step] = parse_question("dog -like:3@4").steps
    assert step.examples == (Example("3", 4, wanted=False),)
    assert step.clauses[0].words.plain == "dog"
