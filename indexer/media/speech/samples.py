"""Sound as all of this package passes it on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
BLOCK = RATE_HZ
"""Samples that are passed on at once, at most."""

Sound = NDArray[np.int16]
"""(n,) mono, at 16 kHz."""
