"""A shard: everything that one encoder made of one content, in one safetensors file.

    tokens      (T, feature_dim) float16   mean CNN features of each 1.5 s
    clips       (C, dim) float32           unit vectors of the clips
    clip_times  (C, 2) float64             their start and end, seconds

The metadata say which encoder and content they belong to, describe the video, and carry a SHA-256
over all of it, so that a shard made on one machine can be trusted on another.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import CorruptShard
from indexer.media.reader import VideoInfo
from indexer.store.atomic import write_atomically

FORMAT = "3"
READABLE = ("2", FORMAT)
"""Format 2 does not say which CNN made its tokens: such a shard serves, and is not re-encoded."""


@dataclass(frozen=True)
class Shard:
    """The contents of a shard file."""

    encoder: str
    content: str
    size_bytes: int
    info: VideoInfo
    tokens: NDArray[np.float16]
    clips: NDArray[np.float32]
    clip_times: NDArray[np.float64]
    features: str = ""
    """Feature fingerprint of the encoder: what made the tokens. Empty when it is not known."""

    @property
    def checksum(self) -> str:
        """SHA-256 over the description and the tensors' bytes, hex."""
        description = [self.encoder, self.content, self.size_bytes, asdict(self.info)]
        if self.features:  # without, the sum of format 2, which catalogs hold
            description.append(self.features)
        digest = hashlib.sha256(json.dumps(description).encode())
        for tensor in (self.tokens, self.clips, self.clip_times):
            digest.update(np.ascontiguousarray(tensor).tobytes())
        return digest.hexdigest()


def write_shard(path: Path, shard: Shard) -> None:
    """Write the file whole or not at all."""
    from safetensors.numpy import save

    metadata = {
        "format": FORMAT,
        "encoder": shard.encoder,
        "features": shard.features,
        "content": shard.content,
        "size_bytes": str(shard.size_bytes),
        "info": json.dumps(asdict(shard.info)),
        "checksum": shard.checksum,
    }
    tensors: dict[str, NDArray[Any]] = {
        "tokens": np.ascontiguousarray(shard.tokens),
        "clips": np.ascontiguousarray(shard.clips),
        "clip_times": np.ascontiguousarray(shard.clip_times),
    }
    write_atomically(path, save(tensors, metadata))


def read_shard(path: Path) -> Shard:
    """Read and check a shard. Raises CorruptShard, or FileNotFoundError when there is none."""
    from safetensors import SafetensorError, safe_open

    if not path.exists():
        raise _missing(path)
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            if metadata.get("format") not in READABLE:
                found = metadata.get("format")
                raise ValueError(f"format {found}, this version reads {' and '.join(READABLE)}")
            tensors = {name: file.get_tensor(name) for name in ("tokens", "clips", "clip_times")}
        shard = Shard(
            encoder=metadata["encoder"],
            content=metadata["content"],
            size_bytes=int(metadata["size_bytes"]),
            info=_info(metadata["info"]),
            features=metadata.get("features", ""),
            **tensors,
        )
        _check_layout(shard)
    except (SafetensorError, KeyError, ValueError, TypeError, OSError) as error:
        raise _corrupt(path, str(error)) from error
    if shard.checksum != metadata.get("checksum"):
        raise _corrupt(path, "its checksum is wrong")
    if (shard.encoder, shard.content) != (path.parent.name, path.stem):
        raise _corrupt(path, "it belongs to another content or encoder")
    return shard


def existing_shard(path: Path) -> Shard:
    """As `read_shard` for one that has to be there. Raises CorruptShard when it is not."""
    try:
        return read_shard(path)
    except FileNotFoundError as error:
        raise CorruptShard(str(error)) from None


def read_tokens(path: Path, first: int, last: int) -> NDArray[np.float16]:
    """(last - first, feature_dim): some tokens of a shard, without reading, or checking, the rest.

    Beyond the end there are fewer; there is always one. Raises CorruptShard, or FileNotFoundError.
    """
    from safetensors import SafetensorError, safe_open

    if not path.exists():
        raise _missing(path)
    try:
        with safe_open(path, framework="numpy") as file:
            tokens = file.get_slice("tokens")
            count = tokens.get_shape()[0]
            start = min(first, count - 1)
            cut = np.asarray(tokens[start : min(max(last, start + 1), count)])
    except (SafetensorError, OSError) as error:
        raise _corrupt(path, str(error)) from error
    if not np.isfinite(cut).all():
        raise _corrupt(path, "a token is not finite")
    return cut


def _check_layout(shard: Shard) -> None:
    """Raises ValueError when the tensors do not belong together."""
    fits = shard.clips.ndim == 2 and shard.clip_times.shape == (len(shard.clips), 2)
    if not fits or shard.tokens.ndim != 2:
        raise ValueError("its tensors do not fit together")


def _info(text: str) -> VideoInfo:
    values = json.loads(text)
    values["warnings"] = tuple(values["warnings"])
    return VideoInfo(**{field.name: values[field.name] for field in fields(VideoInfo)})


def _missing(path: Path) -> FileNotFoundError:
    return FileNotFoundError(
        f"{path}: the shard is gone. Run `videobert rebuild`: the video is read again."
    )


def _corrupt(path: Path, reason: str) -> CorruptShard:
    return CorruptShard(
        f"{path}: the shard is damaged ({reason}). Run `videobert rebuild`, "
        "which reads the video anew."
    )
