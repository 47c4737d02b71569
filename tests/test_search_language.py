"""The query language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indexer.store.filters import Filters
from indexer.words.query import WordQuery
from search.errors import InvalidQuery, QuerySyntaxError
from search.evidence import PICTURE
from search.filters import parse_filters
from search.language import merge_filters, parse_question, plain_question
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


@pytest.mark.parametrize("text", ["tag:x", "tag:x !", "- tag:x", "tag: x ..."])
def test_signs_beside_filters_are_no_words(text: str):
    assert parse_question(text) == Question(text, (), (), parse_filters(tags=["x"]))


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


def test_filters_stand_anywhere():
    text = (
        'tag:beach a dog in:"My Holidays/2024" tag: sea after:2024-01 longer:10m lang:en res:720p'
    )
    question = parse_question(text)
    assert question.steps[0].clauses[0].words.plain == "a dog"
    assert question.filters == parse_filters(
        tags=["beach", "sea"],
        folder="My Holidays/2024",
        after="2024-01",
        longer="10m",
        language="en",
        min_resolution="720p",
    )


def test_filters_alone_are_a_question():
    question = parse_question("longer:10m")
    assert question.steps == ()
    assert question.filters.longer_s == 600


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


@pytest.mark.parametrize(
    ("text", "part", "says"),
    [
        ("a sadi:hello", "sadi:", "did you mean said:"),
        ("dog longr:3m", "longr:", "did you mean longer:"),
        ("dog longer:soon", "longer:soon", "no duration"),
        ("dog after: soon", "after: soon", "no date"),
        ("after:2024 dog after:2025", "after:2025", "there already"),
        ("dog -tag:sea", "-tag:sea", "minus"),
        ('dog said:"good', '"good', "not closed"),
        ("dog said:(good", "(good", "not closed"),
        ("dog said:", "said:", "says nothing"),
        ("dog said: shown:x", "said:", "says nothing"),
        ("dog said: then cat", "said:", "says nothing"),
        ("after: before:2024", "after:", "says nothing"),
        ('dog in:" " cat', 'in:" "', "says nothing"),
        ("dog said:() cat", "said:()", "said: has nothing"),
        ('dog shown:"!" cat', 'shown:"!"', "shown: has nothing"),
        ("dog -said:! cat", "-said:!", "said: has nothing"),
        ("dog then -cat then bird", "-cat", "only says what must not"),
        ("dog then cat within 1:75", "within 1:75", "no duration"),
        ("dog then cat within 5s tag:x within 6s", "within 6s", "there already"),
        ("dog like:cat", "like:cat", "VIDEO@SECONDS"),
        ("dog like:@3", "like:@3", "VIDEO@SECONDS"),
        ("dog then within 3s", "within 3s", "Nothing to look for"),
    ],
)
def test_an_error_points_at_the_part_that_is_wrong(text: str, part: str, says: str):
    with pytest.raises(QuerySyntaxError, match=says) as caught:
        parse_question(text)
    error = caught.value
    assert text[error.start : error.end] == part
    marked = str(error).splitlines()
    assert marked[1][2:] == text
    assert marked[2][2:] == " " * error.start + "^" * len(part)


@pytest.mark.parametrize(
    ("text", "line", "marks"),
    [
        ("日本 longer:soon", "日本 longer:soon", "     ^^^^^^^^^^^"),
        ("cafe\u0301 longer:soon", "cafe\u0301 longer:soon", "     ^^^^^^^^^^^"),
        ("a\tdog\nlonger:soon", "a dog longer:soon", "      ^^^^^^^^^^^"),
        ("\x1b[31m\u202edog longer:soon", " [31mdog longer:soon", "         ^^^^^^^^^^^"),
    ],
)
def test_it_points_at_it_in_any_script(text: str, line: str, marks: str):
    with pytest.raises(QuerySyntaxError) as caught:
        parse_question(text)
    assert str(caught.value).splitlines()[1:] == [f"  {line}", f"  {marks}"]


@pytest.mark.parametrize("text", ["-cat", "-like:3@4", "dog then -cat", "-said:hello", " "])
def test_only_what_must_not_be_there_is_no_question(text: str):
    with pytest.raises(InvalidQuery):
        parse_question(text)


def test_filters_that_no_video_could_fit_are_refused():
    with pytest.raises(InvalidQuery, match="Swap them"):
        parse_question("longer:2h shorter:1m cat")


WORDS = (
    'a dog then within 3s said: shown:x tag: " ( ) - * like: like:a@3 and after:2024 in:a said:( '
)
TYPED = st.lists(st.sampled_from([*WORDS.split(), 'said:"a b"', "-said:b", "\u3000", "犬"]))


def understood(text: str) -> Question | InvalidQuery:
    try:
        return parse_question(text)
    except InvalidQuery as error:
        return error


@given(st.one_of(st.text(max_size=60), TYPED.map(" ".join)))
def test_whatever_is_typed_is_understood_or_refused(text: str):
    found = understood(text)
    if isinstance(found, QuerySyntaxError):
        assert 0 <= found.start < found.end <= len(text)
        assert found.message
    elif isinstance(found, Question):
        assert len(found.within_s) == max(0, len(found.steps) - 1)
        assert found.steps or found.filters
        for step in found.steps:
            assert step.clauses or any(example.wanted for example in step.examples)
            assert step.examples or all(clause.words.is_wanted for clause in step.clauses)


@given(
    st.text(
        st.one_of(st.sampled_from('ab5沙 "“”-−*\x1c\u3000'), st.characters(exclude_characters=":"))
    )
)
def test_without_fields_and_steps_all_is_as_in_plain_queries(text: str):
    assume("then" not in text.lower())
    try:
        expected = plain_question(text)
    except InvalidQuery:
        with pytest.raises(InvalidQuery):
            parse_question(text)
    else:
        assert parse_question(text) == expected


def test_filters_of_both_sides_are_joined():
    typed = parse_filters(tags=["a"], longer="10s")
    given_too = parse_filters(tags=["a", "b"], after="2024", longer="10s")
    merged = merge_filters(typed, given_too)
    assert merged == Filters(tags=("a", "b"), after=datetime(2024, 1, 1, tzinfo=UTC), longer_s=10)
    assert merge_filters(Filters(), typed) == typed
    assert merge_filters(typed, Filters()) == typed


def test_filters_of_both_sides_that_no_video_could_fit_are_refused():
    with pytest.raises(InvalidQuery, match="Swap them"):
        merge_filters(parse_filters(longer="2h"), parse_filters(shorter="1m"))


@pytest.mark.parametrize(
    ("typed", "beside", "name"),
    [
        ({"longer": "10s"}, {"longer": "20s"}, "longer:"),
        ({"folder": "a"}, {"folder": "b"}, "in:"),
        ({"language": "en"}, {"language": "de"}, "lang:"),
        ({"min_resolution": "720p"}, {"min_resolution": "4k"}, "res:"),
    ],
)
def test_filters_that_contradict_each_other_are_refused(typed, beside, name: str):
    with pytest.raises(InvalidQuery, match=f"^{name} is in the question"):
        merge_filters(parse_filters(**typed), parse_filters(**beside))
