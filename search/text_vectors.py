"""Vectors of sentences, the latest ones kept: the next page and its reasons ask the same again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from model.encoder import Encoder

KEPT = 1024

Float32 = NDArray[np.float32]


class TextVectors:
    """Encodes what has not been asked lately, all of it together. Safe to use from several threads.

    Each vector is (dim,) of unit length.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._kept: OrderedDict[str, Float32] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, texts: Iterable[str]) -> dict[str, Float32]:
        """Text -> its vector (dim,); each of `texts` is there."""
        wanted = list(dict.fromkeys(texts))
        with self._lock:
            found = {text: self._kept[text] for text in wanted if text in self._kept}
        missing = [text for text in wanted if text not in found]
        if missing:
            vectors = self._encoder.encode_text(missing)
            found |= dict(zip(missing, vectors, strict=True))
        with self._lock:
            for text in wanted:
                self._kept[text] = found[text]
                self._kept.move_to_end(text)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found
