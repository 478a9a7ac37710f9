"""The model's card: what it was made from and how, how good it is, where it is weak.

After Mitchell et al., "Model Cards for Model Reporting" (FAT* 2019).
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from quotes.evaluate import (
    MEASURES,
    Comparison,
    Scores,
    by_kind,
    by_publisher,
    calibration,
    calibration_error,
    score,
)
from quotes.train.fit import Settings

_PACKAGES = ("torch", "transformers", "tokenizers", "onnx", "onnxruntime", "numpy")
_KNOWN = Path(__file__).with_name("card.md")


@dataclass(frozen=True)
class Training:
    """What a training was: its data with the SHA-256 of each, and how many annotated articles."""

    name: str
    settings: Settings
    data: Mapping[str, str]
    trained_on: int
    held_out: int


def card(training: Training, measured: Sequence[Comparison]) -> str:
    """Return the card in Markdown; *measured* is what the model found in articles not trained on."""
    lines = [f"# {training.name}", "", _KNOWN.read_text("utf-8").strip(), ""]
    lines += ["## How it was made", "", *_made(training), ""]
    if measured:
        lines += [f"## Figures on {len(measured)} articles that it was not trained on", ""]
        lines += ["F1 in percent; `docs/decisions.md` tells what each measure means.", ""]
        lines += [*_table(measured), ""]
        error = calibration_error(calibration(measured))
        lines += [f"Expected calibration error of its confidence: {error:.3f}.", ""]
    return "\n".join(lines)


def _made(training: Training) -> Iterator[str]:
    settings = {name.replace("_", " "): value for name, value in asdict(training.settings).items()}
    settings |= {
        name: Path(value).name
        for name in ("base", "start")
        if (value := settings[name]) is not None
    }
    for name, digest in training.data.items():
        yield f"- data: `{name}`, SHA-256 `{digest}`"
    yield (
        f"- annotated articles: {training.trained_on:,} to train on,"
        f" {training.held_out:,} held out for calibration"
    )
    yield "- settings: " + ", ".join(f"{name} {value}" for name, value in settings.items())
    packages = ", ".join(f"{package} {version(package)}" for package in _PACKAGES)
    yield f"- Python {platform.python_version()}, {packages}"


def _table(measured: Sequence[Comparison]) -> Iterator[str]:
    rows: Mapping[str, Scores] = {
        "all": score(measured),
        **by_kind(measured),
        **by_publisher(measured),
    }
    yield "| |" + "".join(f" {measure} |" for measure in (*MEASURES, "marked"))
    yield "|---|" + "---:|" * (len(MEASURES) + 1)
    for name, scores in rows.items():
        cells = [f"{100 * scores[measure].f1:.1f}" for measure in MEASURES]
        yield f"| {name} |" + "".join(f" {cell} |" for cell in [*cells, f"{scores['half'].gold:,}"])
