"""One way to start ONNX Runtime."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from model.encoder import Float32

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def onnx_session(
    model: bytes, threads: int | None = None, weights: Mapping[str, Float32] | None = None
) -> InferenceSession:
    """A CPU session over the serialised `model`; `threads` defaults to the cores at hand.

    `weights` are those of a model that was saved without them, by the names in its graph.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or available_cores()
    options.log_severity_level = 3  # errors only
    # a waiting pool that spins would steal the cores from the decoders
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if weights is not None:
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(value) for value in weights.values()]
        options.add_external_initializers(list(weights), values)
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def available_cores() -> int:
    """Cores that this process may use, which in a container are fewer than the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
