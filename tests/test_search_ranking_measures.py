"""Measures of rankings, against figures worked out by hand."""

from __future__ import annotations

import math

import pytest

from search.ranking_measures import average_precision, ndcg_at, recall_at, reciprocal_rank

RANKING = ["x", "a", "y", "b", "z"]


def test_recall_is_the_share_of_the_wanted_among_the_first():
    wanted = {"a": 1, "b": 1, "lost": 1}
    assert [recall_at(RANKING, wanted, k) for k in (1, 2, 4, 100)] == [0, 1 / 3, 2 / 3, 2 / 3]


def test_reciprocal_rank_is_of_the_first_that_is_wanted():
    assert reciprocal_rank(RANKING, {"b": 1, "a": 1}) == 1 / 2
    assert reciprocal_rank(RANKING, {"lost": 1}) == 0


def test_average_precision_counts_what_was_never_found():
    # precision 1/2 at rank 2 and 2/4 at rank 4; the third is not there
    assert average_precision(RANKING, {"a": 1, "b": 1, "lost": 1}) == pytest.approx(1 / 3)


def test_ndcg_is_one_for_the_best_order_only():
    gains = {"a": 3.0, "b": 2.0, "c": 1.0}
    assert ndcg_at(["a", "b", "c"], gains) == 1
    assert ndcg_at(["c", "b", "a"], gains) < ndcg_at(["b", "a", "c"], gains) < 1


def test_ndcg_discounts_gains_by_the_logarithm_of_the_rank():
    # found: 3 at rank 2, 1 at rank 4; ideal: 3, 1
    found = 3 / math.log2(3) + 1 / math.log2(5)
    assert ndcg_at(RANKING, {"a": 3, "b": 1}) == pytest.approx(found / (3 + 1 / math.log2(3)))


def test_ndcg_looks_at_no_more_than_k():
    assert ndcg_at(RANKING, {"b": 1}, 3) == 0
    assert ndcg_at(["a"], dict.fromkeys("abc", 1), 1) == 1  # one place cannot hold more


@pytest.mark.parametrize("wanted", [{}, {"a": 0}])
def test_a_query_that_wants_nothing_finds_nothing(wanted: dict[str, float]):
    assert recall_at(RANKING, wanted, 5) == reciprocal_rank(RANKING, wanted) == 0
    assert average_precision(RANKING, wanted) == ndcg_at(RANKING, wanted) == 0


def test_a_ranking_of_nothing_scores_nothing():
    assert (
        recall_at([], {"a": 1}, 5) == average_precision([], {"a": 1}) == ndcg_at([], {"a": 1}) == 0
    )
