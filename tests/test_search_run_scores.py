"""Scores of whole runs: rows and queries are counted as they should, and trec_eval agrees."""

from __future__ import annotations

import numpy as np
import pytest

from search.run_scores import Row, qrels_of, rank_of, score_run
from search.trec import Run

RUN: Run = {"q1": {"a": 0.9, "b": 0.8, "c": 0.1}, "q2": {"c": 0.5, "a": 0.4}}
ROWS: list[Row] = [("q1", "a"), ("q1", "b"), ("q2", "a"), ("q3", "a")]


def means(run: Run, rows: list[Row]) -> dict[str, float]:
    return {name: scores.mean for name, scores in score_run(run, rows).items()}


def test_the_best_has_rank_one():
    assert rank_of({7: 0.1, 8: 0.9, 9: 0.5}, 8) == 1


def test_a_model_that_cannot_tell_is_last_not_first():
    assert rank_of(dict.fromkeys(range(5), 0.25), 0) == 5


def test_what_was_not_found_has_no_rank():
    assert rank_of({7: 0.1}, 8) == rank_of({7: 0.1}, None) == float("inf")


def test_ranks_agree_with_sorting():
    draw = np.random.default_rng(0)
    scores = dict(enumerate(draw.random(50).tolist()))
    order = sorted(scores, key=lambda video: -scores[video])
    assert [rank_of(scores, i) for i in order] == list(range(1, 51))


def test_recalls_are_of_rows_and_the_others_of_queries():
    found = means(RUN, ROWS)
    assert (found["r1"], found["r5"]) == (1 / 4, 3 / 4)
    assert found["mrr"] == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert found["map"] == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert found["ndcg10"] == pytest.approx((1 + 1 / np.log2(3) + 0) / 3)


def test_rows_with_the_same_caption_are_one_query():
    assert qrels_of([*ROWS, ("q1", "a")]) == {
        "q1": {"a": 1, "b": 1},
        "q2": {"a": 1},
        "q3": {"a": 1},
    }


def test_a_query_without_an_answer_found_nothing():
    assert set(means({}, ROWS).values()) == {0.0}


def test_figures_are_those_of_trec_eval():
    """As pytrec-eval-terrier 0.5.11 gave them for this run of chance, with ties."""
    draw = np.random.default_rng(7)
    run = {f"q{q}": {f"d{d}": int(draw.integers(12)) / 4 for d in range(30)} for q in range(20)}
    rows = [(f"q{q}", f"d{d}") for q in range(20) for d in draw.integers(40, size=4)]
    found = means(run, rows)
    expected = {"mrr": 0.2774422799, "ndcg10": 0.1711245388, "map": 0.1365500662}
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-6)


def test_an_interval_holds_its_mean():
    for scores in score_run(RUN, ROWS).values():
        low, high = scores.interval()
        assert 0 <= low <= scores.mean <= high <= 1


def test_a_better_run_is_told():
    rows = [(f"q{i}", "a") for i in range(30)]
    good = {query: {"a": 1.0, "b": 0.5} for query, _ in rows}
    bad = {query: {"a": 0.5, "b": 1.0} for query, _ in rows}
    found = score_run(good, rows)["r1"].against(score_run(bad, rows)["r1"])
    assert (found.value, found.verdict) == (1.0, "better")
