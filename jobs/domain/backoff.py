"""How long to wait after a failure, and when to give up."""

from datetime import timedelta

MAX_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=5)
GROWTH = 4


def wait_after(attempts: int) -> timedelta:
    """5 s, 20 s, 80 s, 320 s: most failures pass at once, the others need a person."""
    growth: int = GROWTH ** max(attempts - 1, 0)
    return FIRST_WAIT * growth
