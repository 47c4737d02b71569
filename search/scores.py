"""How scores are written: those of several clauses are products, and small."""

from __future__ import annotations


def rounded(score: float) -> float:
    """For programs, to four significant digits: the order of small ones is kept."""
    return float(f"{score:.4g}")


def score_text(score: float) -> str:
    """For people: two decimals, four below .01, and `<.0001` below that."""
    if 0 < score < 0.0001:
        return "<.0001"
    digits = 4 if 0 < score < 0.01 else 2
    return f"{round(score, digits) + 0.0:.{digits}f}"  # -0.0 is 0
