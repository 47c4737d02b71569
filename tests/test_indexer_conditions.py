"""In what order candidates are looked for."""

from __future__ import annotations

from indexer.store.conditions import BUDGET, Condition, Syntax, conditions
from indexer.words.matching import Clue, Phrase, Plan

RARE, MIDDLE, COMMON, MORE = (Clue((Phrase((name,)),)) for name in ("r", "m", "c", "d"))
COUNTS = {RARE: 3, MIDDLE: 1000, COMMON: 4 * BUDGET, MORE: 6 * BUDGET}


def test_what_can_be_ranked_at_once_is():
    found = list(conditions(Plan(optional=(MIDDLE, RARE), excluded=(MORE,)), COUNTS))
    assert found == [Condition(any_of=(RARE, MIDDLE), none_of=(MORE,))]


def test_many_matches_are_looked_through_from_all_words_to_some():
    found = list(conditions(Plan(optional=(MORE, RARE, COMMON, MIDDLE)), COUNTS))
    assert found == [
        Condition(all_of=(RARE, MIDDLE, COMMON, MORE)),
        Condition(all_of=(RARE, MIDDLE)),
        Condition(any_of=(RARE, MIDDLE)),
        Condition(any_of=(COMMON, MORE), every=10),
    ]


def test_a_common_word_alone_is_thinned_out():
    assert list(conditions(Plan(optional=(COMMON,)), COUNTS)) == [
        Condition(any_of=(COMMON,), every=4)
    ]


def test_what_is_required_is_in_every_condition():
    found = list(conditions(Plan((COMMON,), (MORE, RARE)), COUNTS))
    assert found == [
        Condition(all_of=(COMMON, RARE, MORE)),
        Condition(all_of=(COMMON, RARE)),
        Condition(all_of=(COMMON,)),
    ]
    found = list(conditions(Plan((MIDDLE,), (MORE, RARE)), COUNTS))
    assert found == [
        Condition(all_of=(MIDDLE,), any_of=(RARE, MORE)),
        Condition(all_of=(MIDDLE,)),
    ]


def test_many_words_are_not_tried_one_by_one():
    many = tuple(Clue((Phrase((str(i),)),)) for i in range(40))
    counts = dict.fromkeys(many, BUDGET)
    assert len(list(conditions(Plan(optional=many), counts))) < 12


def test_a_condition_in_a_database_s_words():
    syntax = Syntax(lambda phrase: "+".join(phrase.terms), " & ", " | ", " ! ")
    either = Clue((Phrase(("a", "b")), Phrase(("c",))))
    condition = Condition((either, RARE), (MIDDLE, COMMON), (MORE,))
    assert syntax.condition(condition) == "((a+b | c) & (r) & ((m) | (c))) ! ((d))"
