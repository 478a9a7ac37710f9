"""docs/deploy.md and the Dockerfile name what exists, and their commands serve a database."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
from conftest import ROOT
from datasette.app import SETTINGS

BIN = Path(sys.executable).parent
PAGE = (ROOT / "docs" / "deploy.md").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
PORT = "8001"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} (.*)$", DOCKERFILE, re.MULTILINE)


def command(text: str) -> list[str]:
    """The arguments of the first `datasette serve` in a text, its lines joined."""
    joined = text.replace("\\\n", " ")
    (line,) = re.findall(r"^(?:ExecStart=)?\S*datasette serve .*$", joined, re.MULTILINE)[:1]
    return shlex.split(line.removeprefix("ExecStart="))


SERVED = {
    "by hand": command(blocks("sh")[0]),
    "as a service": command(blocks("ini")[0]),
    "in a container": json.loads(instructions("CMD")[0]),
}


def settings(arguments: list[str]) -> dict[str, str]:
    places = [at for at, argument in enumerate(arguments) if argument == "--setting"]
    return {arguments[at + 1]: arguments[at + 2] for at in places}


def after(option: str, arguments: list[str]) -> str:
    return arguments[arguments.index(option) + 1]


def shown(value: object) -> str:
    """A setting as it is typed."""
    return ("off", "on")[value] if isinstance(value, bool) else str(value)


@pytest.fixture(scope="module")
def folder(seed_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the commands are run in: the database and its counts."""
    place = tmp_path_factory.mktemp("deploy")
    shutil.copy(seed_db, place / "quotes.db")
    (place / "current").symlink_to(".")
    inspect = [BIN / "datasette", "inspect", "quotes.db", "--inspect-file", "counts.json"]
    subprocess.run(inspect, cwd=place, check=True)
    return place


def got(arguments: list[str], folder: Path, path: str) -> subprocess.CompletedProcess[str]:
    """What a command of the page answers, with the metadata from where it is."""
    assert Path(arguments[0]).name == "datasette"
    metadata = after("-m", arguments)
    assert Path(metadata).name == "metadata.yml"
    here = [str(ROOT / "metadata.yml") if a == metadata else a for a in arguments[1:]]
    command = [BIN / "datasette", *here, "--get", path]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_every_setting_exists() -> None:
    known = {setting.name: setting.default for setting in SETTINGS}
    named = set(re.findall(r"--setting (\w+)", PAGE + DOCKERFILE))
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (\w+) \|", PAGE, re.MULTILINE)
    assert named | {name for name, _, _ in rows} <= set(known)
    assert all(default == shown(known[name]) for name, default, _ in rows)
    assert {name: here for name, _, here in rows} == settings(SERVED["by hand"])


def test_every_word_that_looks_like_a_setting_is_one() -> None:
    prose = PAGE.partition("These may stay")[2].partition("\n\n")[0]
    named = set(re.findall(r"`(\w+)`", prose))
    assert len(named) >= 6
    assert named <= {setting.name for setting in SETTINGS}


@pytest.mark.parametrize("arguments", SERVED.values(), ids=SERVED)
def test_the_command_serves_with_its_settings(arguments: list[str], folder: Path) -> None:
    assert settings(arguments) == settings(SERVED["by hand"])
    told = json.loads(got(arguments, folder, "/-/settings.json").stdout)
    assert settings(arguments).items() <= {name: shown(told[name]) for name in told}.items()


def test_what_is_served_and_what_is_not(folder: Path) -> None:
    served = SERVED["by hand"]
    rows = got(served, folder, "/quotes/search.json?_shape=array&words=enemy")
    assert len(json.loads(rows.stdout)) == 1
    for path in ("/quotes.db", "/quotes.json?sql=select+1", "/quotes/quotes.csv?_stream=1"):
        assert got(served, folder, path).returncode == 1, path


def test_one_port_everywhere() -> None:
    assert {after("-p", arguments) for arguments in SERVED.values()} == {PORT}
    assert instructions("EXPOSE") == [PORT]
    assert f"127.0.0.1:{PORT}/" in instructions("HEALTHCHECK")[0]
    for language in ("nginx", "caddy"):
        assert set(re.findall(r"127\.0\.0\.1:(\d+)", "".join(blocks(language)))) == {PORT}
    assert set(re.findall(r"-p 127\.0\.0\.1:(\d+):(\d+)", PAGE + DOCKERFILE)) == {(PORT, PORT)}


def test_the_image_gets_what_it_copies() -> None:
    rules = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    allowed = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = {
        source
        for line in instructions("COPY")
        if "--from=" not in line
        for source in line.split()[:-1]
    }
    assert copied == allowed
    assert not [source for source in copied if not (ROOT / source).exists()]
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    needed = re.findall(r'"?((?:README|LICENSE)[.\w]*)"', project)
    assert set(needed) <= copied
    assert any(fnmatch("quotes/__pycache__", rule) for rule in rules)


def test_the_image_starts_what_it_has() -> None:
    assert "USER quotes" in DOCKERFILE
    assert DOCKERFILE.index("USER quotes") < DOCKERFILE.index("\nCMD")
    check = json.loads(instructions("HEALTHCHECK")[0].partition("CMD ")[2])
    compile(check[-1], "HEALTHCHECK", "exec")
    (made,) = (line for line in instructions("COPY") if "quotes.db" in line)
    assert made.split()[1:] == ["/build/quotes.db", "/build/counts.json", "./"]
    assert "/venv/bin/datasette inspect quotes.db --inspect-file counts.json" in instructions("RUN")


def test_publishing_uses_options_that_exist() -> None:
    (block,) = (block for block in blocks("sh") if "datasette publish" in block)
    for line in block.replace("\\\n", " ").splitlines():
        words = shlex.split(line)
        if words[:2] == ["datasette", "publish"] and words[2] != "fly":  # that is a plugin
            told = subprocess.run(
                [BIN / "datasette", "publish", words[2], "--help"],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            options = {word for word in words[3:] if re.fullmatch(r"--?[a-z-]+", word)}
            assert {"-m", "--install", "--extra-options"} <= options
            assert not [option for option in options if not re.search(rf"{option}\b", told)]
            extra = shlex.split(after("--extra-options", words))
            assert settings(extra).items() <= settings(SERVED["by hand"]).items()
