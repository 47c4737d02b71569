"""Which passages are looked at for a query."""

from __future__ import annotations

from indexer.store.conditions import BUDGET, Condition, Syntax, narrow, wide
from indexer.words.matching import Clue, Phrase, Plan

RARE, MIDDLE, COMMON, MORE = (Clue((Phrase((name,)),)) for name in ("r", "m", "c", "d"))
COUNTS = {RARE: 3, MIDDLE: 1000, COMMON: 4 * BUDGET, MORE: 6 * BUDGET}


def test_few_matches_are_all_looked_at():
    asked = Plan(optional=(MIDDLE, RARE), excluded=(MORE,))
    assert narrow(asked, COUNTS) == Condition(any_of=(RARE, MIDDLE), none_of=(MORE,))
    assert list(wide(asked, COUNTS)) == []


def test_the_best_are_among_those_with_a_rare_word():
    asked = Plan(optional=(MORE, RARE, COMMON, MIDDLE))
    assert narrow(asked, COUNTS) == Condition(any_of=(RARE, MIDDLE))
    assert list(wide(asked, COUNTS)) == [
        Condition(all_of=(COMMON, MORE)),
        Condition(any_of=(COMMON, MORE), every=10),
    ]


def test_a_word_alone_is_ranked_if_it_is_rare_and_thinned_out_if_it_is_common():
    rare, common = Plan(optional=(RARE,)), Plan(optional=(COMMON,))
    assert narrow(rare, COUNTS) == Condition(any_of=(RARE,), ranked=True)
    assert narrow(common, COUNTS) is None
    assert list(wide(common, COUNTS)) == [Condition(any_of=(COMMON,), every=4)]


def test_what_is_required_is_in_every_condition():
    asked = Plan((COMMON,), (MORE, RARE))
    assert narrow(asked, COUNTS) is None
    assert list(wide(asked, COUNTS)) == [
        Condition(all_of=(COMMON, RARE, MORE)),
        Condition(all_of=(COMMON, RARE)),
        Condition(all_of=(COMMON,)),
    ]


def test_nothing_else_is_looked_at_where_what_is_required_is_rare():
    asked = Plan((MIDDLE, MORE), (COMMON, RARE))
    assert narrow(asked, COUNTS) == Condition(all_of=(MIDDLE, MORE))
    assert list(wide(asked, COUNTS)) == []


def test_many_words_are_not_tried_one_by_one():
    many = tuple(Clue((Phrase((str(i),)),)) for i in range(40))
    assert len(list(wide(Plan(optional=many), dict.fromkeys(many, 2 * BUDGET)))) < 12


def test_a_condition_in_a_database_s_words():
    syntax = Syntax(lambda phrase: "+".join(phrase.terms), " & ", " | ", " ! ")
    either = Clue((Phrase(("a", "b")), Phrase(("c",))))
    condition = Condition((either, RARE), (MIDDLE, COMMON), (MORE,))
    assert syntax.condition(condition) == "((a+b | c) & (r) & ((m) | (c))) ! ((d))"
