"""How many questions a Comune may put to INPS in a day, counted in Valkey before they leave."""

from datetime import date
from functools import cache
from typing import Final

import redis
from django.conf import settings

from integrations.inps_isee.errors import DailyLimitReached
from tenants.current import require_schema

TWO_DAYS: Final = 2 * 24 * 60 * 60

# One step in the server: of two questions at once only one takes the last turn, and a refused one takes none.
TAKE: Final = """
local taken = tonumber(redis.call('GET', KEYS[1]) or '0')
if taken >= tonumber(ARGV[1]) then return -1 end
taken = redis.call('INCR', KEYS[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return taken
"""


def take_turn(*, limit: int, day: date) -> int:
    """Counts one question of the current Comune and says which of the day it is. Raises DailyLimitReached."""
    taken = int(_valkey().register_script(TAKE)(keys=[key_of(day)], args=[limit, TWO_DAYS]))
    if taken < 0:
        raise DailyLimitReached
    return taken


def key_of(day: date) -> str:
    """Where the count of the current Comune stands."""
    return f"{require_schema()}:inps_isee:asked:{day.isoformat()}"


@cache
def _valkey() -> "redis.Redis":
    return redis.Redis.from_url(settings.VALKEY_URL, decode_responses=True)
