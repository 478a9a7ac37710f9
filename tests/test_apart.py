"""Reading in a process of its own: what would exhaust or crash it costs its file, and nothing else."""

from __future__ import annotations

import gzip
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from quotes.models import Article, Notice, Reject
from quotes.read import File, find, limits
from quotes.read.apart import Apart

SENTENCE = "President Ann Lee said that it rained."


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    with Apart() as started:
        yield started


def peak(apart: Apart) -> int:
    """The most memory that the process has had, in MiB."""
    status = Path(f"/proc/{apart._process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def packed(path: Path, data: bytes) -> File:
    path.write_bytes(gzip.compress(data, 1))
    return File(str(path), name=f"in/{path.name}")


def reasons(parts: list[Article | Notice | Reject]) -> list[str]:
    return [part.reason for part in parts if isinstance(part, Reject)]


def test_it_reads_what_is_read_here(apart: Apart, tmp_path: Path) -> None:
    from quotes.read import read

    (tmp_path / "a.txt").write_text(SENTENCE)
    (tmp_path / "b.jsonl").write_text(f'{{"text": "{SENTENCE}"}}\n{{}}\n')
    (tmp_path / "metadata.csv").write_text("filename,title,date\na,Talks,yesterday\n")
    found = find([str(tmp_path)], apart.load)
    assert found == find([str(tmp_path)])
    assert len(found.rejects) == 1
    for file in found.files:
        assert list(apart.read(file)) == list(read(file))


# Small files that unpack to much. Each was read whole, in the memory of the build, or for ever.
BOMBS = {
    "30 million line ends": ("a.txt.gz", b"\n" * 30_000_000 + SENTENCE.encode(), None),
    "lines of spaces": ("a.txt.gz", b" \n" * 30_000_000 + SENTENCE.encode(), None),
    "a million lists": ("a.json.gz", b"[" + b"[]," * 900_000 + b"[]]", "JSON: not an object"),
    "20 million lists": ("a.json.gz", b"[" + b"[]," * 20_000_000 + b"[]]", "GiB of memory"),
    "a million objects": ("a.jsonl.gz", b"{}\n" * 1_000_000, "text: missing"),
    "a header of commas": ("a.csv.gz", b"," * 60_000_000 + b"\n", "more than 1,000 columns"),
    "a row of commas": ("a.csv.gz", b"text\n" + b"," * 60_000_000 + b"\n", "fields under"),
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is NOT measured here")
@pytest.mark.parametrize(("name", "data", "reason"), BOMBS.values(), ids=BOMBS)
def test_a_small_file_takes_no_more_memory_than_is_meant(
    name: str, data: bytes, reason: str | None, tmp_path: Path
) -> None:
    file = packed(tmp_path / name, data)
    with Apart() as apart:
        before = peak(apart)
        parts = list(apart.read(file))
        assert len(parts) <= limits.MOST_TOLD + 1
        if reason is None:
            (article,) = parts
            assert isinstance(article, Article)
            assert SENTENCE in article.text
        else:
            assert not [part for part in parts if not isinstance(part, Reject)]
            assert reason in reasons(parts)[0]
            assert all(part.path.startswith(f"in/{name}") for part in parts)
        if "memory" not in (reason or ""):  # it has ended, then
            assert peak(apart) - before < 800
        assert len(list(apart.read(packed(tmp_path / "b.txt.gz", SENTENCE.encode())))) == 1


def test_many_rejects_of_a_file_are_told_in_one(apart: Apart, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = ["{}"] * 250 + [json.dumps({"text": SENTENCE})]
    path.write_text("\n".join(lines))
    *rejects, article, last = apart.read(File(str(path), name="in/a.jsonl"))
    assert isinstance(article, Article)
    assert [part.path for part in rejects] == [f"in/a.jsonl#{n}" for n in range(1, 101)]
    assert last == Reject("in/a.jsonl#250", "text: missing (and 149 more before it)")


def test_more_records_than_a_file_may_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from quotes.read import read, records

    monkeypatch.setattr(records, "MOST_RECORDS", 3)
    line = json.dumps({"text": SENTENCE})
    for name, content in {
        "a.jsonl": f"{line}\n" * 5,
        "a.json": f"[{','.join([line] * 5)}]",
        "a.csv": "text\n" + f"{SENTENCE}\n" * 5,
    }.items():
        (tmp_path / name).write_text(content)
        parts = list(read(File(str(tmp_path / name), name=name)))
        assert [type(part) for part in parts] == [Article] * 3 + [Reject]
        assert parts[-1] == Reject(name, "more than 3 records: the rest is not read")


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        (" ".join(f"a{n}" for n in range(160_000)), "a tag of more than 5,000 attributes"),
        ('a="" ' * 6000, "a tag of more than 5,000 attributes"),
        ("a='>' " * 6000, "a tag of more than 5,000 attributes"),
        ("/a" * 6000, "a tag of more than 5,000 attributes"),
        ("><script/><div " + "a " * 6000, "a tag of more than 5,000 attributes"),
        ("><!-- <script> --><div " + "a " * 6000, "a tag of more than 5,000 attributes"),
        ("><title><script></title><div " + "a " * 6000, "a tag of more than 5,000 attributes"),
        ("a " * 1900 + "><p " * 10, None),
        ('title="' + "many words " * 3000 + '"', None),
    ],
)
def test_attributes(attributes: str, reason: str | None, apart: Apart, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    body = "The minister spoke of the harbour and of the bridge. " * 30
    path.write_text(f"<html><body><div {attributes}><p>{body}</p></div></body></html>")
    (part,) = apart.read(File(str(path)))
    if reason:
        assert isinstance(part, Reject)
        assert reason in part.reason
    else:
        assert isinstance(part, Article)


def test_what_stands_in_a_script_is_no_attribute(apart: Apart, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    body = "The minister spoke of the harbour and of the bridge. " * 30
    script = "for (i=0; i <n ; i++) { x ( 'a' ) ; if (a >= b) { y() ; } } " * 3000
    path.write_text(f"<html><script>{script}</script><body><p>{body}</p></body></html>")
    assert [type(part) for part in apart.read(File(str(path)))] == [Article]


def test_attributes_of_a_page(apart: Apart, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html><body>" + ("<p " + "a " * 4000 + ">") * 100)
    assert "more than 250,000 attributes" in reasons(list(apart.read(File(str(path)))))[0]


def test_a_process_that_dies_costs_its_file(apart: Apart, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"text": "{SENTENCE} {n}"}}\n' for n in range(50_000)))
    parts = apart.read(File(str(path), name="in/a.jsonl"))
    first = next(parts)
    assert isinstance(first, Article)
    os.kill(apart._process.pid, signal.SIGKILL)
    killed = apart._process.pid
    while apart._process.pid == killed:  # what it had sent, until another one goes on behind that
        assert isinstance(next(parts), Article)
    os.kill(apart._process.pid, signal.SIGKILL)
    *_, last = parts
    assert last == Reject("in/a.jsonl", "the process that read it ended with status -9")
    assert len(list(apart.read(File(str(path))))) == 50_000


def test_one_kill_costs_nothing(apart: Apart, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"text": "{SENTENCE} {n}"}}\n' for n in range(5000)))
    parts = apart.read(File(str(path), name="in/a.jsonl"))
    first = next(parts)
    os.kill(apart._process.pid, signal.SIGKILL)
    assert [first, *parts] == list(apart.read(File(str(path), name="in/a.jsonl")))
    (tmp_path / "metadata.csv").write_text("filename,title\na,Talks\n")
    os.kill(apart._process.pid, signal.SIGKILL)
    sidecar, rejects = apart.load(tmp_path / "metadata.csv")
    assert (sidecar.about(path).title, rejects) == ("Talks", ())


def test_a_file_may_be_left_in_the_middle(apart: Apart, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"text": "{SENTENCE} {n}"}}\n' for n in range(50_000)))
    parts = apart.read(File(str(path)))
    assert isinstance(next(parts), Article)
    parts.close()
    path.write_text(json.dumps({"text": SENTENCE}))
    assert len(list(apart.read(File(str(path))))) == 1


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no limit of time on this system")
def test_time_is_limited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from quotes.read import apart as module

    # A second, in place of a minute, in the process that is started.
    hurried = module._START.replace("serve()", "apart.SECONDS = 1; apart.serve()")
    hurried = hurried.replace(
        "from quotes.read.apart import serve", "from quotes.read import apart"
    )
    monkeypatch.setattr(module, "_START", hurried)
    file = packed(tmp_path / "a.jsonl.gz", b"\n" * 60_000_000 + b"{}")
    with Apart() as apart:
        assert reasons(list(apart.read(file))) == ["takes more than 60 seconds to read"]


def test_a_sidecar_that_ends_the_process_tells_nothing(tmp_path: Path) -> None:
    line = '{"filename": "' + "a" * 1000 + '", "title": ['
    (tmp_path / "metadata.jsonl").write_text(line + "[]," * 20_000_000 + "[]]}")
    (tmp_path / "a.txt").write_text(SENTENCE)
    with Apart() as apart:
        found = find([str(tmp_path)], apart.load)
        (reject,) = found.rejects
        assert reject.path == f"{tmp_path.name}/metadata.jsonl"
        assert "GiB of memory" in reject.reason
        assert [type(part) for file in found.files for part in apart.read(file)] == [Article]
