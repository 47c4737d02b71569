"""What a player makes of a film, a preview or a cut."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import numpy as np

from indexer.media.jobs import DecodeLimits
from indexer.media.preview import make_preview
from tests.beeping import SOUND_HZ
from tests.synthetic import read_index


class Shown:
    """What a player makes of a file's pictures."""

    def __init__(self, path: Path) -> None:
        with av.open(str(path)) as container:
            self.duration_s = container.duration / av.time_base
            (stream,) = container.streams.video
            self.codec = stream.codec_context.name
            self.pixel_format = stream.codec_context.pix_fmt
            self.sound_streams = len(container.streams.audio)
            self.first_s = float(stream.start_time * stream.time_base)
            images = [(f.time, f.to_ndarray(format="rgb24")) for f in container.decode(stream)]
        self.times = [time_s for time_s, _ in images]
        self.images = [image for _, image in images]
        self.numbers = [read_index(image) for image in self.images]
        self.height, self.width = self.images[0].shape[:2]


def preview(source: Path, start_s: float, end_s: float, **limits) -> Shown:
    """The preview of a stretch; `limits` are those of `DecodeLimits`. Nothing else may be left."""
    target = source.with_name("preview.mp4")
    make_preview(source, target, start_s, end_s, DecodeLimits(**limits) if limits else None)
    assert not [path for path in source.parent.iterdir() if path.name.startswith(".")]
    return Shown(target)


def loudness(path: Path) -> np.ndarray:
    """Mean loudness of each 10 ms of a file's sound, from its time 0 on."""
    with av.open(str(path)) as container:
        (stream,) = container.streams.audio
        origin_s = (container.start_time or 0) / av.time_base
        loud = np.zeros(round(30 * SOUND_HZ))
        for frame in container.decode(stream):
            samples = np.abs(frame.to_ndarray()).max(axis=0)
            at = round((frame.time - origin_s) * SOUND_HZ)
            samples, at = samples[max(0, -at) :], max(0, at)
            loud[at : at + len(samples)] = samples
            end = at + len(samples)
    return loud[:end][: end // 480 * 480].reshape(-1, 480).mean(axis=1)


def beeps(path: Path) -> list[float]:
    """When each beep of a file begins, in seconds."""
    loud = loudness(path) > 0.1 * loudness(path).max()
    return [i / 100 for i, (a, b) in enumerate(pairwise([False, *loud])) if b and not a]
