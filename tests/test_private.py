"""Nothing leaves the machine: no name is looked up, no packet sent, nothing written aside."""

from __future__ import annotations

import ast
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import alone
import pytest
from conftest import ROOT

BIN = Path(sys.executable).parent
BUILDER = (sys.executable, ROOT / "build_db.py", "--db", "quotes.db", "--workers", "2")
ARTICLES = ROOT / "articles"
ONNXRUNTIME = tuple(map(int, version("onnxruntime").split(".")[:2]))
VARIABLE = "ORT_DISABLE_TELEMETRY"
TEXT = "President Ann Lee said that the bridge was open."
EXTRACT = f"from quotes import extract; assert extract({TEXT!r})"
# Without our care. Ten seconds after its start onnxruntime sends what it has noted.
BARE = (
    "import onnxruntime; from quotes.model import SHIPPED, GRAPH;"
    "session = onnxruntime.InferenceSession(str(SHIPPED / GRAPH))"
)
WAIT = "; import time; time.sleep(15)"
SERVE = """
import subprocess, sys, httpx
server = subprocess.Popen([*sys.argv[1:], "--uds", "socket"])
way = httpx.HTTPTransport(uds="socket", retries=8)
client = httpx.Client(transport=way, base_url="http://quotes", follow_redirects=True)
try:
    for path in ("/", "/search?q=enemy", "/speakers", "/api", "/quotes", "/quotes/quotes/1"):
        assert client.get(path).status_code == 200, path
finally:
    server.terminate()
"""
FAR_AWAY = {"AF_INET": "192.0.2.1"}
if Path("/proc/net/snmp6").exists():  # else this kernel has no IPv6
    FAR_AWAY["AF_INET6"] = "2001:db8::1"

reason = alone.not_here()
isolated = pytest.mark.skipif(reason is not None, reason=f"NOT TESTED, nothing leaves: {reason}")


def python(code: str, *arguments: object, **environment: str) -> alone.Report:
    return alone.alone(sys.executable, "-c", code, *arguments, **environment)


def assert_silent(report: alone.Report) -> None:
    assert report.status == 0, report.output
    assert (report.asked, report.sent, report.left) == ([], 0, [])


@isolated
def test_a_build_is_silent() -> None:
    report = alone.alone(*BUILDER, ARTICLES, **{VARIABLE: "0"})
    assert_silent(report)
    assert "Quotes: 10 " in report.output


@isolated
def test_reading_one_text_is_silent() -> None:
    report = alone.alone(BIN / "quotes", "extract", *ARTICLES.iterdir())
    assert_silent(report)
    assert "10 quotes found" in report.output


@isolated
def test_serving_is_silent() -> None:
    """Through a socket in the file system, as a visitor's packets would be counted."""
    serve = [BIN / "datasette", "serve", "quotes.db", "-m", ROOT / "metadata.yml"]
    both = 'set -e; "$1" "$2" --db quotes.db --quiet "$3"; shift 3; exec "$@"'
    builder = [sys.executable, ROOT / "build_db.py", ARTICLES]
    report = alone.alone("sh", "-c", both, "sh", *builder, sys.executable, "-c", SERVE, *serve)
    assert_silent(report)


@isolated
@pytest.mark.skipif(ONNXRUNTIME < (1, 32), reason="this onnxruntime sends nothing anyhow")
def test_onnxruntime_would_not_be_silent() -> None:
    """So the silence is ours. If this fails after an update, the care may have become needless."""
    with ThreadPoolExecutor() as pool:
        ours, bare = pool.map(python, (EXTRACT + WAIT, BARE + WAIT))
    assert_silent(ours)
    assert bare.status == 0
    assert any(name.endswith("microsoft.com") for name in bare.asked)
    assert any(Path(path).name == "deviceid" for path in bare.left)


@isolated
@pytest.mark.parametrize(
    "code",
    [
        "socket.getaddrinfo('control.example', 80)",
        *(
            f"socket.socket(socket.{family}, socket.{kind}).connect(('{address}', 80))"
            for family, address in FAR_AWAY.items()
            for kind in ("SOCK_STREAM", "SOCK_DGRAM")
        ),
    ],
)
def test_an_attempt_is_noticed(code: str) -> None:
    report = python(f"import socket; {code}")
    assert report.status == 1
    assert "rror: [Errno" in report.output
    assert set(report.asked) == ({"control.example"} if "control" in code else set())
    assert report.sent > 0
    assert report.left == []


@isolated
@pytest.mark.parametrize("name", ["HOME", "TMPDIR", "XDG_CACHE_HOME"])
def test_a_file_aside_is_noticed(name: str) -> None:
    write = f"import os; open(os.path.join(os.environ[{name!r}], 'aside'), 'w'); open('work', 'w')"
    report = python(write)
    assert report.status == 0
    assert [Path(path).name for path in report.left] == ["aside"]


@pytest.mark.parametrize("before", [None, "0"])
def test_onnxruntime_is_loaded_with_its_reports_off(before: str | None) -> None:
    """Python tells of each module that it begins to import; onnxruntime's are many."""
    watched = (
        "import os, sys; seen = set()\n"
        "def hook(event, told):\n"
        "    if event == 'import' and told[0].startswith('onnxruntime'):\n"
        f"        seen.add(os.environ.get({VARIABLE!r}))\n"
        f"sys.addaudithook(hook)\n{EXTRACT}\nprint(seen)"
    )
    environment = {} if before is None else {VARIABLE: before}
    done = subprocess.run(
        [sys.executable, "-c", watched], env=environment, capture_output=True, text=True
    )
    assert done.stdout == "{'1'}\n", done.stderr


def loaded(path: Path) -> set[str]:
    """The packages that a file imports; for one that it imports by name, how it does so."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module.partition(".")[0]}
            found |= {alias.name for alias in node.names if node.module == "importlib"}
        elif isinstance(node, ast.Name) and node.id == "__import__":
            found.add(node.id)
    return found


def test_one_module_loads_it() -> None:
    ours = [ROOT / "build_db.py"]
    for folder in ("quotes", "benchmarks", "docs", "training"):
        ours += (ROOT / folder).rglob("*.py")
    by_name = {"import_module", "__import__"}
    assert [path for path in ours if "onnxruntime" in loaded(path)] == []
    assert [path for path in ours if by_name & loaded(path)] == [ROOT / "quotes" / "model.py"]
