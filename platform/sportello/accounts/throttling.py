"""Token buckets in Valkey against guessing: each attempt takes a token, time gives it back."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from math import ceil
from typing import Final

import redis
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from sportello.accounts.errors import TooManyAttempts
from tenants.current import current_schema

# One step in the server: two attempts at the same moment never take the same token.
TAKE: Final = """
local left = tonumber(redis.call('HGET', KEYS[1], 'left') or ARGV[1])
local since = tonumber(redis.call('HGET', KEYS[1], 'at') or ARGV[3])
local now = tonumber(ARGV[3])
left = math.min(tonumber(ARGV[1]), left + math.max(0, now - since) * ARGV[1] / ARGV[2])
local wait = 0
if left >= 1 then left = left - 1 else wait = (1 - left) * ARGV[2] / ARGV[1] end
redis.call('HSET', KEYS[1], 'left', tostring(left), 'at', tostring(now))
redis.call('EXPIRE', KEYS[1], ARGV[2])
return tostring(wait)
"""


@dataclass(frozen=True, slots=True)
class Bucket:
    """`size` attempts, refilled evenly over `seconds`."""

    name: str
    size: int
    seconds: int = 15 * 60

    def take(self, who: str, *, now: datetime) -> None:
        """Counts one attempt; raises TooManyAttempts when none is left."""
        script = _valkey().register_script(TAKE)
        wait = float(script(keys=[self._key(who)], args=[self.size, self.seconds, now.timestamp()]))
        if wait > 0:
            raise TooManyAttempts(minutes=ceil(wait / 60))

    def refill(self, who: str) -> None:
        """Forgets the attempts: the right person got in."""
        _valkey().delete(self._key(who))

    def _key(self, who: str) -> str:
        # Hashed: neither user names nor addresses rest in Valkey.
        digest = salted_hmac("sportello.accounts.throttling", who, algorithm="sha256").hexdigest()
        return f"{current_schema()}:attempts:{self.name}:{digest}"


PER_ACCOUNT: Final = Bucket("account", 5)
PER_ADDRESS: Final = Bucket("address", 20)  # an office shares one address: five would lock colleagues out
PER_CODE: Final = Bucket("code", 5)
PER_LOGIN_ADDRESS: Final = Bucket("login", 400)  # many families share the address of one mobile operator
PER_HUB_ADDRESS: Final = Bucket("hub", 1200)


def address_of(request: HttpRequest) -> str:
    """The address of the browser: behind the proxy the last one of X-Forwarded-For, which the proxy itself wrote."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_TLS else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


@cache
def _valkey() -> "redis.Redis":
    return redis.Redis.from_url(settings.VALKEY_URL, decode_responses=True)
