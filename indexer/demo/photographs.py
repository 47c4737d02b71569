"""The photographs of the demo, which scikit-image carries, and whose they are.

Only those are used of which scikit-image's documentation says that they are free, and that lie in
its wheel, so that nothing is downloaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexerError

_CC0 = "CC0 1.0"
_PUBLIC = "public domain"
_UNRESTRICTED = "no known copyright restrictions"


@dataclass(frozen=True)
class Photograph:
    """Where a photograph comes from, as scikit-image's documentation has it."""

    title: str
    source: str
    licence: str


PHOTOGRAPHS = {
    "astronaut": Photograph("Eileen Collins, astronaut", "NASA Great Images database", _PUBLIC),
    "brick": Photograph("Brick wall", "CC0Textures, Bricks25", _CC0),
    "camera": Photograph("Man with a camera", "Lav Varshney", _CC0),
    "cell": Photograph("Cell in saline", "Paul Müller and others, qpformat", _CC0),
    "chelsea": Photograph("Chelsea the cat", "Stéfan van der Walt", _CC0),
    "clock": Photograph("Clock, blurred by motion", "Stéfan van der Walt", _PUBLIC),
    "coffee": Photograph("Cup of coffee", "Rachel Michetti, Pikolo Espresso Bar", _CC0),
    "coins": Photograph("Greek coins from Pompeii", "Brooklyn Museum", _UNRESTRICTED),
    "grass": Photograph("Grass", "linolafett, DeviantArt, Grass 01", _CC0),
    "gravel": Photograph("Gravel", "CC0Textures, Gravel04", _CC0),
    "horse": Photograph("Silhouette of a horse", "Andreas Preuss (marauder), openclipart", _CC0),
    "hubble_deep_field": Photograph("Hubble eXtreme Deep Field", "NASA, HubbleSite", _PUBLIC),
    "immunohistochemistry": Photograph("Stained tissue", "CMMI", _UNRESTRICTED),
    "retina": Photograph("Fundus of an eye", "Mikael Häggström, Wikimedia Commons", _CC0),
    "rocket": Photograph("DSCOVR on a Falcon 9", "SpaceX Photos", _PUBLIC),
    "text": Photograph("Handwriting", "Wikipedia, Corner.png", _PUBLIC),
}
"""By the name of the function of `skimage.data` that gives it."""


def load_photograph(name: str) -> NDArray[np.uint8]:
    """(height, width, 3) uint8 RGB. Raises IndexerError when scikit-image cannot give it."""
    try:
        image = getattr(_skimage_data(), name)()
    except (AttributeError, ImportError, OSError) as error:
        raise IndexerError(
            f"scikit-image does not carry the photograph {name!r} ({error}). "
            "Run: pip install --upgrade 'videobert-search[demo]'"
        ) from error
    grey_or_rgb = np.asarray(image) * 255 if image.dtype == bool else np.asarray(image)
    if grey_or_rgb.ndim == 2:
        grey_or_rgb = np.repeat(grey_or_rgb[..., None], 3, axis=2)
    return np.ascontiguousarray(grey_or_rgb, np.uint8)


def _skimage_data() -> Any:
    """The module `skimage.data`, which is read without its types."""
    try:
        from skimage import data
    except ImportError as error:
        raise IndexerError(
            "The demo is made of photographs in scikit-image, which is not installed. "
            "Run: pip install 'videobert-search[demo]'"
        ) from error
    return data
