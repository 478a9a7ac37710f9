"""Run a command where it can reach nobody, and tell whom it tried to reach and what it left behind.

The command gets namespaces of its own (Linux): a network that leads nowhere, with a name server
that notes the questions and knows no name, and fresh folders for all that programs keep aside.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
_SPACES = ("unshare", "--map-root-user", "--net", "--mount")
_PLACE = Path("/run/alone")  # /run is ours in there, as programs ask services for names there
_HOMES = ("HOME", "TMPDIR", *(f"XDG_{n}_HOME" for n in ("CACHE", "CONFIG", "DATA", "STATE")))
_PUBLIC = ("/tmp", "/var/tmp", "/dev/shm")  # where a program writes that asks nobody
_SENT = ("OutRequests", "OutNoRoutes", "Ip6OutRequests", "Ip6OutNoRoutes")


@dataclass(frozen=True)
class Report:
    """How a command went: what it printed, and what it should not have done.

    Args:
        asked: the names that it looked up.
        sent: how many packets it sent, or would have if there were a way.
        left: what it wrote, except in the folder that it worked in.
    """

    status: int
    output: str
    asked: list[str]
    sent: int
    left: list[str]


def not_here() -> str | None:
    """Return why nothing can be run so on this machine."""
    if not shutil.which(_SPACES[0]):
        return "there is no unshare(1)"
    tried = subprocess.run(
        [*_SPACES, "mount", "-t", "tmpfs", "none", "/run"], capture_output=True, text=True
    )
    return f"no namespaces are allowed: {tried.stderr.strip()}" if tried.returncode else None


def alone(*command: object, **environment: str) -> Report:
    """Run a command; its environment is empty but for *environment* and the usual folders."""
    done = subprocess.run(
        [*_SPACES, sys.executable, __file__, *map(str, command)],
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return Report(**json.loads(done.stdout))


def _main(command: list[str]) -> Report:
    _mount("-t", "tmpfs", "none", "/run")
    homes = {name: str(_PLACE / name.lower()) for name in _HOMES}
    watched = [Path(place) for place in (*homes.values(), *_hide_public())]
    for path in (_PLACE / "work", *map(Path, homes.values())):
        path.mkdir(parents=True)
    _start_loopback()
    asked: list[str] = []
    _serve_names(asked)
    before = _sent()
    done = subprocess.run(
        command,
        cwd=_PLACE / "work",
        env={**os.environ, **homes},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    left = [str(path) for place in watched for path in place.rglob("*")]
    return Report(done.returncode, done.stdout, asked, _sent() - before, left)


def _hide_public() -> Iterator[str]:
    """Put empty folders over the public ones, but for one that we live in, and name them."""
    ours = (ROOT, Path(sys.prefix), Path(sys.base_prefix))
    for place in _PUBLIC:
        if Path(place).exists() and not any(path.is_relative_to(place) for path in ours):
            _mount("-t", "tmpfs", "none", place)
            yield place


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _start_loopback() -> None:
    flags = struct.pack("16sh", b"lo", 0x1 | 0x40)  # IFF_UP, IFF_RUNNING
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8914, flags)  # SIOCSIFFLAGS, netdevice(7)


def _serve_names(asked: list[str]) -> None:
    if Path("/etc/resolv.conf").exists():  # without one, 127.0.0.1 is asked anyhow
        (_PLACE / "resolv.conf").write_text("nameserver 127.0.0.1\n")
        _mount("--bind", str(_PLACE / "resolv.conf"), "/etc/resolv.conf")
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    threading.Thread(target=_answer, args=[server, asked], daemon=True).start()


def _answer(server: socket.socket, asked: list[str]) -> None:
    """Note each question, and answer that there is no such name (RFC 1035, 4.1)."""
    while True:
        question, who = server.recvfrom(512)
        labels, at = [], 12
        while length := question[at]:
            labels.append(question[at + 1 : at + 1 + length].decode("ascii", "replace"))
            at += 1 + length
        asked.append(".".join(labels))
        server.sendto(question[:2] + b"\x81\x83" + question[4:], who)


def _sent() -> int:
    """Return how many packets were sent, or had no way, since this network began (proc_net(5))."""
    lines = Path("/proc/net/snmp").read_text().splitlines()
    (names, counts) = (line.split()[1:] for line in lines if line.startswith("Ip:"))
    table = dict(zip(names, counts, strict=True))
    newer = Path("/proc/net/snmp6")
    if newer.exists():  # unless the kernel has no IPv6
        table |= dict(line.split() for line in newer.read_text().splitlines())
    return sum(int(table.get(name, 0)) for name in _SENT)


if __name__ == "__main__":
    print(json.dumps(asdict(_main(sys.argv[1:]))))
