"""The network as an ONNX graph, built node by node with the fused operators of onnxruntime.

It reads one window: ``pieces`` ``(n,)``, ``features`` ``(n, features)``, ``firsts`` ``(words,)``; it
gives ``scores`` ``(words, labels + 2 + 4 * POINTER)``. Without a batch there is no padding, and the
scores of a window can't depend on what is read beside it. The encoder is BERT's.
"""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from quotes.features import FEATURES
from quotes.train.network import Network

_OPSET = 17
_FUSED = (
    "com.microsoft"  # https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
)
Array = NDArray[np.float32]


class _Graph:
    """Nodes and weights under way; each method adds a node and returns its output's name."""

    def __init__(self, weights: dict[str, Array]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.constants[name] = numpy_helper.from_array(value, name)
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def matrix(self, name: str) -> str:
        """Add a weight of a linear layer, which PyTorch keeps transposed."""
        return self.constant(name, np.ascontiguousarray(self.weights[name].T))

    def add(self, kind: str, *inputs: str, domain: str = "", **attributes: float) -> str:
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(kind, inputs, [output], output, domain=domain, **attributes)
        )
        return output


def build(network: Network) -> onnx.ModelProto:
    """Return the graph of a network, its word embeddings in eight bits, all else in 32."""
    config = network.encoder.config
    weights = {name: value.detach().cpu().numpy() for name, value in network.state_dict().items()}
    graph = _Graph(weights)
    hidden = _embedding(graph, config.layer_norm_eps)
    for layer in range(config.num_hidden_layers):
        prefix = f"encoder.encoder.layer.{layer}"
        hidden = _layer(graph, prefix, hidden, config.num_attention_heads, config.layer_norm_eps)
    words = graph.add("Gather", graph.add("Squeeze", hidden, "zero"), "firsts", axis=0)
    scores = graph.add("MatMul", words, graph.matrix("head.weight"))
    graph.nodes.append(helper.make_node("Add", [scores, graph.weight("head.bias")], ["scores"]))
    integers = TensorProto.INT64
    made = helper.make_graph(
        graph.nodes,
        "tagger",
        [
            helper.make_tensor_value_info("pieces", integers, ["n"]),
            helper.make_tensor_value_info("features", integers, ["n", len(FEATURES)]),
            helper.make_tensor_value_info("firsts", integers, ["words"]),
        ],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["words", "scores"])],
        [*graph.constants.values()],
    )
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=9)


def _embedding(graph: _Graph, epsilon: float) -> str:
    prefix = "encoder.embeddings"
    rows = graph.weights[f"{prefix}.word_embeddings.weight"]
    scales = np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-8) / 127
    small = graph.constant("rows", np.round(rows / scales).astype(np.int8))
    found = graph.add("Cast", graph.add("Gather", small, "pieces"), to=TensorProto.FLOAT)
    scale = graph.add("Gather", graph.constant("scales", scales), "pieces")
    summed = graph.add("Mul", found, scale)
    kind = graph.weights[f"{prefix}.token_type_embeddings.weight"][0]
    positions = graph.weights[f"{prefix}.position_embeddings.weight"] + kind
    zero = graph.constant("zero", np.array([0]))
    length = graph.add("Shape", "pieces")
    at = graph.add("Slice", graph.constant("positions", positions), zero, length, zero)
    summed = graph.add("Add", summed, at)
    for number in range(len(FEATURES)):
        column = graph.constant(f"column{number}", np.array(number))
        values = graph.add("Gather", "features", column, axis=1)
        table = graph.weight(f"features.{number}.weight")
        summed = graph.add("Add", summed, graph.add("Gather", table, values))
    names = graph.weight(f"{prefix}.LayerNorm.weight"), graph.weight(f"{prefix}.LayerNorm.bias")
    normal = graph.add("LayerNormalization", summed, *names, axis=-1, epsilon=epsilon)
    return graph.add("Unsqueeze", normal, zero)


def _layer(graph: _Graph, prefix: str, hidden: str, heads: int, epsilon: float) -> str:
    parts = [f"{prefix}.attention.self.{part}" for part in ("query", "key", "value")]
    mixed = graph.constant(
        f"{prefix}.weight", np.concatenate([graph.weights[f"{p}.weight"].T for p in parts], axis=1)
    )
    bias = graph.constant(
        f"{prefix}.bias", np.concatenate([graph.weights[f"{p}.bias"] for p in parts])
    )
    seen = graph.add("Attention", hidden, mixed, bias, domain=_FUSED, num_heads=heads)
    seen = graph.add("MatMul", seen, graph.matrix(f"{prefix}.attention.output.dense.weight"))
    hidden = _normal(graph, f"{prefix}.attention.output", hidden, seen, epsilon)
    wide = graph.add("MatMul", hidden, graph.matrix(f"{prefix}.intermediate.dense.weight"))
    bias = graph.weight(f"{prefix}.intermediate.dense.bias")
    wide = graph.add("BiasGelu", wide, bias, domain=_FUSED)
    narrow = graph.add("MatMul", wide, graph.matrix(f"{prefix}.output.dense.weight"))
    return _normal(graph, f"{prefix}.output", hidden, narrow, epsilon)


def _normal(graph: _Graph, prefix: str, before: str, after: str, epsilon: float) -> str:
    summed = graph.add("Add", after, graph.weight(f"{prefix}.dense.bias"))
    summed = graph.add("Add", summed, before)
    names = [graph.weight(f"{prefix}.LayerNorm.{name}") for name in ("weight", "bias")]
    return graph.add("LayerNormalization", summed, *names, axis=-1, epsilon=epsilon)
