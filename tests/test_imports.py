"""Which module may know which: the architecture, checked."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "quotes"
# A module, or a package with all in it, and what of our own it may import.
ALLOWED: dict[str, set[str]] = {
    "__init__": {"pipeline", "models"},
    "__main__": {"cli"},
    "models": set(),
    "data": set(),
    "read": {"models", "data", "read"},
    "quotations": {"models", "data"},
    "segment": {"models", "data", "quotations"},
    "features": {"models"},
    "crf": set(),
    "windows": {"features"},
    "model": {"features", "windows"},
    "tag": {"models", "features", "windows", "crf", "model"},
    "assemble": {"models"},
    "registry": {"models", "data"},
    "check": {"models", "data", "registry"},
    "resolve": {"models", "data", "gazetteer", "registry", "resolve"},
    "context": {"models", "data", "context"},
    "nested": {"models", "data"},
    "cues": {"models", "data"},
    "unsaid": {"models", "data"},
    "relay": {"models", "data"},
    "gazetteer": {"models", "data"},
    "countries": {"models", "data", "gazetteer"},
    "blocks": {"models"},
    "pipeline": {
        *("blocks", "models", "segment", "model", "tag", "assemble", "nested", "cues", "unsaid"),
        *("registry", "context", "resolve", "countries", "relay"),
    },
    "run": {"models", "model", "pipeline", "registry"},
    "rows": {"models"},
    "roster": {"models", "data", "rows"},
    "soundness": set(),
    "store": {"models", "rows", "roster", "soundness"},
    "workplace": {"soundness", "store"},
    "build": {
        *("models", "read", "registry", "tag", "rows", "run", "soundness", "store", "workplace"),
    },
    "search": {"models"},
    "plugin": {"plugin", "data"},
    "annotations": {"models"},
    "markup": {"models", "annotations"},
    "compare": {"models", "annotations", "segment"},
    "evaluate": {"models", "annotations", "compare", "pipeline"},
    "evaluate_speakers": {
        *(
            "models",
            "annotations",
            "compare",
            "context",
            "pipeline",
            "registry",
            "resolve",
            "segment",
        ),
    },
    "cli": {
        *(
            "models",
            "model",
            "read",
            "build",
            "soundness",
            "workplace",
            "search",
            "registry",
            "check",
        ),
        *("annotations", "compare", "evaluate", "evaluate_speakers", "pipeline", "tag", "train"),
        "cli",
    },
    "train": {
        *("models", "segment", "features", "windows", "model", "pipeline", "train"),
        *("annotations", "markup", "evaluate"),
    },
}
STAGES = [
    *("segment", "tag", "assemble", "nested", "resolve", "context", "countries", "relay"),
]


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The parts of our package that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: imports are absolute"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            package, _, rest = name.partition(".")
            if package == "quotes":
                found.add(rest.partition(".")[0])
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=str)
def test_imports_go_one_way(path: Path) -> None:
    assert imported(path) <= ALLOWED[part_of(path)]


def test_every_rule_has_its_module() -> None:
    assert set(ALLOWED) == {part_of(path) for path in PACKAGE.rglob("*.py")}


def test_stages_do_not_know_each_other() -> None:
    for stage in STAGES:
        assert not ALLOWED[stage] & set(STAGES) - {stage}, stage


def test_modules_are_of_a_size_to_be_read() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 300, path
