"""How long to wait after a failure, and when to give up."""

from datetime import timedelta

MAX_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=5)
GROWTH = 3


def wait_after(attempts: int) -> timedelta:
    """5 s, 15 s, 45 s, 135 s: most failures pass at once, the others need a person."""
    growth: int = GROWTH ** max(attempts - 1, 0)
    return FIRST_WAIT * growth
