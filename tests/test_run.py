from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from quotes.models import Article
from quotes.run import Extraction, Processes, run


def articles(count: int) -> list[Article]:
    return [Article(f"President Ann Lee said it was day {n}.", f"{n}.txt") for n in range(count)]


def die_on_seven(article: Article) -> Extraction:
    if article.path == "7.txt":
        os.kill(os.getpid(), signal.SIGKILL)
    return Extraction(article)


@pytest.mark.parametrize("workers", [1, 3])
def test_processes_give_what_one_process_gives(workers: int) -> None:
    given = articles(40)
    with Processes(workers) as processes:
        found = list(run(iter(given), processes.map))
    assert found == list(run(given))
    assert [extraction.article for extraction in found] == given
    assert all(len(extraction.quotes) == 1 for extraction in found)


def test_only_the_article_that_kills_its_worker_is_lost() -> None:
    with Processes(2) as processes:
        found = list(processes.map(die_on_seven, articles(20)))
    assert [extraction.article.path for extraction in found] == [f"{n}.txt" for n in range(20)]
    rejected = [extraction.reject for extraction in found if extraction.reject]
    assert [(r.path, r.reason) for r in rejected] == [
        ("7.txt", "extraction failed: its worker process died")
    ]


def test_an_article_submitted_after_the_death_is_done_too() -> None:
    def slowly() -> Iterator[Article]:
        for number, article in enumerate(articles(12)):
            if number == 9:
                time.sleep(3)  # by now the seventh has killed its worker
            yield article

    with Processes(1) as processes:
        found = list(processes.map(die_on_seven, slowly()))
    assert [extraction.article.path for extraction in found if extraction.reject] == ["7.txt"]
    assert len(found) == 12


def test_few_articles_are_under_way_at_a_time() -> None:
    read: list[int] = []

    def reading() -> object:
        for number, article in enumerate(articles(100)):
            read.append(number)
            yield article

    with Processes(1) as processes:
        found = processes.map(die_on_seven, reading())  # type: ignore[arg-type]
        next(found)
        assert len(read) < 10


def test_an_article_that_cannot_be_worked_on_is_rejected() -> None:
    odd = Article(None, "odd.txt")  # type: ignore[arg-type]
    first, second = run([odd, articles(1)[0]])
    assert first.reject
    assert first.reject.path == "odd.txt"
    assert first.reject.reason.startswith("extraction failed: TypeError")
    assert second.reject is None


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to see children")
def test_workers_end_with_a_killed_parent() -> None:
    code = (
        "import time, test_run\n"
        "from quotes.run import Processes, run\n"
        "if __name__ == '__main__':\n"
        "    with Processes(2) as processes:\n"
        "        list(run(test_run.articles(20), processes.map))\n"
        "        print('ready', flush=True)\n"
        "        time.sleep(60)\n"
    )
    here = str(Path(__file__).parent)
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=here,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": here},
    ) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == "ready\n"
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
        assert len(children) >= 2
        parent.kill()
    deadline = time.monotonic() + 20
    while any(running(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [child for child in children if running(child)]


def running(pid: str) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def killed_twice(article: Article, marks: Path) -> Extraction:
    """What a worker does that somebody else kills, the first two times that it has the seventh."""
    if article.path == "7.txt" and len(times := list(marks.iterdir())) < 2:
        (marks / str(len(times))).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return Extraction(article)


def test_an_article_is_not_to_blame_when_workers_are_killed_at_once(tmp_path: Path) -> None:
    with Processes(2) as processes:
        found = list(processes.map(partial(killed_twice, marks=tmp_path), articles(12)))
    assert len(list(tmp_path.iterdir())) == 2
    assert [extraction.article.path for extraction in found] == [f"{n}.txt" for n in range(12)]
    assert not [extraction.reject for extraction in found if extraction.reject]
