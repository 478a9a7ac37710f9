"""What a build works on and leaves: whole, in one file, with the rights that the old one had."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from conftest import ROOT, build_db
from test_build import count, write_articles

from quotes.soundness import StoreError, damage, verify
from quotes.workplace import _take_rights

NOBODY = 65534


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of three articles."""
    folder = tmp_path_factory.mktemp("three")
    path = folder / "x.db"
    assert build_db("--db", path, write_articles(folder / "old", 3)).returncode == 0
    return path


@pytest.fixture
def target(three: Path, tmp_path: Path) -> Path:
    """A copy of it, to be written to."""
    return Path(shutil.copy(three, tmp_path))


def building(target: Path) -> Path:
    return target.with_name(f"{target.name}.building")


def in_wal_mode(target: Path) -> Path:
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    return target


def started(target: Path, folder: Path, **options: object) -> subprocess.Popen[str]:
    command = [sys.executable, ROOT / "build_db.py", "--workers", "1", "--db", target, folder]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,  # type: ignore[call-overload]
    )


def wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    while not path.exists() and process.poll() is None:
        time.sleep(0.01)
    assert path.exists()


def assert_whole(target: Path, articles: int) -> None:
    """By itself: copied without anything that lies beside it."""
    alone = target.with_name("alone.db")
    alone.write_bytes(target.read_bytes())
    with closing(sqlite3.connect(alone)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert count(alone, "articles") == articles
    assert not list(target.parent.glob(f"{target.name}-*"))
    assert not list(target.parent.glob(f"{building(target).name}*"))


# A write-ahead log


def test_a_target_in_wal_mode_gets_whole(target: Path, tmp_path: Path) -> None:
    built = build_db("--db", in_wal_mode(target), write_articles(tmp_path / "in", 4))
    assert built.returncode == 0
    assert "1 read, 3 unchanged" in built.stdout  # three texts stand in both folders
    assert_whole(target, 4)


def test_it_gets_whole_while_somebody_has_the_working_file_open(
    target: Path, tmp_path: Path
) -> None:
    process = started(in_wal_mode(target), write_articles(tmp_path / "in", 60))
    wait_for(building(target), process)
    with closing(sqlite3.connect(building(target))) as reader:
        while process.poll() is None:
            with suppress(sqlite3.Error):
                reader.execute("SELECT count(*) FROM articles").fetchone()
            time.sleep(0.05)
        said, _ = process.communicate()
    assert process.returncode == 0, said
    assert_whole(target, 60)


def test_a_log_in_use_is_noticed_before_anything_is_read(target: Path, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 4)
    with closing(sqlite3.connect(in_wal_mode(target))) as user:
        user.execute("UPDATE articles SET title = 'in the log'")
        user.commit()
        assert target.with_name("x.db-wal").stat().st_size
        built = build_db("--db", target, folder)
        assert built.returncode == 2
        assert built.stderr == (
            f"Error: {target}: in use with a write-ahead log (database is locked);"
            " stop what has it open\n"
        )
        assert not building(target).exists()
        assert user.execute("SELECT DISTINCT title FROM articles").fetchall() == [("in the log",)]
    assert build_db("--db", target, folder).returncode == 0
    assert_whole(target, 4)


def test_a_writer_is_noticed_before_its_journal_meets_the_new_file(
    target: Path, tmp_path: Path
) -> None:
    """Its journal, left behind, would roll pages of the old file back into the new one."""
    folder = write_articles(tmp_path / "in", 30)
    process = started(target, folder)
    wait_for(building(target), process)
    with closing(sqlite3.connect(target, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        said, _ = process.communicate()
        assert process.returncode == 2
        assert f"Error: {target}: in use by a writer (database is locked)" in said
        assert count(target, "articles") == 3
        assert building(target).exists()
    built = build_db("--db", target, folder)
    assert "Went on with a build that had been interrupted." in built.stdout
    assert "0 read, 30 unchanged" in built.stdout
    assert_whole(target, 30)


def test_an_unfinished_build_that_somebody_holds_is_kept(target: Path, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 30)
    shutil.copy(target, building(target))
    with closing(sqlite3.connect(building(target), isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        built = build_db("--db", target, folder)
    assert built.returncode == 1
    assert built.stderr.startswith(f"Error: {building(target)}: database is locked; {target} is as")
    assert building(target).exists()


def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.db")
    built = build_db("--db", tmp_path / "x.db", write_articles(tmp_path / "in", 1))
    assert built.returncode == 2
    assert built.stderr == f"Error: {tmp_path}/x.db: not a regular file\n"


def test_what_is_not_whole_takes_nobodys_place(target: Path) -> None:
    articles, quotes = count(target, "articles"), count(target, "quotes")
    verify(target, articles, quotes)
    with pytest.raises(StoreError, match="incomplete"):
        verify(target, articles + 1, quotes)
    log = target.with_name("x.db-wal")
    log.touch()
    with pytest.raises(StoreError, match="incomplete"):
        verify(target, articles, quotes)
    log.unlink(missing_ok=True)
    with pytest.raises(StoreError, match="incomplete"):
        verify(in_wal_mode(target), articles, quotes)
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM articles WHERE id = 1")
        connection.commit()
    with pytest.raises(StoreError, match="damaged"):
        verify(target, articles - 1, quotes)
    target.write_bytes(target.read_bytes()[:-40_000])
    with pytest.raises(StoreError, match=r"damaged|can't be read"):
        verify(target, articles - 1, quotes)


def test_a_full_disk_ends_the_build_and_nothing_else(target: Path, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 60, sentences=10)
    before = target.read_bytes()
    most = len(before) + 150_000

    def no_larger_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    process = started(in_wal_mode(target), folder, preexec_fn=no_larger_files)
    said, _ = process.communicate()
    assert process.returncode == 1, said
    assert f"Error: {target}.building: " in said
    assert f"{target} is as it was" in said
    assert count(target, "articles") == 3
    built = build_db("--db", target, folder)
    assert built.returncode == 0, built.stderr
    assert_whole(target, 63)


# Going on


def test_a_journal_left_behind_costs_what_it_holds_only(target: Path, tmp_path: Path) -> None:
    """A kill in the middle of a transaction, whose pages are partly in the file already."""
    folder = write_articles(tmp_path / "in", 60)
    cut_short = (
        "import os, sys, sqlite3\n"
        "from pathlib import Path\n"
        "from quotes.build import build\n"
        "from quotes.read import find\n"
        "def say(tally):\n"
        "    if tally.written:\n"
        "        c = sqlite3.connect(sys.argv[2] + '.building', isolation_level=None)\n"
        "        c.execute('PRAGMA cache_size = 5')\n"
        "        c.execute('BEGIN')\n"
        "        c.execute('UPDATE articles SET title = text || text')\n"
        "        c.execute('UPDATE quotes SET text = text || text')\n"
        "        os._exit(0)\n"
        "build(find(sys.argv[1:2]), Path(sys.argv[2]), progress=say)\n"
    )
    subprocess.run([sys.executable, "-c", cut_short, folder, target], check=True)
    journal = building(target).with_name(building(target).name + "-journal")
    assert journal.stat().st_size > 1000
    built = build_db("--db", target, folder)
    assert "Went on with a build that had been interrupted." in built.stdout
    assert "7 read, 53 unchanged" in built.stdout
    assert_whole(target, 60)


def test_an_unfinished_build_that_names_a_country_is_sound(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("President Ann Lee said that France and Spain had rain.")
    build_db("--db", tmp_path / "x.db", tmp_path / "a.txt")
    assert count(tmp_path / "x.db", "mentions") == 2
    assert damage(tmp_path / "x.db") is None


def test_the_key_of_a_table_without_row_ids_comes_first(target: Path) -> None:
    """SQLite 3.40 takes any other order for damage in PRAGMA quick_check."""
    with closing(sqlite3.connect(target)) as connection:
        tables = connection.execute(
            "SELECT name FROM pragma_table_list WHERE wr AND type = 'table'"
        ).fetchall()
        assert len(tables) >= 5
        for (table,) in tables:
            keys = [key for *_, key in connection.execute(f"PRAGMA table_info({table})")]
            assert keys == [*range(1, max(keys) + 1), *[0] * (len(keys) - max(keys))], table


def test_a_damaged_target_is_told_with_the_way_out(target: Path, tmp_path: Path) -> None:
    content = bytearray(target.read_bytes())
    half = len(content) // 2
    content[half : half + 20_000] = b"\xff" * 20_000
    target.write_bytes(content)
    built = build_db("--db", target, write_articles(tmp_path / "in", 2))
    assert built.returncode == 2
    assert built.stderr.startswith(f"Error: {target}: damaged (")
    assert built.stderr.endswith("put back a copy of it, or build it anew with --fresh\n")
    assert built.stderr.count("\n") == 1
    assert target.read_bytes() == content
    assert build_db("--fresh", "--db", target, tmp_path / "in").returncode == 0
    assert_whole(target, 2)


def test_a_search_tells_of_damage_too(target: Path) -> None:
    content = target.read_bytes()
    target.write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))
    command = [sys.executable, "-m", "quotes", "search", "bridge", "--db", target]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 2
    assert done.stderr.startswith(f"Error: {target}: damaged (")
    assert done.stderr.endswith("build it anew with --fresh\n")


def test_a_file_damaged_in_the_meantime_is_begun_anew(target: Path, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 4)
    building(target).write_bytes(b"SQLite format 3\x00" + b"junk" * 1000)
    built = build_db("--db", target, folder)
    assert built.returncode == 0
    assert "Began an interrupted build anew: " in built.stdout
    assert_whole(target, 4)


def test_killed_builds_go_on_and_lose_nothing() -> None:
    command = [sys.executable, ROOT / "benchmarks" / "kills.py", "--times", "4"]
    done = subprocess.run(
        [*command, "--articles", "110", "--longest", "3"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert ", 0 lost what was written" in done.stdout


# Rights


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444, 0o664])
def test_the_mode_is_kept_from_the_first(mode: int, target: Path, tmp_path: Path) -> None:
    target.chmod(mode)
    process = started(target, write_articles(tmp_path / "in", 60))
    wait_for(building(target), process)
    seen = set()
    while process.poll() is None:
        with suppress(FileNotFoundError):
            seen.add(stat.S_IMODE(building(target).stat().st_mode))
        time.sleep(0.005)
    process.communicate()
    assert process.returncode == 0
    assert stat.S_IMODE(target.stat().st_mode) == mode
    assert seen <= {0o600, mode, mode | stat.S_IWUSR}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away: NOT tested")
def test_the_owner_is_kept(target: Path, tmp_path: Path) -> None:
    os.chown(target, NOBODY, 1234)
    target.chmod(0o600)
    assert build_db("--db", target, write_articles(tmp_path / "in", 4)).returncode == 0
    status = target.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (NOBODY, 1234, 0o600)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else: NOT tested")
def test_a_group_that_cannot_be_kept_gets_nothing(tmp_path: Path) -> None:
    model, path = tmp_path / "model", tmp_path / "path"
    model.touch()
    os.chown(model, NOBODY, 1234)
    model.chmod(0o664)
    path.touch()
    os.chown(path, NOBODY, NOBODY)
    tmp_path.chmod(0o755)
    child = os.fork()
    if not child:
        try:
            os.chdir(tmp_path)
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            _take_rights(Path("path"), Path("model"))
        except BaseException:  # it must not go on with the tests
            os._exit(1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes: NOT tested")
def test_extended_attributes_are_kept(target: Path, tmp_path: Path) -> None:
    try:
        os.setxattr(target, "user.note", b"mine")
    except OSError:
        pytest.skip("no extended attributes on this file system: NOT tested")
    assert build_db("--db", target, write_articles(tmp_path / "in", 4)).returncode == 0
    assert os.getxattr(target, "user.note") == b"mine"
