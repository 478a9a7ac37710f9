"""constraints.txt holds what is installed, on every Python, and every installation uses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires

import pytest
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

try:
    import tomllib
except ImportError:  # Python 3.10
    import tomli as tomllib

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
BOUNDED = [*PROJECT["dependencies"], *EXTRAS["train"], *EXTRAS["bench"]]
LOCKED = [*PROJECT["dependencies"], *EXTRAS["test"], *EXTRAS["browser"]]
LINES = [
    line
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
NOT_LOCKED = {"pip"}  # which does not replace itself while at work


def lock(python: str | None = None) -> dict[str, str]:
    """The version of each package that is installed on a Python, by default on this one."""
    version = {"python_version": python, "python_full_version": f"{python}.1"} if python else {}
    found: dict[str, str] = {}
    for line in map(Requirement, LINES):
        if line.marker is None or line.marker.evaluate(version):
            name = canonicalize_name(line.name)
            assert name not in found, f"{name} twice for {python}"
            found[name] = str(line.specifier).removeprefix("==")
    return found


def closure(wanted: list[str]) -> Iterator[str]:
    """The names of what is installed for *wanted*, and of what that needs."""
    seen = set()
    while wanted:
        one = Requirement(wanted.pop())
        name = canonicalize_name(one.name)
        for extra in ("", *one.extras):
            if (name, extra) not in seen and name not in NOT_LOCKED:
                seen.add((name, extra))
                yield name
                wanted += needed(name, extra)


def needed(name: str, extra: str) -> list[str]:
    try:
        all_of_it = map(Requirement, requires(name) or [])
    except PackageNotFoundError:  # of an extra that is not installed here
        return []
    return [
        str(one) for one in all_of_it if one.marker is None or one.marker.evaluate({"extra": extra})
    ]


def test_it_is_made_of_exact_versions_from_the_usual_index() -> None:
    exact = re.compile(r"[a-z0-9-]+==[\w.]+( ; [\w.*'=<>! ()]+)?")
    assert [line for line in LINES if not exact.fullmatch(line)] == []
    assert not NOT_LOCKED & {Requirement(line).name for line in LINES}


@pytest.mark.parametrize("python", PYTHONS)
def test_it_keeps_within_the_bounds(python: str) -> None:
    versions = lock(python)
    for one in map(Requirement, LOCKED):
        assert versions[canonicalize_name(one.name)] in one.specifier, one


def test_it_names_all_that_is_installed() -> None:
    needed = set(closure([*LOCKED]))
    assert len(needed) > len(LOCKED)
    assert needed - set(lock()) == set()


def test_what_ships_has_an_upper_bound() -> None:
    assert [one for one in BOUNDED if "<" not in one] == []


@pytest.mark.parametrize("name", ["README.md", ".ci/run", "Dockerfile", "Justfile"])
def test_every_installation_uses_it(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    commands = re.findall(r"pip install (.*?)(?: && |$)", text, re.MULTILINE)
    of_ours = [one for one in commands if re.search(r" '?\.(\[|$)", f" {one}")]
    assert of_ours
    assert [one for one in of_ours if not re.search(r"-c .*constraints\.txt\b", one)] == []
