"""The two towers as ONNX graphs: frames in int8 arithmetic, text as a graph without weights."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model.backbone import BATCH, FRAME_SIZE
from model.errors import ModelError
from model.text import graph_weights

if TYPE_CHECKING:
    from onnx import TensorProto
    from torch import Tensor, nn

FLOAT_CONVOLUTIONS = 3
"""Stem and first block stay float: top-1 agreement with float32 is .92 with, .87 without."""


def export_frames(net: nn.Module, pictures: list[Path], out: Path) -> None:
    """Static QDQ int8 per channel of a `FrameFeatures`: (n, S, S, 3) uint8 -> (n, F) float32.

    `pictures` calibrate the activations' ranges.
    """
    import onnx
    import torch
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    example = (torch.zeros(2, FRAME_SIZE, FRAME_SIZE, 3, dtype=torch.uint8),)
    with tempfile.TemporaryDirectory() as folder:
        raw, clean = Path(folder, "raw.onnx"), Path(folder, "clean.onnx")
        _export(net, example, raw, ["frames"], ["features"])
        quant_pre_process(str(raw), str(clean))
        convolutions = [n.name for n in onnx.load(str(clean)).graph.node if n.op_type == "Conv"]
        quantize_static(
            str(clean),
            str(out),
            _calibration(pictures),
            quant_format=QuantFormat.QDQ,
            per_channel=True,  # per tensor loses .08 of top-1
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=convolutions[:FLOAT_CONVOLUTIONS],
        )


def export_text_graph(net: nn.Module, out: Path) -> None:
    """The text tower as a graph without weights, which `model.text` gives it by name.

    So a network that is trained later needs no new graph. Raises ModelError when a parameter was
    folded into a constant.
    """
    import onnx
    import torch
    from onnx import numpy_helper

    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder, "text.onnx")
        tokens = torch.ones(2, 7, dtype=torch.int64)
        _export(net, (tokens, tokens.clone()), raw, ["token_ids", "mask"], ["vectors"])
        graph = onnx.load(str(raw))
    wanted = graph_weights({name: p.detach().numpy() for name, p in net.named_parameters()})
    for tensor in list(graph.graph.initializer):
        value = numpy_helper.to_array(tensor)
        name = next((n for n, w in wanted.items() if np.array_equal(w, value)), None)
        if tensor.name in wanted:  # biases of zeros are all alike
            name = tensor.name
        if name is None:
            continue
        graph.graph.initializer.remove(tensor)
        graph.graph.initializer.append(_external(tensor, name))
        for node in graph.graph.node:
            node.input[:] = [name if i == tensor.name else i for i in node.input]
    missing = wanted.keys() - {tensor.name for tensor in graph.graph.initializer}
    if missing:
        raise ModelError(f"the text graph has lost {min(missing)}: pin torch to constraints.txt")
    onnx.save(graph, str(out))


def _external(tensor: TensorProto, name: str) -> TensorProto:
    from onnx import TensorProto

    hollow = TensorProto(
        name=name, data_type=tensor.data_type, dims=tensor.dims, data_location=TensorProto.EXTERNAL
    )
    hollow.external_data.add(key="location", value="weights")
    return hollow


def _export(
    net: nn.Module, example: tuple[Tensor, ...], path: Path, inputs: list[str], outputs: list[str]
) -> None:
    """Any batch size; for tokens, any length too."""
    import torch

    axes = {name: {0: "n"} for name in [*inputs, *outputs]}
    if example[0].ndim == 2:
        axes.update({name: {0: "n", 1: "t"} for name in inputs})
    torch.onnx.export(
        net,
        example,
        str(path),
        input_names=inputs,
        output_names=outputs,
        dynamic_axes=axes,
        dynamo=False,
        opset_version=17,
    )


def _calibration(pictures: list[Path]) -> Any:
    from onnxruntime.quantization import CalibrationDataReader

    from model.captions import load_pictures

    class Pictures(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime has no types
        def __init__(self) -> None:
            chunks = (pictures[i : i + BATCH] for i in range(0, len(pictures), BATCH))
            self._batches: Iterator[Any] = ({"frames": load_pictures(c)} for c in chunks)

        def get_next(self) -> dict[str, Any] | None:
            return next(self._batches, None)

    return Pictures()
