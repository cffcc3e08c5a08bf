"""Which Comune answers on a host: a look-up kept in the process, dropped when a domain changes.

Changes are announced on a Valkey channel; each process listens in one daemon thread. Should the
channel be down, an entry lives at most LIFETIME seconds.
"""

import logging
import threading
import time
from dataclasses import dataclass
from typing import Final

import redis
from django.conf import settings
from django_tenants.utils import schema_context

from tenants.models import Domain, Municipality

LIFETIME: Final = 60.0
CHANNEL: Final = "tenants:hosts"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    municipality: Municipality | None
    until: float


class HostTable:
    """Host name -> Municipality, or None for a host that belongs to nobody."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._listening = False
        self._lock = threading.Lock()

    def find(self, host: str) -> Municipality | None:
        entry = self._entries.get(host)
        now = time.monotonic()
        if entry is None or entry.until < now:
            self._listen()
            entry = Entry(_read(host), now + LIFETIME)
            if len(self._entries) > 10_000:  # a flood of invented hosts must not fill the memory
                self._entries.clear()
            self._entries[host] = entry
        return entry.municipality

    def forget(self) -> None:
        """Drops every entry of this process."""
        self._entries.clear()

    def _listen(self) -> None:
        with self._lock:
            if self._listening:
                return
            self._listening = True
        threading.Thread(target=self._follow_changes, name="hosts", daemon=True).start()

    def _follow_changes(self) -> None:
        while True:
            try:
                with redis.Redis.from_url(settings.VALKEY_URL).pubsub() as channel:
                    channel.subscribe(CHANNEL)
                    for _message in channel.listen():
                        self.forget()
            except redis.RedisError:
                log.warning("The channel of host changes is down; trying again in 5 s.")
                time.sleep(5)


def _read(host: str) -> Municipality | None:
    with schema_context("public"):
        domain = Domain.objects.select_related("tenant").filter(domain=host).first()
    return domain.tenant if domain else None


host_table = HostTable()


def announce_change() -> None:
    """Tells every process that hosts or branding have changed. Call after commit."""
    host_table.forget()
    try:
        redis.Redis.from_url(settings.VALKEY_URL).publish(CHANNEL, "changed")
    except redis.RedisError:
        log.warning("Could not announce a change of hosts; other processes see it in a minute.")
