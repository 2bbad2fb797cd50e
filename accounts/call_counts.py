"""How many calls came within this minute, counted in Redis for all web processes together.

A limit protects the shop from a program that has gone wild; it is no part of the truth. So a Redis that is away lets
every call pass, and is not asked again for a while.
"""

import logging
import time
from dataclasses import dataclass
from functools import lru_cache

import redis
from django.conf import settings

logger = logging.getLogger(__name__)

MINUTE = 60
# A call must not wait long for being counted.
REDIS_SECONDS = 0.25
PAUSE_SECONDS = 15.0


@dataclass(frozen=True)
class Count:
    """`calls` in this minute, this one among them, and the seconds until the next one begins, at least 1."""

    calls: int
    seconds_left: int


class _Pause:
    """Until when Redis is not asked, by the monotonic clock of this process."""

    until = 0.0


@lru_cache(maxsize=1)
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS)


def count_call(who: str) -> Count | None:
    """Counts one more call of `who`, in one round trip; None when it could not be counted."""
    if time.monotonic() < _Pause.until:
        return None
    minute, passed = divmod(int(time.time()), MINUTE)
    name = f"youhuo:calls:{who}:{minute}"
    try:
        # Both or neither: a counter without an end would stay for ever.
        with _client(settings.REDIS_URL).pipeline(transaction=True) as both:
            both.incr(name)
            both.expire(name, 2 * MINUTE)
            calls, _is_set = both.execute()
    except (redis.RedisError, OSError) as error:
        _Pause.until = time.monotonic() + PAUSE_SECONDS
        logger.warning("Calls are not counted for a while, Redis does not answer: %s", error)
        return None
    return Count(int(calls), MINUTE - passed)
