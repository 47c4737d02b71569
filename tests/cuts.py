"""Films to cut, and what a cut of one is to a player."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from indexer.media.cutting import Cut, CutTarget, cut
from tests.played import Shown
from tests.synthetic import Clip, constant_rate, write_clip

FPS = 25
H264 = Clip((), options={"g": "50", "bf": "2", "sc_threshold": "0", "b_strategy": "0"})


def film(path: Path, clip: Clip = H264, seconds: float = 6) -> Path:
    """Numbered pictures, 25 a second, with a key picture every 2 s."""
    return write_clip(path, replace(clip, times_s=constant_rate(FPS, seconds), rate=Fraction(FPS)))


def made(source: Path, start_s: float, end_s: float, **options) -> tuple[Cut, Shown]:
    """The cut, and what a player makes of it."""
    folder = source.parent / "cuts"
    done = cut(source, start_s, end_s, CutTarget(folder, "cut", overwrite=True), **options)
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
    return done, Shown(done.path)
