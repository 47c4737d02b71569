"""Everyday sentences: what is asked of a library that has nothing of the kind.

Their vectors depend on the encoder alone. They are kept in the library's folder, for encoding them
takes seconds; in a library that cannot be written they are encoded by every process.
"""

from __future__ import annotations

import hashlib
import io
import logging
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.store.atomic import write_atomically
from model.encoder import Encoder

SEEN = Path(__file__).with_name("background_seen.txt")
SAID = Path(__file__).with_name("background_said.txt")

Float32 = NDArray[np.float32]

logger = logging.getLogger(__name__)


def sentences(path: Path) -> list[str]:
    """The lines of `SEEN` or `SAID`."""
    return [line for line in path.read_text("utf-8").splitlines() if line[:1] not in ("", "#")]


class Background:
    """The sentences' vectors by one encoder, made when first asked for."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        """`folder` is where they are kept."""
        self._encoder = encoder
        self._folder = folder

    @cached_property
    def seen(self) -> Float32:
        """(N, dim) unit, of captions."""
        return self._vectors(SEEN)

    @cached_property
    def all(self) -> Float32:
        """(N, dim) unit, of captions and of what people say."""
        return np.concatenate([self.seen, self._vectors(SAID)])

    def _vectors(self, path: Path) -> Float32:
        texts = sentences(path)
        digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:8]
        kept = self._folder / f"{self._encoder.fingerprint}-{path.stem}-{digest}.npy"
        found = _read(kept, (len(texts), self._encoder.dim))
        if found is None:
            found = np.asarray(self._encoder.encode_text(texts), np.float32)
            _keep(kept, found)
        return found


def _read(path: Path, shape: tuple[int, int]) -> Float32 | None:
    """None where there is nothing of that shape: it is made again."""
    try:
        found = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):  # absent, or cut short
        return None
    return found if found.shape == shape else None


def _keep(path: Path, vectors: Float32) -> None:
    content = io.BytesIO()
    np.save(content, vectors)
    try:
        write_atomically(path, content.getvalue())
    except OSError as error:
        logger.debug("%s is not kept: %s", path, error)
