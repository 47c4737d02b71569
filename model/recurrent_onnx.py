"""The recurrent text network as an ONNX graph, int8 in storage and float32 in arithmetic.

Written node by node: PyTorch's tracer turns packed sequences into thirty nodes and as many
warnings, and would store the weights of the GRU without names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from model.encoder import Float32

if TYPE_CHECKING:
    from onnx import ModelProto
    from torch import Tensor

    from model.recurrent import RecurrentText

OPSET = 17
IR_VERSION = 8
"""The format that onnxruntime 1.18 reads too."""
HIDDEN = -1e9
"""Added to the logits of padding."""


def recurrent_graph(net: RecurrentText) -> ModelProto:
    """`token_ids` and `mask`, both (n, t) int64 -> `vectors` (n, dim) float32, unit length."""
    from onnx import TensorProto, helper

    graph = _Graph()
    words = _words(graph, net)  # (n, t, 2 H + E)
    weights = _weights(graph, net, words)  # (n, t, 1)
    pooled = graph.add("ReduceSum", graph.add("Mul", weights, words), graph.axes(1), keepdims=0)
    projection = graph.stored("projection.weight", _numpy(net.projection.weight))
    bias = graph.exact("projection.bias", _numpy(net.projection.bias))
    dense = graph.add("Gemm", pooled, projection, bias, transB=1)  # (n, dim)
    graph.add("LpNormalization", dense, output="vectors", axis=-1)
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"])
        for name in ("token_ids", "mask")
    ]
    output = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", net.config.dim])
    return helper.make_model(
        helper.make_graph(graph.nodes, "recurrent_text", inputs, [output], graph.initializers),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )


def _words(graph: _Graph, net: RecurrentText) -> str:
    """The embeddings, read in both directions, and themselves: (n, t, 2 H + E)."""
    codes, scale = _quantize(_numpy(net.word_embeddings.weight))
    x = graph.add("Gather", graph.exact("word_embeddings.int8", codes), "token_ids")
    scales = graph.add("Gather", graph.exact("word_embeddings.scale", scale), "token_ids")
    x = graph.add("Mul", graph.add("Cast", x, to=1), scales)  # (n, t, E), only the words at hand
    lengths = graph.add("Cast", graph.add("ReduceSum", "mask", graph.axes(1), keepdims=0), to=6)
    read = graph.add(
        "GRU",
        graph.add("Transpose", x, perm=[1, 0, 2]),  # (t, n, E)
        graph.stored("gru.input", _gates(net, "weight_ih")),
        graph.stored("gru.state", _gates(net, "weight_hh")),
        graph.exact("gru.bias", np.hstack([_gates(net, "bias_ih"), _gates(net, "bias_hh")])),
        lengths,
        direction="bidirectional",
        hidden_size=net.config.hidden,
        linear_before_reset=1,  # PyTorch's variant, as cuDNN's
    )  # (t, 2, n, H)
    read = graph.add("Transpose", read, perm=[2, 0, 1, 3])
    read = graph.add("Reshape", read, graph.exact("two_in_one", np.array([0, 0, -1], np.int64)))
    return graph.add("Concat", read, x, axis=-1)


def _weights(graph: _Graph, net: RecurrentText, words: str) -> str:
    """How much each word counts: (n, t, 1)."""
    present = graph.add("Unsqueeze", graph.add("Cast", "mask", to=1), graph.axes(2))
    absent = graph.add("Sub", graph.exact("one", np.ones(1, np.float32)), present)
    logits = graph.add("Mul", absent, graph.exact("hidden", np.full(1, HIDDEN, np.float32)))
    if net.attention is not None:  # its bias is the same for all words: it changes nothing
        column = graph.exact("attention.weight", _numpy(net.attention.weight).T)
        logits = graph.add("Add", logits, graph.add("MatMul", words, column))
    return graph.add("Softmax", logits, axis=1)


class _Graph:
    """Nodes and constants as they are added; each is known by its output's name."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """A node; its output is named after it unless it is the graph's."""
        from onnx import helper

        output = output or f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], **attributes))
        return output

    def exact(self, name: str, array: np.ndarray[Any, Any]) -> str:
        """A constant as it is."""
        from onnx import numpy_helper

        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def axes(self, axis: int) -> str:
        """The axis of a reduction, which since opset 13 is an input."""
        name = f"axis_{axis}"
        if name not in (known.name for known in self.initializers):
            self.exact(name, np.array([axis], np.int64))
        return name

    def stored(self, name: str, weights: Float32) -> str:
        """A matrix kept as int8; the runtime folds the two nodes when it loads."""
        codes, scale = _quantize(weights)
        wide = self.add("Cast", self.exact(f"{name}.int8", codes), to=1)
        return self.add("Mul", wide, self.exact(f"{name}.scale", scale))


def _quantize(weights: Float32) -> tuple[np.ndarray[Any, Any], Float32]:
    """Symmetric int8 codes and float32 scales, a scale a row: a word, or an output."""
    scale = np.maximum(np.abs(weights).max(-1, keepdims=True) / 127.0, 1e-12).astype(np.float32)
    return np.rint(weights / scale).astype(np.int8), scale


def _gates(net: RecurrentText, name: str) -> Float32:
    """One parameter of both directions, (2, 3 H, ...): PyTorch orders r z n, ONNX z r n."""
    return np.stack([_reorder(getattr(net.gru, f"{name}_l0{way}")) for way in ("", "_reverse")])


def _reorder(weights: Tensor) -> Float32:
    reset, update, new = np.split(_numpy(weights), 3)
    return np.concatenate([update, reset, new])


def _numpy(tensor: Tensor) -> Float32:
    return np.asarray(tensor.detach().cpu().numpy(), np.float32)
