"""A Checkout that speaks HTTP on this machine: it remembers the carts it was given and tells where to go."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest


@dataclass
class Counter:
    """What came over the counter of Checkout; `refuses` makes it answer 500."""

    carts: list[dict[str, Any]] = field(default_factory=list)
    refuses: bool = False


@pytest.fixture
def checkout(settings: Any) -> Iterator[Counter]:
    counter = Counter()

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if counter.refuses:
                self.send_response(500)
            else:
                counter.carts.append(json.loads(body))
                self.send_response(302)
                self.send_header("Location", f"http://127.0.0.1/carrello/{len(counter.carts)}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Desk)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.NODE_HOST, settings.PUBLIC_PORT = "127.0.0.1", str(server.server_port)
    yield counter
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)
