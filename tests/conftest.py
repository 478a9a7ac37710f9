"""What tests share: where things are, cases read as data, databases built once."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import handmade
import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"
SHARED = ROOT.parent / "shared"
DEV_TEXTS = SHARED / "polnear" / "dev" / "text"
# No test fails as a machine is busy, and a gate doesn't fail by chance.
settings.register_profile(
    "steady",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")


def cases(name: str) -> list[object]:
    """Return the cases of tests/cases/NAME.jsonl; one with "xfail" is known to fail."""
    found: list[object] = []
    for number, line in enumerate((CASES / f"{name}.jsonl").read_text("utf-8").splitlines(), 1):
        case = json.loads(line)
        reason = case.pop("xfail", None)
        marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
        found.append(pytest.param(case, id=f"{name}:{number}", marks=marks))
    return found


def build_db(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the builder as a person would."""
    given = [one if isinstance(one, bytes) else str(one) for one in arguments]
    command = [sys.executable, str(ROOT / "build_db.py"), *given]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def seed_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of articles/."""
    path = tmp_path_factory.mktemp("seed") / "quotes.db"
    assert build_db("--db", path).returncode == 0
    return path


@pytest.fixture(scope="session")
def dev_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of 84 articles from seven American newspapers."""
    if not DEV_TEXTS.is_dir():
        pytest.skip(f"no real input: {DEV_TEXTS} is not here")
    path = tmp_path_factory.mktemp("dev") / "quotes.db"
    assert build_db("--db", path, DEV_TEXTS).returncode == 0
    return path


@pytest.fixture(scope="session")
def handmade_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of odd texts, gaps and links, to be read only."""
    return handmade.build(tmp_path_factory.mktemp("handmade") / "quotes.db")


@pytest.fixture(scope="module")
def handmade_opened(handmade_db: Path) -> Iterator[sqlite3.Connection]:
    """A connection to it."""
    with closing(sqlite3.connect(f"{handmade_db.as_uri()}?mode=ro", uri=True)) as connection:
        yield connection
