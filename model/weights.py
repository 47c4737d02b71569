"""Weights in a quarter of their size: int8 codes with a float32 scale for each row.

Only storage is int8. What is read is float32, so the arithmetic stays exact and a vector does not
depend on its batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.encoder import Float32
from model.errors import CheckpointError

SMALL = 4096
"""Tensors below this many elements are kept in float32: they are not worth quantising."""
_CODES, _SCALE = ".int8", ".scale"


def pack_int8(tensors: Mapping[str, Float32]) -> bytes:
    """A safetensors file of `tensors`. Large matrices are rounded to 255 steps for each row.

    A row is a word of an embedding, an output of a dense layer (out, in) or of a convolution.
    """
    from safetensors.numpy import save

    packed: dict[str, NDArray[Any]] = {}
    for name, tensor in tensors.items():
        if tensor.size < SMALL or tensor.ndim < 2:
            packed[name] = np.ascontiguousarray(tensor, np.float32)
            continue
        rest = tuple(range(1, tensor.ndim))
        scale = np.maximum(np.abs(tensor).max(axis=rest, keepdims=True) / 127.0, 1e-12)
        packed[name + _CODES] = np.ascontiguousarray(np.rint(tensor / scale), np.int8)
        packed[name + _SCALE] = np.ascontiguousarray(scale, np.float32)
    return save(packed)


def unpack_int8(content: bytes) -> dict[str, Float32]:
    """The float32 tensors of a file that `pack_int8` made. Raises CheckpointError."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        packed = load(content)
        tensors = {name: packed[name] for name in packed if not name.endswith((_CODES, _SCALE))}
        for name in packed:
            if name.endswith(_CODES):
                bare = name.removesuffix(_CODES)
                tensors[bare] = packed[name].astype(np.float32) * packed[bare + _SCALE]
    except (SafetensorError, KeyError) as error:
        raise CheckpointError(
            f"weights that cannot be read ({error}). Reinstall videobert-search."
        ) from error
    return tensors
