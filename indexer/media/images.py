"""Pictures written to disk."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

JPEG_QUALITY = 80


def write_jpeg(path: Path, image: NDArray[np.uint8]) -> None:
    """Write `image` (h, w, 3) RGB. Raises OSError."""
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise OSError(f"{path}: OpenCV could not encode a picture of shape {image.shape}")
    path.write_bytes(data.tobytes())
