"""How much of what is said is understood, what hearing costs, and what is taken for a voice.

python -m benchmarks.speech --data FOLDER
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.command import run
from benchmarks.espeak import PROGRAM, say
from benchmarks.table import Row, Section
from benchmarks.word_errors import word_error_rate
from indexer.media.speech.offset import subtitle_offset
from indexer.media.speech.recogniser import Recogniser
from indexer.media.speech.registry import load_recogniser
from indexer.media.speech.sound import RATE_HZ, Sound, read_sound
from indexer.media.speech.spans import find_spans
from indexer.media.speech.stretches import stretches
from indexer.media.speech.voice import voice_probabilities
from indexer.media.subtitle_files import read_subtitles

COMMAND = "python -m benchmarks.speech --data {}"
SPEAKERS = (("en-us+f2", 130), ("en-us+f4", 150), ("en-gb", 130))
SENTENCES = (
    "We went to the market and bought some bread and milk.",
    "Please open the window because it is very warm in here.",
    "Cut the onions into small pieces and fry them in butter.",
    "The government said that it would not raise taxes this year.",
    "Turn left at the second street and walk down to the river.",
)
_FRAME_BYTES = 960
"""30 ms, as WebRTC's detector takes them."""

Result = TypeVar("Result")


def measure_voice(data: Path) -> Section:
    """Share of frames that are taken for voice, by Silero and by WebRTC's detector."""
    clips = data / "captioned_videos"
    sounds = {
        "speech (the vlog)": _joined(sorted((data / "narrated_videos").glob("*.mp4"))),
        "music and noises (v2a)": _joined(sorted(clips.glob("v2a__*.mp4"))),
        "white noise": _noise(20),
        "digital silence": np.zeros(20 * RATE_HZ, np.int16),
    }
    rows = []
    for name, sound in sounds.items():
        silero, cost_s = _timed(partial(_silero, sound))
        cost = 100 * cost_s * RATE_HZ / len(sound)
        rows.append(Row(name, 100 * float((silero >= 0.5).mean()), "%", f"costs {cost:.2g} %"))
        rows.append(Row(f"{name}, WebRTC", 100 * _webrtc(sound), "%"))
    return Section("taken for voice", COMMAND.format(data), tuple(rows))


def measure_words(data: Path) -> Section:
    """Word error rate of PocketSphinx on made speech, and CPU time as a share of real time."""
    subject = "pocketsphinx, espeak-ng"
    if shutil.which(PROGRAM) is None:
        missing = Row("word error rate", None, remark=f"{PROGRAM} is not installed")
        return Section(subject, COMMAND.format(data), (missing,))
    recogniser = load_recogniser("pocketsphinx")
    rows = []
    for voice, speed in SPEAKERS:
        sounds = [say(sentence, voice, speed) for sentence in SENTENCES]
        rows += _rows(f"{voice}, {speed} words/min", recogniser, SENTENCES, sounds)
    return Section(subject, COMMAND.format(data), tuple(rows))


def measure_narrated(data: Path) -> Section:
    """The same on real speech with subtitles, and how many of these are said to be shifted."""
    films = sorted((data / "narrated_videos").glob("*.mp4"))
    cues = [read_subtitles(film.with_suffix(".srt")).cues for film in films]
    sounds = [np.concatenate(list(read_sound(film))) for film in films]
    texts = [" ".join(cue.text for cue in some) for some in cues]
    rows = _rows("vlog", load_recogniser("pocketsphinx"), texts, sounds)
    voices = [find_spans(voice_probabilities([sound])) for sound in sounds]
    pairs = zip(voices, cues, strict=True)
    moved = sum(subtitle_offset(voice, some) is not None for voice, some in pairs)
    rows.append(Row("subtitles said to be shifted", moved, remark=f"of {len(films)}"))
    return Section("pocketsphinx, real speech", COMMAND.format(data), tuple(rows))


def _rows(
    name: str, recogniser: Recogniser, texts: Sequence[str], sounds: Sequence[Sound]
) -> list[Row]:
    recogniser.transcribe(np.zeros(RATE_HZ, np.int16), 0.0)  # loads it
    heard, cost_s = _timed(lambda: [_heard(recogniser, sound) for sound in sounds])
    length_s = sum(map(len, sounds)) / RATE_HZ
    errors = 100 * word_error_rate(zip(texts, heard, strict=True))
    return [
        Row(f"word error rate, {name}", errors, "%", f"{len(texts)} sounds, {length_s:.0f} s"),
        Row(f"CPU time, {name}", 100 * cost_s / length_s, "% of real time"),
    ]


def _heard(recogniser: Recogniser, sound: Sound) -> str:
    found = [recogniser.transcribe(s.samples, s.span.start_s) for s in stretches([sound])]
    return " ".join(cue.text for heard in found for cue in heard.cues)


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """What it gives, and the CPU seconds that it takes: others may use the machine too."""
    started_s = time.process_time()
    result = work()
    return result, time.process_time() - started_s


def _joined(films: Sequence[Path]) -> Sound:
    return np.concatenate([block for film in films for block in read_sound(film)])


def _noise(seconds: int) -> Sound:
    return (np.random.default_rng(0).normal(0, 3000, seconds * RATE_HZ)).astype(np.int16)


def _silero(sound: Sound) -> NDArray[np.float32]:
    return np.concatenate(list(voice_probabilities([sound])))


def _webrtc(sound: Sound) -> float:
    """By the most doubtful of its modes, as pocketsphinx carries it."""
    from pocketsphinx import Vad

    detector, content = Vad(mode=3, sample_rate=RATE_HZ, frame_length=0.03), sound.tobytes()
    starts = range(0, len(content) - _FRAME_BYTES, _FRAME_BYTES)
    return float(np.mean([detector.is_speech(content[s : s + _FRAME_BYTES]) for s in starts]))


if __name__ == "__main__":
    run([measure_voice, measure_words, measure_narrated], __doc__)
