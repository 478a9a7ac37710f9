"""The page on data and API: its examples are run as they are, against a server that people would run."""

from __future__ import annotations

import html
import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from test_plugin_app import ask, check, read
from test_plugin_stream import serving

from quotes.plugin.asking.question import FILTERS
from quotes.plugin.formats.exports import FIELDS
from quotes.plugin.pages.api import Example


@pytest.fixture(scope="module")
def host(seed_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(seed_db, tmp_path_factory.mktemp("log") / "log") as host:
        yield host


@pytest.fixture(scope="module")
def page(host: str) -> str:
    with urlopen(f"http://{host}/api") as answer:
        return str(answer.read().decode("utf-8"))


def example(page: str, name: str) -> str:
    """Return the code of an example as a reader copies it."""
    (found,) = re.findall(rf'<pre id="{name}"><code>(.*?)</code></pre>', page, re.DOTALL)
    return html.unescape(found)


def addresses(page: str) -> list[str]:
    """Return what the page itself links to, its head and foot left out."""
    return read(page.partition("<main")[2].partition("</main>")[0]).addresses


def test_the_page_is_one_of_ours(seed_db: Path) -> None:
    (answer,) = ask(seed_db, ["/api"])
    check(answer)


@pytest.mark.parametrize("name", ["python", "python-all"])
def test_the_python_examples_run(page: str, name: str) -> None:
    known: dict[str, object] = {}
    with redirect_stdout(io.StringIO()) as printed:
        exec(example(page, name), known)
    if name == "python":
        total = int(printed.getvalue().split()[0])
        assert total >= 1
        assert len(printed.getvalue().splitlines()) == 1 + min(total, 20)
    else:
        assert isinstance(known["quotes"], list)
        assert set(known["quotes"][0]) == {*FIELDS, "marks"}


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl here")
@pytest.mark.parametrize("name", ["curl", "curl-dump"])
def test_the_curl_examples_run(page: str, tmp_path: Path, name: str) -> None:
    command = example(page, name).replace("curl ", "curl --silent ", 1)
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=True)
    if name == "curl":
        assert json.loads(done.stdout)["total"] >= 1
    else:
        header, *rows = (tmp_path / "spans.csv").read_text("utf-8").splitlines()
        assert header == "quote_uid,role,start,end"
        assert rows


@pytest.mark.skipif(not shutil.which("node"), reason="there is no Node.js here")
def test_the_javascript_example_runs(page: str) -> None:
    command = ["node", "--input-type=module", "--eval", example(page, "javascript")]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert re.match(r"\d+ quotes\n", done.stdout)


@pytest.mark.skipif(not shutil.which("Rscript"), reason="there is no R here")
@pytest.mark.parametrize("name", ["r", "r-all"])
def test_the_r_examples_run(page: str, name: str) -> None:
    subprocess.run(["Rscript", "-e", example(page, name)], check=True)


def test_every_address_answers(host: str, page: str) -> None:
    ours = {link for link in addresses(page) if link.startswith("/")}
    assert len(ours) > 20
    for path in sorted(ours):
        with urlopen(f"http://{host}{path}") as answer:
            assert answer.status == 200, path


def test_json_addresses_are_json(host: str, page: str) -> None:
    links = {link for link in addresses(page) if re.search(r"\.json\b", link)}
    assert len(links) == 5
    for path in links:
        with urlopen(f"http://{host}{path}") as answer:
            assert json.load(answer), path


def test_the_fields_are_told(page: str) -> None:
    told = re.findall(r'<th scope="row"><code>(\w+)</code>', page)
    assert set(told) >= {*FIELDS, *FILTERS, "q", "sort", "page", "total", "facets", "quotes"}


def test_a_new_build_is_told_by_the_tag(host: str) -> None:
    with urlopen(f"http://{host}/search.json?q=virus") as answer:
        tag = answer.headers["ETag"]
    asked = Request(f"http://{host}/search.json?q=virus", headers={"If-None-Match": tag})
    with pytest.raises(OSError, match="304"):
        urlopen(asked)


def test_no_address_leaves_its_quotation_marks() -> None:
    odd = Example("http://a'$(x)\"\\b/")
    assert json.loads(odd.string) == odd.address
    done = subprocess.run(["sh", "-c", f"printf %s {odd.word}"], capture_output=True, check=True)
    assert done.stdout.decode() == odd.address
