"""Tells a shortage of memory from what else the native libraries complain about."""

from __future__ import annotations

_SIGNS = ("bad_alloc", "Failed to allocate", "Insufficient memory")
"""Of C++, ONNX Runtime and OpenCV, which have no exception of their own for it."""


def is_shortage(error: Exception) -> bool:
    """Whether `error`, of OpenCV or ONNX Runtime, says that memory ran out."""
    return any(sign in str(error) for sign in _SIGNS)
