"""How often something may be tried. Each web process counts for itself, so with N of them N times as much passes."""

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
