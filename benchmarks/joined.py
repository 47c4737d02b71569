"""Films joined from captioned clips: when each caption is shown in them is known exactly.

Every clip is encoded once, at one size and rate; films are its packets back to back, so that sixty
of them take a minute. The clips are dealt into two halves, and no film has clips of both: what is
tuned on the films of one half is reported on those of the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from benchmarks.shot_films import squashed
from indexer.captions import Caption, read_captions

CLIPS = "captioned_videos"
FEWEST_PARTS, MOST_PARTS = 4, 8
WIDTH_PX, HEIGHT_PX = 320, 240
RATE_HZ = 15
_OPTIONS = {"preset": "veryfast", "crf": "20", "bf": "0", "threads": "1"}
"""Without reordering, packets follow each other in time. The bytes depend on the threads."""


@dataclass(frozen=True)
class Part:
    """A clip within a film: shown from `start_s` to `end_s`, seconds."""

    caption: str
    start_s: float
    end_s: float
    video: str
    """Name of the clip's file."""


@dataclass(frozen=True)
class JoinedFilm:
    """A film, and what it is made of in the order of time."""

    path: Path
    parts: tuple[Part, ...]
    tuning: bool
    """Whether it is of the half to choose numbers on; the other half is for reporting."""


def joined_films(data: Path, folder: Path, count: int, seed: int) -> list[JoinedFilm]:
    """Make `count` films of 4 to 8 clips of `data`/captioned_videos, each in a folder in `folder`.

    They take turns in being for tuning and for reporting. A clip comes back only when all clips of
    its half have been used as often, and never twice in a film. The same seed makes the same films.
    Raises indexer.errors.UnreadableFile without captions.
    """
    clips = sorted(read_captions(data / CLIPS / "captions.csv"), key=lambda clip: clip.video)
    random = Random(seed)
    dealt = random.sample(clips, len(clips))
    hands = [_hands(dealt[half::2], random) for half in (0, 1)]
    films = []
    with TemporaryDirectory(dir=folder) as scratch:
        lab = ClipLab(data / CLIPS, Path(scratch))
        for number in range(count):
            path = folder / f"{number:03d}" / f"joined-{number:03d}.mp4"
            path.parent.mkdir()
            parts = join([(clip, lab.encoded(clip)) for clip in next(hands[number % 2])], path)
            films.append(JoinedFilm(path, parts, tuning=number % 2 == 0))
    return films


def _hands(clips: Sequence[Caption], random: Random) -> Iterator[list[Caption]]:
    """The clips of one film after the other, for ever."""
    stock: list[Caption] = []
    while True:
        size = min(random.randint(FEWEST_PARTS, MOST_PARTS), len(clips))
        if len(stock) < size:  # what is left comes first, and not again in the same film
            fresh = [clip for clip in clips if clip not in stock]
            stock += random.sample(fresh, len(fresh))
            later = [clip for clip in clips if clip not in fresh]
            stock += random.sample(later, len(later))
        hand, stock = stock[:size], stock[size:]
        yield random.sample(hand, size)


class ClipLab:
    """Encodes each clip once, all of them alike."""

    def __init__(self, clips: Path, scratch: Path) -> None:
        self._clips = clips
        self._scratch = scratch

    def encoded(self, clip: Caption) -> Path:
        path = self._scratch / f"{clip.video}.mp4"
        if not path.exists():
            self._encode(self._clips / clip.video, path)
        return path

    def _encode(self, source: Path, path: Path) -> None:
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", RATE_HZ, options=_OPTIONS)
            assert isinstance(stream, VideoStream)
            stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
            for index, picture in enumerate(squashed(source, WIDTH_PX, HEIGHT_PX, RATE_HZ)):
                frame = VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts, frame.time_base = index, Fraction(1, RATE_HZ)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))


def join(clips: Sequence[tuple[Caption, Path]], path: Path) -> tuple[Part, ...]:
    """Write the packets of all clips back to back."""
    parts, pictures = [], 0
    with av.open(str(clips[0][1])) as first, av.open(str(path), "w") as film:
        stream = film.add_stream_from_template(first.streams.video[0])
        for clip, encoded in clips:
            start_s = pictures / RATE_HZ
            with av.open(str(encoded)) as container:
                for packet in container.demux(video=0):
                    if packet.size:
                        packet.stream, packet.time_base = stream, Fraction(1, RATE_HZ)
                        packet.pts = packet.dts = pictures
                        packet.duration = 1
                        film.mux(packet)
                        pictures += 1
            parts.append(Part(clip.text, start_s, pictures / RATE_HZ, clip.video))
    return tuple(parts)
