"""The servers of a run of tests: ours, started once, or those that the environment names."""

import os

from sportello.demo.embedded import EmbeddedServer, start_postgres, start_valkey

_started: list[EmbeddedServer] = []


def serve_this_process() -> None:
    """Starts PostgreSQL (unsafe and fast) and Valkey, and names them in the environment, which workers inherit.

    A worker finds them there, and takes a Valkey database of its own: for its cache and its queue.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        _started.extend([start_postgres(), start_valkey()])
        os.environ["DATABASE_URL"], os.environ["VALKEY_URL"] = (server.url for server in _started)
        return
    base, _, number = os.environ["VALKEY_URL"].rpartition("/")
    os.environ["VALKEY_URL"] = f"{base}/{int(number) + int(worker.removeprefix('gw')) + 1}"


def stop_servers() -> None:
    """Stops those that this process has started."""
    while _started:
        _started.pop().stop()
