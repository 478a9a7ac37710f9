import io
import os
from datetime import date

import pytest

from quotes.models import Reject
from quotes.read import Facts, find


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path, text="The minister spoke."):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def paths(found):
    return [source.path for source in found.files]


def test_folders_are_read_in_order_of_name(folder):
    for name in ("b.txt", "a/z.html", "a/b.MD.gz", "c.jsonl", "a.txt", "D.csv"):
        write(folder / "in" / name)
    expected = ["in/D.csv", "in/a/b.MD.gz", "in/a/z.html", "in/a.txt", "in/b.txt", "in/c.jsonl"]
    assert paths(find(["in"])) == expected
    assert paths(find(["./in/"])) == expected
    assert paths(find([str(folder / "in")])) == [str(folder / path) for path in expected]


def test_a_file_named_twice_is_read_once(folder):
    write(folder / "in/a.txt")
    assert paths(find(["in/a.txt", "in", "in/a.txt"])) == ["in/a.txt"]


def test_other_endings_are_skipped_by_name(folder):
    for name in ("a.pdf", "b", "c.txt.zip", "txt"):
        write(folder / "in" / name)
    write(folder / "d.docx")
    found = find(["in", "d.docx", "in"])
    assert found.skipped == ("in/a.pdf", "in/b", "in/c.txt.zip", "in/txt", "d.docx")
    assert found.files == ()


def test_names_with_a_dot_are_passed_over_in_folders(folder):
    write(folder / "in/.a.txt")
    write(folder / "in/.git/b.txt")
    found = find(["in"])
    assert (found.files, found.skipped) == ((), ())
    assert paths(find(["in/.a.txt"])) == ["in/.a.txt"]


def test_missing(folder):
    write(folder / "a.txt")
    found = find(["nowhere", "a.txt", "no/file.txt"])
    assert found.missing == ("nowhere", "no/file.txt")
    assert paths(found) == ["a.txt"]
    odd = ("x" * 5000, "a\0b", "")
    assert find(odd).missing == odd


def test_links_in_a_circle(folder):
    write(folder / "in/deep/a.txt")
    os.symlink(folder / "in", folder / "in/deep/again")
    os.symlink("nowhere.txt", folder / "in/dangling.txt")
    assert paths(find(["in"])) == ["in/dangling.txt", "in/deep/a.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_closed_folder_is_reported(folder):
    write(folder / "in/closed/a.txt")
    (folder / "in/closed").chmod(0)
    found = find(["in"])
    (folder / "in/closed").chmod(0o700)
    assert found.rejects == (Reject("in/closed", "cannot be read: Permission denied"),)


def test_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"The minister spoke.")))
    (source,) = find(["-", "-"]).files
    assert (source.path, source.data) == ("-", b"The minister spoke.")


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("metadata.csv", "filename,title,date\na.txt,Talks,27 March 2020\n"),
        ("metadata.csv", "Path;Title;Published\nsub/a.txt;Talks;2020-03-27\n"),
        ("metadata.tsv", "filename\ttitle\tpublication_date\tmood\na\tTalks\t2020-03-27\tgood\n"),
        (
            "metadata.jsonl",
            '{"path": "sub\\\\a", "title": "Talks", "published": "2020-03-27", "pages": 3}\n',
        ),
    ],
)
def test_sidecars(folder, name, table):
    write(folder / "in/sub/a.txt.gz")
    write(folder / "in/sub/b.txt")
    write(folder / "in" / name, table)
    a, b = find(["in"]).files
    assert a.known == Facts(title="Talks", published=date(2020, 3, 27))
    assert b.known == Facts()


def test_the_nearest_sidecar_wins_column_by_column(folder):
    write(folder / "in/metadata.csv", "filename,title,author\na,Far,Jane Roe\n")
    write(folder / "in/sub/metadata.csv", "filename,title\na.txt,Near\n")
    write(folder / "in/sub/a.txt")
    (source,) = find(["in"]).files
    assert source.known == Facts(title="Near", author="Jane Roe")


def test_a_sidecar_serves_a_file_given_by_name(folder):
    write(folder / "in/metadata.csv", "filename,title\na,Talks\n")
    write(folder / "in/a.txt")
    found = find(["in/a.txt", "in/metadata.csv"])
    assert [source.known.title for source in found.files] == ["Talks"]
    assert found.skipped == ("in/metadata.csv",)


def test_a_name_with_an_ending_means_that_file(folder):
    write(folder / "in/metadata.csv", "filename,title\na.txt,Talks\n")
    write(folder / "in/a.html")
    (source,) = find(["in"]).files
    assert source.known == Facts()


@pytest.mark.parametrize(
    ("name", "data", "rejects"),
    [
        ("metadata.csv", b"", [("metadata.csv", "empty")]),
        ("metadata.csv", b"a,b\n1,2\n", [("metadata.csv", "no column named path or filename")]),
        (
            "metadata.csv",
            b"filename,title,date\na,Talks,yesterday\n",
            [("metadata.csv#1", "date: not a date, or not only one: 'yesterday'")],
        ),
        ("metadata.jsonl", b"[1]\n{}\n", [("metadata.jsonl#1", "JSON: not an object")]),
        (
            "metadata.jsonl",
            b'{"filename": "\xff"}\n',
            [("metadata.jsonl#1", "encoding: not UTF-8")],
        ),
    ],
)
def test_bad_sidecars_are_reported(folder, name, data, rejects):
    write(folder / "in/a.txt")
    (folder / "in" / name).write_bytes(data)
    found = find(["in", "in/a.txt"])
    assert found.rejects == tuple(Reject(f"in/{path}", reason) for path, reason in rejects)
    assert paths(found) == ["in/a.txt"]
    assert found.files[0].known.title == ("Talks" if b"Talks" in data else None)


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_name_in_another_encoding(folder):
    write(folder / os.fsdecode(b"in/caf\xe9.txt"))
    write(folder / os.fsdecode(b"in/caf\xe9.pdf"))
    found = find(["in"])
    assert found.skipped == ("in/caf\ufffd.pdf",)
    assert len(found.files) == 1
