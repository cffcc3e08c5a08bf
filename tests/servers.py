"""Start the servers of a run of tests, or take those that the environment names."""

import os

from sportello.demo.embedded import EmbeddedServer, start_postgres, start_valkey


def start_servers() -> "list[EmbeddedServer]":
    """Starts PostgreSQL (unsafe and fast) and Valkey, and names them in the environment for the workers."""
    servers: list[EmbeddedServer] = [start_postgres(), start_valkey()]
    os.environ["DATABASE_URL"], os.environ["VALKEY_URL"] = (server.url for server in servers)
    return servers
