"""Loaded by the conformance tool's Python: the resolver of a test machine may not know *.localhost."""

import socket

_ask = socket.getaddrinfo


def _answer(host, *rest, **more):  # the signature is the standard library's
    return _ask("127.0.0.1" if isinstance(host, str) and host.endswith(".localhost") else host, *rest, **more)


socket.getaddrinfo = _answer
