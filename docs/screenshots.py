"""Make the pictures of the pages: ``python docs/screenshots.py quotes.db``, or the address of a server.

Needs the extra "browser", and Chromium. The pictures in the project are of the database of articles/ alone: other
papers' texts are not ours to show.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "screenshots"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PORT = 8617
COLOURS = 64
LARGEST = 150_000  # bytes


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: of a path, or of where the first link that fits a selector leads from there."""

    name: str
    path: str
    follow: tuple[str, ...] = ()
    width: int = 1200
    height: int = 900
    dark: bool = False


SEARCH = "/search?q=cooperation"
QUOTE = (f"{SEARCH}&speaker=xi-jinping&addressee=donald-trump", (".hit .words a",))
ARTICLE = (QUOTE[0], (*QUOTE[1], ".ways a[href*='/article/']"))
SHOTS = (
    Shot("home", "/"),
    Shot("search", SEARCH),
    Shot("search-phone", SEARCH, width=390, height=844),
    Shot("search-dark", SEARCH, dark=True),
    Shot("quote", *QUOTE),
    Shot("quote-phone", *QUOTE, width=390, height=844),
    Shot("quote-dark", *QUOTE, dark=True),
    Shot("article", *ARTICLE),
    Shot("speaker", "/speaker/xi-jinping"),
    Shot("speakers", "/speakers"),
    Shot("compare", "/compare?a=xi-jinping&b=donald-trump"),
    Shot("api", "/api"),
    Shot("table", "/quotes/quotes"),
)


@contextmanager
def served(database: str) -> Iterator[str]:
    """Serve a database; what comes out is the server's address."""
    command = [sys.executable, "-m", "datasette", "serve", "-i", database, "-p", str(PORT)]
    server = subprocess.Popen([*command, "-m", str(ROOT / "metadata.yml")])
    try:
        address = f"http://127.0.0.1:{PORT}"
        while not _answers(address) and server.poll() is None:
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(10)


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5):
            return True
    except (URLError, ConnectionError, TimeoutError):
        return False


def take(browser: Browser, address: str, shot: Shot) -> bytes:
    """Return the picture as a PNG of few colours."""
    page: Page = browser.new_page(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
    )
    page.goto(address + shot.path)
    for selector in shot.follow:
        page.locator(selector).first.click()
        page.wait_for_load_state()
        page.evaluate("scrollTo(0, 0)")
    taken = Image.open(io.BytesIO(page.screenshot(caret="hide"))).convert("RGB")
    page.close()
    written = io.BytesIO()
    taken.quantize(COLOURS, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def main(place: str) -> None:
    """Write all pictures, of the database or the server at a place."""
    if not place.startswith(("http://", "https://")):
        with served(place) as address:
            main(address)
        return
    FOLDER.mkdir(exist_ok=True)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    options = ["--no-sandbox"] if root else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        for shot in SHOTS:
            picture = take(browser, place.rstrip("/"), shot)
            if len(picture) > LARGEST:
                raise ValueError(f"{shot.name}.png is larger than {LARGEST} bytes")
            (FOLDER / f"{shot.name}.png").write_bytes(picture)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
