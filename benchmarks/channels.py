"""What each channel costs, as a share of indexing pictures alone.

    python -m benchmarks.channels --data FOLDER

The narrated videos and one in four captioned ones are indexed several times over, each time with
other parts; the variants take turns, so that a busy machine slows down all of them. The captioned
videos, which have no subtitles, get made ones: a sentence every four seconds. Decoding processes
are counted in CPU time with the indexer's own, networks loaded and all.
"""

from __future__ import annotations

import csv
import os
import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from benchmarks.command import run
from benchmarks.library import temporary_folder
from benchmarks.table import Row, Section
from indexer import pipeline
from indexer.channels.channel import Channel
from indexer.channels.names import Names
from indexer.channels.screen import Screen
from indexer.channels.speech import Speech
from indexer.media.parts import FILE, FINGERPRINT, SCREEN, SHOTS, recipes
from indexer.media.speech.registry import load_recogniser
from indexer.media.speech.voice import can_hear_voices
from indexer.readings import Readings
from indexer.store.writer import LibraryWriter
from model.encoder import Encoder
from model.registry import load_encoder

TURNS = 2
EVERY = 4
"""Of the captioned videos one in so many."""
_SENTENCE_S = 4

Make = Callable[[Readings], Sequence[Channel]]


@dataclass(frozen=True)
class Variant:
    """What is read out of the files besides pictures, and the channels made of it."""

    name: str
    parts: tuple[str, ...]
    channels: Make
    captioned: bool = True
    """Whether the captioned videos have their subtitles."""


ALONE = Variant("pictures alone", (), lambda readings: [])
USUAL = (FILE, SHOTS, FINGERPRINT)
VARIANTS = (
    ALONE,
    Variant("with subtitles, names and metadata", (FILE,), lambda r: [Speech(r), Names([], r)]),
    Variant("with shots", (SHOTS,), lambda readings: []),
    Variant("with copies", (FINGERPRINT,), lambda readings: []),
    Variant(
        "with all that is on by default",
        USUAL,
        lambda r: [Speech(r, align=can_hear_voices()), Screen(r), Names([], r)],
    ),
    Variant("with on-screen text", (SCREEN,), lambda r: [Screen(r)]),
    Variant(
        "with speech recognition (pocketsphinx) of all",
        (FILE,),
        lambda r: [Speech(r, load_recogniser("pocketsphinx"))],
        captioned=False,
    ),
)


def measure_channels(data: Path) -> Section:
    """CPU time of indexing by channels, relative to pictures alone."""
    encoder = load_encoder()
    with temporary_folder() as folder:
        subtitled = _copied(data, folder / "subtitled")
        silent = shutil.copytree(subtitled, folder / "silent", ignore=_subtitles)
        spent: dict[str, list[float]] = {variant.name: [] for variant in VARIANTS}
        for _ in range(TURNS):
            for variant in VARIANTS:
                videos = subtitled if variant.captioned else silent
                spent[variant.name].append(_cpu_s(variant, videos, folder / "library", encoder))
    base = statistics.median(spent[ALONE.name])
    rows = [Row(ALONE.name, base, "s", f"CPU time, median of {TURNS}")]
    rows += [
        Row(
            name,
            statistics.median(s / a for s, a in zip(seconds, spent[ALONE.name], strict=True)),
            "times pictures alone",
        )
        for name, seconds in spent.items()
        if name != ALONE.name
    ]
    return Section("channels", f"python -m benchmarks.channels --data {data}", tuple(rows))


def _cpu_s(variant: Variant, videos: Path, library: Path, encoder: Encoder) -> float:
    wanted = {part: how for part, how in recipes(screen=True).items() if part in variant.parts}

    def channels(_library: LibraryWriter, readings: Readings) -> Sequence[Channel]:
        return variant.channels(readings)

    shutil.rmtree(library, ignore_errors=True)
    with (
        mock.patch.object(pipeline, "recipes", return_value=wanted),
        mock.patch.object(pipeline, "channels_of", channels),
    ):
        before = _spent_s()
        report = pipeline.index(library, [videos], encoder)
        if not report.ok:
            raise RuntimeError(report.summary())
        return _spent_s() - before


def _spent_s() -> float:
    """CPU seconds of this process and of those that it has reaped."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _copied(data: Path, folder: Path) -> Path:
    """The videos with subtitles beside each."""
    shutil.copytree(data / "narrated_videos", folder / "narrated")
    captioned = data / "captioned_videos"
    (folder / "captioned").mkdir()
    with (captioned / "captions.csv").open(newline="", encoding="utf-8") as file:
        for row in list(csv.DictReader(file))[::EVERY]:
            path = shutil.copy(captioned / row["video"], folder / "captioned")
            text = _srt(row["caption"], float(row["duration_s"]))
            Path(path).with_suffix(".srt").write_text(text)
    return folder


def _srt(sentence: str, duration_s: float) -> str:
    starts = range(0, max(1, int(duration_s)), _SENTENCE_S)
    return "\n".join(
        f"{i}\n{_clock(start)} --> {_clock(start + _SENTENCE_S)}\n{sentence}\n"
        for i, start in enumerate(starts, 1)
    )


def _clock(seconds: int) -> str:
    return time.strftime("%H:%M:%S,000", time.gmtime(seconds))


def _subtitles(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.endswith(".srt")]


if __name__ == "__main__":
    run([measure_channels], __doc__)
