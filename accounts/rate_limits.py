"""How often something may be tried without a sign-in: links that nobody gave out, letters to who forgot a password.

Each web process counts for itself, so with N of them N times as much passes. That is enough here: a link has 128 random
bits, and no count may depend on a Redis that can be away. How many calls a program may make is promised to a number,
whatever process answers, so `accounts.call_counts` counts those in Redis and lets them pass without it.
"""

from django.core.cache import cache


def is_over_limit(*, what: str, who: str, most: int, seconds: int) -> bool:
    """Counts one more try of `who`, and says whether it is beyond `most` in a stretch of so many seconds."""
    key = f"limit:{what}:{who}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > most
    except ValueError:
        # The stretch ended between the two calls.
        return False
