"""Puts the frames of each video together again and makes its shard of them, or of its tokens."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indexer.media.jobs import Frames
from indexer.media.reader import VideoInfo
from indexer.segments import clip_bounds, clip_times, tokenize
from indexer.store.shards import Shard
from model.encoder import Encoder


@dataclass
class _Video:
    times: list[NDArray[np.float64]] = field(default_factory=list)
    features: list[NDArray[np.float32]] = field(default_factory=list)
    last_s: float = 0.0


class Assembly:
    """Frames of several videos come interleaved; each video's are encoded as they come."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._videos: dict[str, _Video] = {}

    def add(self, content: str, frames: Frames) -> float:
        """Encode the next frames of a video; returns by how many seconds it got further."""
        video = self._videos.setdefault(content, _Video())
        video.times.append(frames.times_s)
        video.features.append(self._encoder.frame_features(frames.images))
        last = float(frames.times_s[-1])
        gained, video.last_s = last - video.last_s, last
        return gained

    def finish(self, content: str, info: VideoInfo, size_bytes: int) -> Shard:
        """The shard of a video whose frames are all here."""
        video = self._videos.pop(content)
        features, times = np.concatenate(video.features), np.concatenate(video.times)
        tokens = tokenize(features, times, info.duration_s).astype(np.float16)
        return make_shard(self._encoder, content, size_bytes, info, tokens)

    def drop(self, content: str) -> None:
        """Forget a video that failed halfway."""
        self._videos.pop(content, None)


def make_shard(
    encoder: Encoder, content: str, size_bytes: int, info: VideoInfo, tokens: NDArray[np.float16]
) -> Shard:
    """The shard of a video of `tokens` (T, feature_dim).

    Clips are made of the tokens as they are kept, so that it does not show in a vector whether it
    came from the video or from another encoder's shard.
    """
    bounds = clip_bounds(len(tokens))
    kept = tokens.astype(np.float32)
    return Shard(
        encoder=encoder.fingerprint,
        content=content,
        size_bytes=size_bytes,
        info=info,
        tokens=tokens,
        clips=encoder.encode_clips([kept[start:end] for start, end in bounds]),
        clip_times=clip_times(bounds, info.duration_s),
        features=encoder.feature_fingerprint,
    )
