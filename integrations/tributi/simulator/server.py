"""The invented tax office: one small web server a process, on a port of its own, started when first asked.

What it answers follows from the code alone, so that a demonstration tells the same story every day: of ten people
seven are regular, one pays by instalments, one is in arrears, one is not listed.
"""

import json
import secrets
import threading
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

TOKEN: Final = secrets.token_urlsafe(16)
DAY: Final = "2026-11-15"
ANSWERS: Final = (*("REGOLARE",) * 7, "RATEIZZATO", "MOROSO", "")


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens."""

    url: str


def answer_about(fiscal_code: str) -> dict[str, object] | None:
    """What the office says of a code; None for who is not listed."""
    number = sha256(fiscal_code.encode()).digest()[0]
    verdict = ANSWERS[number % len(ANSWERS)] if fiscal_code else ""
    if not verdict:
        return None
    taxes = ("IMU",) if number % 2 else ("TARI",)
    return {"aggiornata_al": DAY, "posizioni": [{"tributo": tax, "esito": verdict} for tax in taxes]}


class _Desk(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Answers one question, to who has the token."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._say(401, {})
            return
        found = answer_about(str(json.loads(body).get("codice_fiscale", "")))
        self._say(404 if found is None else 200, found or {})

    def _say(self, status: int, content: dict[str, object]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- named by http.server
        """Nothing: the questions are about people."""


@cache
def serve() -> Address:
    """Starts the server of this process, once."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Desk)
    threading.Thread(target=server.serve_forever, name="tributi-simulator", daemon=True).start()
    return Address(f"http://127.0.0.1:{server.server_port}/posizioni")
