"""Finds copies among fingerprints."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from indexer.copies.alignment import Stretch, align
from indexer.copies.candidates import Hypothesis, hypotheses
from indexer.copies.match import Kind, Match
from indexer.copies.pictures import Float32, Shades, pictures
from indexer.copies.views import SAME, View
from indexer.media.reader import SAMPLE_RATE_HZ


@dataclass(frozen=True)
class CopyOptions:
    """What counts as a copy; `python -m benchmarks.copies` measures the defaults."""

    similarity: float = 0.7
    """Least mean correlation of the pictures."""
    motion: float = 0.5
    """Least correlation of what changes in them."""
    least_s: float = 2.0
    """A shorter stretch is no evidence, whatever it shows."""
    shared_s: float = 10.0
    """Of two videos that have only a part in common, the least: a logo at the start is shorter."""
    most: float = 0.6
    """Less than `shared_s` is enough where it is so much of the shorter video."""
    whole: float = 0.85
    """A stretch of so much of a video is all of it: what the edges lose."""


def find_copies(
    fingerprints: Mapping[int, Shades],
    *,
    new: Collection[int] | None = None,
    options: CopyOptions = CopyOptions(),
) -> list[Match]:
    """The stretches that two videos have in common, by (a, b, a_start_s).

    `fingerprints` by id: (cells, 144) shades, see `indexer.media.fingerprint.decode`. With `new`,
    a part of these ids, only matches that one of them takes part in: the others are known.
    """

    @lru_cache(maxsize=256)
    def shown(video: int, view: View) -> Float32:
        return view.of(pictures(fingerprints[video]))

    found: list[Match] = []
    for guesses in hypotheses(fingerprints, new):
        found += _apart(_explained(guesses, shown, options))
    return sorted(found, key=lambda match: (match.a, match.b, match.a_start_s))


def _explained(
    guesses: Iterable[Hypothesis], shown: Callable[[int, View], Float32], options: CopyOptions
) -> list[tuple[float, Match]]:
    """The guesses about two videos that hold, with their ranks."""
    held: list[tuple[float, Match]] = []
    for guess in guesses:
        original, copy = shown(guess.original, guess.view), shown(guess.copy, SAME)
        stretch = align(original, copy, guess)
        if stretch is None:
            continue
        match = _match(guess, stretch, len(original), len(copy), options)
        if _counts(match, stretch, min(len(original), len(copy)), options):
            held.append((_rank(guess, stretch), match))
            if _clear(match):
                break
    return held


def _clear(match: Match) -> bool:
    """Nothing else explains two videos better."""
    plain = match.kind is Kind.COPY and match.speed == 1
    return plain and match.similarity > 0.95 and match.motion > 0.9


def _match(
    guess: Hypothesis, stretch: Stretch, original: int, copy: int, options: CopyOptions
) -> Match:
    """`original` and `copy` are the videos' lengths, in cells."""
    sides, lengths = list(stretch.spans(original)), (original, copy)
    shares = [(end - start) / cells for (start, end), cells in zip(sides, lengths, strict=True)]
    complete = sum(share >= options.whole for share in shares)
    turned = guess.copy < guess.original
    if turned:
        sides.reverse()
    (a_start, a_end), (b_start, b_end) = sides
    return Match(
        a=min(guess.original, guess.copy),
        b=max(guess.original, guess.copy),
        a_start_s=round(a_start / SAMPLE_RATE_HZ, 2),
        a_end_s=round(a_end / SAMPLE_RATE_HZ, 2),
        b_start_s=round(b_start / SAMPLE_RATE_HZ, 2),
        b_end_s=round(b_end / SAMPLE_RATE_HZ, 2),
        similarity=round(stretch.similarity, 3),
        motion=round(stretch.motion, 3),
        kind=(Kind.SHARED, Kind.PART, Kind.COPY)[complete],
        speed=round(1 / stretch.speed if turned else stretch.speed, 2),
        view=guess.view.name,
    )


def _counts(match: Match, stretch: Stretch, shorter: int, options: CopyOptions) -> bool:
    """`shorter` is the length of the shorter video, in cells."""
    least_s = options.least_s
    if match.kind is Kind.SHARED:
        most_s = options.most * shorter / SAMPLE_RATE_HZ
        least_s = max(least_s, min(options.shared_s, most_s))
    return (
        min(match.seconds, stretch.counted / SAMPLE_RATE_HZ) >= least_s
        and match.similarity >= options.similarity
        and match.motion >= options.motion
    )


def _rank(guess: Hypothesis, stretch: Stretch) -> float:
    """The simpler explanation wins where both explain the same."""
    plain = 1.0 if guess.speed == 1 and guess.view is SAME else 0.92
    return stretch.score * plain


def _apart(tried: list[tuple[float, Match]]) -> list[Match]:
    """The best matches of one pair of videos that do not lie on one another."""
    kept: list[Match] = []
    for _, match in sorted(tried, key=lambda one: -one[0]):
        if not any(_overlap(match, other) for other in kept):
            kept.append(match)
    return kept


def _overlap(one: Match, other: Match) -> bool:
    in_a = min(one.a_end_s, other.a_end_s) - max(one.a_start_s, other.a_start_s)
    in_b = min(one.b_end_s, other.b_end_s) - max(one.b_start_s, other.b_start_s)
    return min(in_a, in_b) > 0.25 * one.seconds
