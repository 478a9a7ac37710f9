"""The README's consoles, run: a command after "$", what it prints below it, "…" for anything.

``python tests/test_readme.py`` writes what the commands print now into the README.
"""

from __future__ import annotations

import contextlib
import doctest
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
CONSOLE = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)
PORT = "8001"
BIN = Path(sys.executable).parent
ENVIRONMENT = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "80"}


def steps(text: str) -> list[tuple[str, str]]:
    """The commands of all consoles, each with what is printed below it."""
    blocks = "".join(CONSOLE.findall(text))
    found = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", blocks, re.MULTILINE)
    return [(command, output) for command, output in found]


def run(command: str, folder: Path, port: str) -> str:
    result = subprocess.run(
        command.replace(PORT, port),
        shell=True,
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    printed = result.stdout.replace(port, PORT)
    return printed if printed.endswith("\n") else printed + "\n"


@contextlib.contextmanager
def home() -> Iterator[Path]:
    """A folder as a clone has it, without a database."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "articles", Path(folder) / "articles")
        shutil.copy(ROOT / "metadata.yml", folder)
        yield Path(folder)


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Datasette on a free port, with the database that the first command builds."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [BIN / "datasette", "quotes.db", "-m", "metadata.yml", "-p", port]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/-/versions.json")
            yield port
        finally:
            server.terminate()


def wait_for(url: str) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


def printed(commands: list[str]) -> list[str]:
    """What the commands print, the first of which builds the database."""
    with home() as folder:
        first = run(commands[0], folder, PORT)
        with served(folder) as port:
            return [first, *(run(command, folder, port) for command in commands[1:])]


@pytest.mark.skipif(not shutil.which("curl"), reason="the README's examples need curl")
def test_every_output_is_what_the_command_prints() -> None:
    shown = steps(README.read_text("utf-8"))
    assert len(shown) >= 6
    assert shown[0][0].startswith("quotes build")
    outputs = printed([command for command, _ in shown])
    for (command, expected), output in zip(shown, outputs, strict=True):
        pattern = ".*?".join(re.escape(part) for part in expected.split("…"))
        assert re.fullmatch(pattern, output), f"{command}\nprints now:\n{output}"


@pytest.mark.parametrize(
    "page", [README, ROOT / "docs" / "speakers.md"], ids=lambda page: page.name
)
def test_the_python_in_it_runs(page: Path) -> None:
    blocks = re.findall(r"^ *```pycon\n(.*?)```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    shared: dict[str, object] = {}
    for block in blocks:
        example = doctest.DocTestParser().get_doctest(block, shared, page.name, str(page), 0)
        runner = doctest.DocTestRunner()
        assert runner.run(example, clear_globs=False) == doctest.TestResults(
            0, len(example.examples)
        )
        shared |= example.globs
    assert blocks


def test_the_consoles_of_the_speakers_page() -> None:
    shown = steps((ROOT / "docs" / "speakers.md").read_text("utf-8"))
    assert shown
    with home() as folder:
        for command, expected in shown:
            pattern = ".*?".join(re.escape(part) for part in expected.split("…"))
            assert re.fullmatch(pattern, run(command, folder, PORT)), command


def test_the_two_commands_come_first() -> None:
    blocks = re.findall(r"```sh\n(.*?)\n```", README.read_text("utf-8"), re.DOTALL)
    setup = "python3 -m venv .venv && .venv/bin/pip install "
    assert [block.startswith(setup) for block in blocks[:2]] == [True, True]
    assert blocks[0].endswith(".venv/bin/datasette quotes.db -m metadata.yml")
    assert blocks[1].endswith("'.[test]' && .venv/bin/pytest")
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert blocks[0].rpartition(" && ")[0] in script
    assert blocks[1].rpartition(" && ")[0] in script


def test_every_link_leads_somewhere() -> None:
    for page in [README, *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page}: {target}"


def rewrite() -> None:
    text = README.read_text("utf-8")
    shown = steps(text)
    for (command, old), new in zip(shown, printed([c for c, _ in shown]), strict=True):
        steady = re.sub(r"^[\d.]+(?= seconds\.$)", "…", new, flags=re.MULTILINE)
        text = text.replace(f"$ {command}\n{old}", f"$ {command}\n{steady}")
    README.write_text(text, "utf-8")


if __name__ == "__main__":
    rewrite()
