"""What the tenant layer costs a request, on a trivial view and on a list of 20 rows."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sportello.demo.ports import free_port
from sportello.demo.processes import finish
from tenants.current import in_schema
from tenants.municipal_packs import pack_of
from tenants.registering import bring_in
from tests.bench.ground import ROOT, database, environment
from tests.bench.processor import processor_seconds
from tests.bench.table import Row, Table
from tests.factories import child, pupil, section

SITES = ("plain", "stock", "ours")
ROUNDS, CONNECTIONS = 5, 8
REQUESTS = {"trivial": 3_000, "rows": 400}


@dataclass(frozen=True, slots=True)
class Server:
    """A granian with one worker and one thread."""

    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """Processor time of the server and its worker so far."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return sum(processor_seconds(int(pid)) for pid in [self.process.pid, *children])


def run() -> Table:
    """Trivial view and list page; rounds are interleaved, so that noise falls on all alike."""
    costs: dict[tuple[str, str], list[float]] = {}
    with database() as name:
        _fill()
        with _servers(name) as servers:
            for page, requests in REQUESTS.items():
                for site in SITES:
                    _load(servers[site], page, requests // 4)
                for _ in range(ROUNDS):
                    for site in SITES:
                        costs.setdefault((page, site), []).append(_load(servers[site], page, requests))
    value = {key: median(found) for key, found in costs.items()}
    rows = [
        Row(
            what,
            value[page, "ours"],
            "us",
            value[page, "plain"],
            value[page, "stock"],
            f"ours/limit <= {aim}",
            value[page, "ours"] / value[page, "plain"] <= aim,
        )
        for page, what, aim in (("trivial", "trivial view", 1.35), ("rows", "list of 20 rows, 3 joins", 1.10))
    ]
    return Table(
        "The tenant layer",
        f"CPU of the web process for one request (granian, 1 worker, {CONNECTIONS} connections,"
        f" median of {ROUNDS} rounds)."
        " limit: one schema, no tenants. naive: stock django-tenants, persistent connections.",
        tuple(rows),
    )


def _fill() -> None:
    bring_in(pack=pack_of("A662"))
    with in_schema("c_a662"):
        for _ in range(4):
            place = section()
            for _ in range(50):
                pupil(child(), place)


@contextmanager
def _servers(name: str) -> Iterator[dict[str, Server]]:
    started: dict[str, Server] = {}
    logs = Path(tempfile.mkdtemp())
    try:
        for site in SITES:
            port, log = free_port(), logs / f"{site}.log"
            command = [
                sys.executable,
                "-m",
                "granian",
                "--interface",
                "wsgi",
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
            ]
            command += ["--workers", "1", "--blocking-threads", "1", "--no-ws"]
            command += ["--workers-kill-timeout", "1", "sportello.config.wsgi:application"]
            process = subprocess.Popen(
                command,
                env=environment(name, DJANGO_SETTINGS_MODULE=f"tests.bench.sites.{site}"),
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                process_group=0,
                stderr=log.open("wb"),
            )
            started[site] = Server(port, process)
        for site, server in started.items():
            _wait(server, logs / f"{site}.log")
        yield started
    finally:
        for server in started.values():
            server.process.terminate()
        for server in started.values():
            finish(server.process, deadline=time.monotonic() + 10)


def _wait(server: Server, log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            asyncio.run(_ask(server.port, "rows", 1))
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"A site of the bench did not start: {log.read_text()[-2000:]}")


def _load(server: Server, page: str, requests: int) -> float:
    """Microseconds of the server's processor for each request."""
    before = server.cpu_seconds()
    asyncio.run(_all(server.port, page, requests))
    return (server.cpu_seconds() - before) / requests * 1e6


async def _all(port: int, page: str, requests: int) -> None:
    await asyncio.gather(*(_ask(port, page, requests // CONNECTIONS) for _ in range(CONNECTIONS)))


async def _ask(port: int, page: str, requests: int) -> None:
    """One connection that asks again and again; any answer but 200 is an error."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET /{page} HTTP/1.1\r\nHost: bari.localhost\r\n\r\n".encode()
    for _ in range(requests):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head[:16]:
            raise OSError(head[:200].decode())
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
    writer.close()
    await writer.wait_closed()
