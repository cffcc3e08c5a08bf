"""How bytes go to the station and come back. Over HTTP; tests may hand in another wire."""

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

PATIENCE: Final = 10.0
LARGEST: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    content_type: str
    body: bytes


class NoAnswer(Exception):
    """Nothing came back in time, or nobody is there: the Node queues and tries again."""


type Wire = Callable[[str, bytes, Mapping[str, str], float], Reply]
"""(address, body, headers, seconds) -> what came back; raises NoAnswer."""


def over_http(address: str, body: bytes, headers: Mapping[str, str], seconds: float = PATIENCE) -> Reply:
    """One POST; redirects are not followed. A name below `.localhost` is this machine, whatever its resolver says."""
    place = urlsplit(address)
    host = place.hostname or ""
    machine = "127.0.0.1" if host == "localhost" or host.endswith(".localhost") else host
    kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
    connection = kind(machine, place.port, timeout=seconds)
    try:
        connection.request("POST", place.path or "/", body=body, headers={**headers, "Host": place.netloc})
        answer = connection.getresponse()
        return Reply(answer.status, answer.getheader("Content-Type", ""), answer.read(LARGEST))
    except TimeoutError as error:
        raise NoAnswer("time-out") from error
    except (OSError, HTTPException, socket.gaierror) as error:
        raise NoAnswer(type(error).__name__) from error
    finally:
        connection.close()
