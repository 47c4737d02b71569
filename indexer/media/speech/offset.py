"""By how much a subtitle file is early or late as a whole, told by when there is a voice.

As ffsubsync does: activity of cues and of voice, correlated at all shifts by one FFT. It differs
in that it would rather leave a file alone: see `subtitle_offset`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.media.speech.voice import Span
from model.sentences import Cue

STEP_S = 0.1
MOST_S = 60.0
"""Larger shifts are another cut of the film."""
LEAST_S = 0.5
"""A smaller shift is how subtitles are made, or how voice is found; nobody needs it undone."""
FEWEST_CUES = 20
LIKENESS = 0.4
"""Correlation of cues and voice that is expected of subtitles of the same film."""
GAIN = 0.1
"""What a shift must better the correlation by."""
RIVALRY_S = 3.0
LEAD = 0.1
"""What it must be better by than any shift further than `RIVALRY_S` from it."""
_LONGEST_S = 86_400.0
_FLAT = 1e-6
"""Activity that varies less, per step, says nothing: it is rounding."""

Activity = NDArray[np.float64]


def subtitle_offset(voice_spans: Sequence[Span], cues: Sequence[Cue]) -> float | None:
    """Seconds to add to the times of `cues` so that they agree best with the voice, or None.

    -60 to 60 in steps of 0.1. None unless all of this holds: there are 20 cues or more; the
    shift is 0.5 s or more; the correlation at it is 0.4 or more, 0.1 better than without a
    shift, and 0.1 better than at any shift that is 3 s or more away from it.
    """
    if len(cues) < FEWEST_CUES or not voice_spans:
        return None
    shifts, likeness = likeness_of_shifts(voice_spans, cues)
    best = int(np.argmax(likeness))
    shift_s = float(shifts[best])
    rivals = likeness[np.abs(shifts - shift_s) >= RIVALRY_S]
    unmoved = likeness[len(likeness) // 2]
    needed = max(LIKENESS, unmoved + GAIN, rivals.max() + LEAD)
    is_clear = abs(shift_s) >= LEAST_S - STEP_S / 2 and likeness[best] >= needed
    return round(shift_s, 1) if is_clear else None


def likeness_of_shifts(
    voice_spans: Sequence[Span], cues: Sequence[Cue]
) -> tuple[Activity, Activity]:
    """Shifts (n,) in seconds, ascending, and the correlation of voice and cues at each, -1 to 1."""
    reach = round(MOST_S / STEP_S)
    spoken = [(span.start_s, span.end_s) for span in voice_spans]
    shown = [(cue.start_s, cue.end_s) for cue in cues]
    end_s = min(max(end_s for _, end_s in spoken + shown), _LONGEST_S)
    count = int(end_s / STEP_S) + 1
    voice, text = _activity(spoken, count), _activity(shown, count)
    norm = float(np.linalg.norm(voice) * np.linalg.norm(text))
    size = 1 << (count + reach).bit_length()  # zeros enough that no shift wraps around
    spectrum = np.fft.rfft(voice, size) * np.conj(np.fft.rfft(text, size))
    found = np.fft.irfft(spectrum, size)
    correlation = np.concatenate([found[-reach:], found[: reach + 1]]).astype(np.float64)
    return np.arange(-reach, reach + 1) * STEP_S, correlation / max(norm, _FLAT * count)


def _activity(spans: Sequence[tuple[float, float]], count: int) -> Activity:
    """(count,) the share of each step that the spans cover, about its mean."""
    moments, covered = [0.0], [0.0]  # seconds that are covered up to each moment
    for start_s, end_s in sorted(spans):
        start_s = max(start_s, moments[-1])  # those that overlap count once
        if end_s > start_s:
            moments += [start_s, end_s]
            covered += [covered[-1], covered[-1] + end_s - start_s]
    share = np.diff(np.interp(np.arange(count + 1) * STEP_S, moments, covered)) / STEP_S
    return np.asarray(share - share.mean(), np.float64)
