"""What the tests in a browser share: a server, Chromium, axe, and the list of pages."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

import datasette
import pytest
from conftest import DEV_TEXTS, ROOT, build_db

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
GET_PLAYWRIGHT = "no Playwright: pip install -e '.[test,browser]'"
GET_CHROMIUM = f"no {CHROMIUM}: apt-get install chromium, or set CHROMIUM to where it is"
GET_AXE = "no axe: npm install --prefix tests/browser"
PHONE, DESK = 320, 1200
# What pages are about; paths in tests/cases/pages*.jsonl have them between braces.
FACTS = """
    SELECT quotes.uid AS quote, articles.uid AS article, speakers.slug AS speaker, quotes.id AS row
    FROM quotes JOIN articles ON articles.id = article_id JOIN speakers ON speakers.id = speaker_id
    WHERE speakers.slug = 'xi-jinping' AND addressee_id IS NOT NULL
        AND quotes.text LIKE '%cooperation%'
    ORDER BY quotes.id
"""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what axe would rather have otherwise; it fails nothing."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    told = [advice for report in reports for advice in getattr(report, "user_properties", ())]
    for advice in sorted({text for name, text in told if name == "axe advises"}):
        terminalreporter.write_line(f"axe advises: {advice}")


@pytest.fixture(scope="session", autouse=True)
def tools() -> None:
    """Skip all that is here where the tools for it are not."""
    pytest.importorskip("playwright.sync_api", reason=GET_PLAYWRIGHT)
    if not shutil.which(CHROMIUM):
        pytest.skip(GET_CHROMIUM)
    if not AXE.is_file():
        pytest.skip(GET_AXE)


@pytest.fixture(scope="session")
def site_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of articles/, and of some more where they are."""
    path = tmp_path_factory.mktemp("site") / "quotes.db"
    more = sorted(DEV_TEXTS.glob("*.txt"))[::4]  # enough for several pages of hits
    assert build_db("--db", path, ROOT / "articles", *more).returncode == 0
    return path


@pytest.fixture(scope="session")
def facts(site_db: Path) -> dict[str, Any]:
    """What is on the pages."""
    connection = sqlite3.connect(site_db)
    connection.row_factory = sqlite3.Row
    found = dict(connection.execute(FACTS).fetchone())
    connection.close()
    return found


@pytest.fixture(scope="module")
def site(site_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of that database, without a slash at its end."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    metadata = str(ROOT / "metadata.yml")
    # Datasette 1.0 has the canned queries from its configuration.
    config = [] if datasette.__version__.startswith("0.") else ["-c", metadata]
    command = [sys.executable, "-m", "datasette", "serve", "-i", str(site_db), "-m", metadata]
    command += [*config, "-p", str(port), "--setting", "sql_time_limit_ms", "5000"]
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("w") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        address = f"http://127.0.0.1:{port}"
        _await(f"{address}/-/versions.json", server, log)
        yield address
    finally:
        server.terminate()
        server.wait(10)


def _await(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while not _answers(address):
        if server.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"The server does not answer: {log.read_text()}")
        time.sleep(0.1)


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5):
            return True
    except (URLError, ConnectionError, TimeoutError):
        return False


# Not for the whole session: Playwright's event loop must end before other tests run theirs.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    root = hasattr(os, "geteuid") and os.geteuid() == 0
    options = ["--no-sandbox"] if root else []
    with sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=options)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens a page: ``visit(path, width=..., dark=..., **options of Playwright's contexts)``.

    A page that complains in the console, or that asks another server for something, fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(path: str = "/", width: int = DESK, dark: bool = False, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            base_url=site,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: complaints.extend(_complaint(page.url, said)))
        page.on("request", lambda asked: complaints.extend(_elsewhere(page.url, asked.url, site)))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _complaint(where: str, said: Any) -> list[str]:
    # The browser also tells the status of a page that there is not.
    harmless = "Failed to load resource: the server responded with a status of 40"
    bad = said.type in ("error", "warning") and not (
        said.text.startswith(harmless) and said.location.get("url") == where
    )
    return [f"{where}: {said.text}"] if bad else []


def _elsewhere(where: str, asked: str, site: str) -> list[str]:
    return [] if asked.startswith((f"{site}/", "data:")) else [f"{where}: asks for {asked}"]


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[str]]:
    """What of a page is against the rules of axe that have one of some tags: rule, place, remedy."""
    source = AXE.read_text("utf-8")

    def violations(page: Page, *tags: str) -> list[str]:
        page.evaluate(source)
        options = {"runOnly": list(tags), "resultTypes": ["violations"]}
        found = page.evaluate("options => axe.run(options)", options)
        return [
            f"{rule['id']} at {node['target'][0]}: {' '.join(node['failureSummary'].split()[6:])}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    return violations
