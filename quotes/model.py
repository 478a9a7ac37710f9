"""The trained model that ships with the package: its files, what it must agree with, its scores."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from quotes.features import FEATURES, LABELS, POINTER, Pieces, special_pieces, word_pieces
from quotes.windows import Window

SHIPPED = Path(__file__).parent / "data" / "model"
MANIFEST, GRAPH, TOKENIZER = "model.json", "model.onnx", "tokenizer.json"
CARD = "README.md"  # for people

Array = NDArray[np.float32]


class ModelError(RuntimeError):
    """The model can't be used; the message says in one line why."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What the model says of the words of a window.

    Args:
        labels: ``(words, labels)``.
        none: ``(words, 2)``: how well each points to no cue, and to no source.
        vectors: ``(4, words, POINTER)``: from contents to cues, and from cues to sources.
    """

    labels: Array
    none: Array
    vectors: Array


class Model:
    """A model in a folder, ready to score windows.

    Args:
        folder: where its three files are.

    Raises:
        ModelError: a file is missing, or the model was trained on other labels, features or word
            pieces than these.
    """

    def __init__(self, folder: Path) -> None:
        manifest = read_manifest(folder)
        _check(folder, manifest)
        self.transitions = np.array(manifest["transitions"], np.float32)
        self.first = np.array(manifest["first"], np.float32)
        self.near = np.array(manifest["near"], np.float32)
        self._raw, self._calibrated = zip(*manifest["confidence"], strict=True)
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self.pieces: Pieces = word_pieces(tokenizer)
        self.special = special_pieces(tokenizer)
        self._session = _session(folder / GRAPH)

    def scores(self, window: Window) -> Scores:
        """Return the scores of a window's words."""
        given = {
            "pieces": window.pieces,
            "features": window.features,
            "firsts": window.firsts,
        }
        (found,) = self._session.run(["scores"], given)
        labels, none, vectors = np.split(found, [len(LABELS), len(LABELS) + 2], axis=1)
        return Scores(labels, none, vectors.reshape(len(found), 4, POINTER).transpose(1, 0, 2))

    def calibrated(self, confidence: float) -> float:
        """Return how often what was found with a raw confidence was right, from 0 to 1."""
        return float(np.interp(confidence, self._raw, self._calibrated))


@cache
def shipped() -> Model:
    """Return the model that ships with the package, loaded once a process."""
    return Model(SHIPPED)


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """Return what a model says of itself.

    Raises:
        ModelError: there is none, or it can't be read.
    """
    try:
        manifest: Mapping[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder / MANIFEST}: can't be read: {error}") from None
    return manifest


def agreement() -> dict[str, Any]:
    """Return what code and model must agree on."""
    return {
        "labels": list(LABELS),
        "features": {name: list(values) for name, values in FEATURES.items()},
        "pointer": POINTER,
    }


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def runtime(module: str = "onnxruntime") -> ModuleType:
    """Return onnxruntime, or a module of it, loaded so that it reports nothing to its maker.

    From 1.32 on it does, unless the environment forbids it before it is loaded
    (https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md).
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # its disable_telemetry_events() is too late
    return import_module(module)


def _check(folder: Path, manifest: Mapping[str, Any]) -> None:
    for name, ours in agreement().items():
        if manifest.get(name) != ours:
            raise ModelError(f"{folder}: made for other {name} than this version of quotes has")
    for name in (GRAPH, TOKENIZER):
        path = folder / name
        if not path.is_file():
            raise ModelError(f"{path}: is missing")
        if manifest.get("sha256", {}).get(name) != digest(path):
            raise ModelError(f"{path}: is not the file that {MANIFEST} describes")


def _session(path: Path) -> Any:
    onnxruntime = runtime()  # slow to load, and many commands need no model
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # one worker, one core
    options.log_severity_level = 3
    # Else sums overflow on processors without VNNI, and the same text has other quotes there.
    options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(
        str(path),
        options,
        providers=["CPUExecutionProvider"],
        # The fused operator is nine times slower than the two that it stands for.
        disabled_optimizers=["SkipLayerNormFusion"],
    )
