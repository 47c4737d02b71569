"""Finds lines of text on a picture and reads them, with PP-OCR's networks by rapidocr."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from indexer.errors import ReaderMissing
from indexer.media.screen.shortage import is_shortage
from indexer.media.screen.spacing import SpacingDecoder

if TYPE_CHECKING:
    from rapidocr_onnxruntime import RapidOCR

PACKAGE = "rapidocr-onnxruntime"
_NEEDS = {"pyclipper": "pyclipper", "shapely": "shapely", "yaml": "pyyaml", "PIL": "pillow"}


class TextReader(Protocol):
    """What finds and reads lines of text."""

    def find(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Corners (n, 4, 2) x and y in pixels, clockwise from the top left, of lines on `image`.

        `image` is (h, w, 3) uint8 BGR.
        """

    def read(
        self, image: NDArray[np.uint8], corners: NDArray[np.float32]
    ) -> list[tuple[str, float]]:
        """(text, confidence 0 to 1) of each of the lines at `corners` (n, 4, 2)."""


class RapidReader:
    """PP-OCRv4 (PaddlePaddle, 2023) as shipped in the wheel of rapidocr-onnxruntime.

    Reads simplified and traditional Chinese, English and digits; of the letters with accents
    it knows é, è, ä and ü only, and reads others as their plain neighbours. It finds lines in
    other scripts (Cyrillic, Arabic, kana, Hangul) but has no letters for them: what comes out
    is mostly of low confidence, and dropped.
    The networks are loaded with the first picture. Raises ReaderMissing when the package is not
    installed, MemoryError, and ValueError for a picture that cannot be read.
    """

    def __init__(self, threads: int = 1) -> None:
        """`threads` for each network; decoding processes share the machine."""
        self._threads = threads

    def find(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See `TextReader.find`."""
        engine = self._engine
        with _translated():
            found, _ = engine(image, use_det=True, use_cls=False, use_rec=False)
        return np.array(found or [], np.float32).reshape(-1, 4, 2)

    def read(
        self, image: NDArray[np.uint8], corners: NDArray[np.float32]
    ) -> list[tuple[str, float]]:
        """See `TextReader.read`."""
        if not len(corners):
            return []
        engine = self._engine
        with _translated():
            readings, _ = engine.text_rec(engine.get_crop_img_list(image, list(corners)))
        return [(text, float(confidence)) for text, confidence in readings]

    @cached_property
    def _engine(self) -> RapidOCR:
        require_reader()
        from rapidocr_onnxruntime import RapidOCR

        engine = RapidOCR(
            intra_op_num_threads=self._threads,
            inter_op_num_threads=1,
            det_limit_type="max",  # the picture comes in the size to look at
            rec_batch_num=1,  # what a line reads as must not hang on its neighbours
        )
        engine.text_rec.postprocess_op = SpacingDecoder(engine.text_rec.postprocess_op.character)
        return engine


def require_reader() -> None:
    """Raises ReaderMissing, with the remedy, when on-screen text cannot be read here."""
    modules = {"rapidocr_onnxruntime": PACKAGE, **_NEEDS}
    missing = [name for module, name in modules.items() if find_spec(module) is None]
    if missing:
        raise ReaderMissing(
            f"On-screen text cannot be read: {', '.join(missing)} not installed. "
            f"Run: pip install --no-deps {PACKAGE} && pip install {' '.join(_NEEDS.values())}"
        )


def reader_version() -> str:
    """Name and version of what reads. Raises ReaderMissing."""
    require_reader()
    return f"{PACKAGE} {importlib.metadata.version(PACKAGE)}"


@contextmanager
def _translated() -> Iterator[None]:
    """A shortage of memory is a MemoryError whichever library runs into it."""
    from rapidocr_onnxruntime.utils.infer_engine import ONNXRuntimeError

    try:
        yield
    except (cv2.error, ONNXRuntimeError) as error:
        if is_shortage(error):
            raise MemoryError("no memory for reading on-screen text") from error
        raise ValueError(f"the picture cannot be read: {error}") from error
