"""Which Comune answers on a host: a look-up kept in the process, dropped when a domain changes.

Changes are announced on a Valkey channel; each process listens in one daemon thread. Should the
channel be down, an entry lives at most LIFETIME seconds.
"""

import logging
import os
import threading
import time
from dataclasses import dataclass
from typing import Any, Final

import redis
from django.conf import settings

from tenants.current import PUBLIC, in_schema
from tenants.models import Domain, Municipality

LIFETIME: Final = 60.0
CHANNEL: Final = "tenants:hosts"
MOST: Final = 10_000
"""Hosts remembered: a flood of invented ones must not fill the memory."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """What was found, and until when it is believed."""

    municipality: Municipality | None
    until: float


class HostTable:
    """Host name -> Municipality, or None for a host that belongs to nobody."""

    def __init__(self) -> None:
        self.start_afresh()

    def start_afresh(self) -> None:
        """Forgets everything, the listening thread too: what a forked process must do, for threads stay behind."""
        self._entries: dict[str, Entry] = {}
        self._listening = False
        self._lock = threading.Lock()

    def find(self, host: str) -> Municipality | None:
        """The Comune of a host in lower case, from memory or by one query."""
        entry = self._entries.get(host)
        now = time.monotonic()
        if entry is None or entry.until < now:
            self._listen()
            entries = self._entries  # a change announced while we read empties the table by making a new one
            entry = Entry(_read(host), now + LIFETIME)
            if len(entries) >= MOST:
                entries.clear()
            entries[host] = entry
        return entry.municipality

    def forget(self) -> None:
        """Drops every entry of this process, those being read now included."""
        self._entries = {}

    def _listen(self) -> None:
        with self._lock:
            if self._listening:
                return
            self._listening = True
        threading.Thread(target=self._follow_changes, name="hosts", daemon=True).start()

    def _follow_changes(self) -> None:
        """Forgets at each message; the first one says that we are subscribed, so nothing was missed before it."""
        while True:
            try:
                client: Any = redis.Redis.from_url(settings.VALKEY_URL)
                with client.pubsub() as channel:
                    channel.subscribe(CHANNEL)
                    for _message in channel.listen():
                        self.forget()
            except redis.RedisError:
                log.warning("The channel of host changes is down; trying again in 5 s.")
                time.sleep(5)


def _read(host: str) -> Municipality | None:
    with in_schema(PUBLIC):
        domain = Domain.objects.select_related("tenant").filter(domain=host).first()
    return domain.tenant if domain else None


host_table: Final = HostTable()
os.register_at_fork(after_in_child=host_table.start_afresh)


def announce_change() -> None:
    """Tells every process that hosts or branding have changed. Call after commit."""
    host_table.forget()
    try:
        with redis.Redis.from_url(settings.VALKEY_URL) as client:
            client.publish(CHANNEL, "changed")
    except redis.RedisError:
        log.warning("Could not announce a change of hosts; other processes see it in a minute.")
