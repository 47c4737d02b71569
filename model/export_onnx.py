"""The two towers as ONNX graphs: frames in int8 arithmetic, text as a graph without weights."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model.backbone import BATCH, FRAME_SIZE
from model.encoder import Float32
from model.errors import ModelError
from model.network_tensors import ALIGNMENT_USES
from model.text import graph_weights

if TYPE_CHECKING:
    from onnx import TensorProto
    from torch import Tensor, nn

    from model.videobert import VideoBert

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
    """The text tower, (n, t) `token_ids` and `mask` -> (n, 384) `vectors`, without weights.

    So a network that is trained later needs no new graph: `model.text` gives the weights by name.
    Raises ModelError when a parameter was folded into a constant.
    """
    import torch

    tokens = torch.ones(2, 7, dtype=torch.int64)
    tensors = {name: p.detach().numpy() for name, p in net.named_parameters()}
    _export_hollow(net, {"token_ids": tokens, "mask": tokens.clone()}, "vectors", tensors, out)


def export_alignment_graph(net: VideoBert, out: Path) -> None:
    """Trunk and alignment head without weights: see `model.alignment`, which gives them by name.

    The values of `net` do not matter. (n, t) `token_ids` and `text_mask`; (n, v, F) `features`,
    (n, v) `words`, `times` and `seen` -> (n,) `log_odds`. Raises ModelError as
    `export_text_graph`.
    """
    import torch

    net = _with_other_values(net)
    ids, one = torch.ones(2, 7, dtype=torch.int64), torch.ones(2, 3, dtype=torch.int64)
    inputs = {
        "token_ids": ids,
        "text_mask": ids.clone(),
        "features": torch.rand(2, 3, net.config.feature_dim),
        "words": one * 0,
        "times": one.cumsum(1) - 1,
        "seen": one.clone(),  # `visual_mask` is a weight: [VMASK]
    }
    tensors = {
        name: t.detach().numpy()
        for name, t in net.state_dict().items()
        if name.startswith(ALIGNMENT_USES)
    }
    _export_hollow(_alignment_of(net), inputs, "log_odds", tensors, out)


def _with_other_values(net: VideoBert) -> VideoBert:
    """A copy of which no two tensors are alike: the exporter would make one of two."""
    import torch

    copied = copy.deepcopy(net)
    draw = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for tensor in copied.state_dict().values():
            tensor.copy_(torch.randn(tensor.shape, generator=draw))
    return copied


def _alignment_of(net: VideoBert) -> nn.Module:
    import torch
    from torch import nn

    from model.sequence import Batch

    class _Alignment(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = net

        def forward(
            self,
            ids: Tensor,
            mask: Tensor,
            features: Tensor,
            words: Tensor,
            times: Tensor,
            seen: Tensor,
        ) -> Tensor:
            none_masked = torch.zeros_like(seen, dtype=torch.bool)
            batch = Batch(ids, mask, features, words, times, seen, none_masked)
            return self.net.predict_alignment(self.net(batch).cls)

    return _Alignment().eval()


def _export_hollow(
    net: nn.Module, inputs: dict[str, Tensor], output: str, tensors: dict[str, Float32], out: Path
) -> None:
    """A graph in whose place of `tensors` only their names are."""
    import onnx
    from onnx import numpy_helper

    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder, "raw.onnx")
        _export(net, tuple(inputs.values()), raw, list(inputs), [output])
        graph = onnx.load(str(raw))
    wanted = graph_weights(tensors)
    for tensor in list(graph.graph.initializer):
        if name := _name_of(tensor.name, numpy_helper.to_array(tensor), wanted):
            graph.graph.initializer.remove(tensor)
            graph.graph.initializer.append(_external(tensor, name))
            for node in graph.graph.node:
                node.input[:] = [name if i == tensor.name else i for i in node.input]
    missing = wanted.keys() - {tensor.name for tensor in graph.graph.initializer}
    if missing:
        raise ModelError(f"{out}: the graph has lost {min(missing)}: pin torch to constraints.txt")
    onnx.save(graph, str(out))


def _name_of(name: str, value: Float32, wanted: dict[str, Float32]) -> str | None:
    """Which of the `wanted` a graph's constant is: by its name, for biases of zeros are alike."""
    bare = name.removeprefix("net.")
    if bare in wanted:
        return bare
    return next((n for n, w in wanted.items() if np.array_equal(w, value)), None)


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
    """Any batch size; for sequences, any length too."""
    import torch

    axes = {name: {0: "n"} for name in [*inputs, *outputs]}
    for name, tensor in zip(inputs, example, strict=True):
        if tensor.ndim < 4:  # not pictures
            axes[name][1] = "t" if tensor.shape[1] == example[0].shape[1] else "v"
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
