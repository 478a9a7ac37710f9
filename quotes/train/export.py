"""Write a network as a model that ships: its graph with weights of eight bits, and its manifest."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import onnx
from tokenizers import Tokenizer

from quotes.model import GRAPH, MANIFEST, TOKENIZER, agreement, digest, runtime
from quotes.train.graph import build
from quotes.train.network import Network

UNCALIBRATED = ((0.0, 0.0), (1.0, 1.0))


def export(network: Network, tokenizer: Tokenizer, folder: Path, name: str) -> None:
    """Write the model, not yet calibrated, to *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_graph(network, folder / GRAPH)
    tokenizer.save(str(folder / TOKENIZER), pretty=False)
    transitions, first = network.chain()
    manifest = {
        "name": name,
        **agreement(),
        "sha256": {file: digest(folder / file) for file in (GRAPH, TOKENIZER)},
        "transitions": _rounded(transitions.tolist()),
        "first": _rounded(first.tolist()),
        "near": _rounded(network.near.tolist()),
        "confidence": UNCALIBRATED,
    }
    write_manifest(folder, manifest)


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write what a model says of itself."""
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def _write_graph(network: Network, path: Path) -> None:
    quantization = runtime("onnxruntime.quantization")
    with tempfile.TemporaryDirectory() as place:
        plain = Path(place) / "plain.onnx"
        onnx.save(build(network), str(plain))
        quantization.quantize_dynamic(
            str(plain),
            str(path),
            per_channel=True,
            weight_type=quantization.QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Attention"],
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )


def _rounded(numbers: Any) -> Any:
    if isinstance(numbers, Sequence):
        return [_rounded(one) for one in numbers]
    return round(numbers, 4)
