"""Waiting in tests: ask again and again, and fail when it takes too long."""

import time


def wait_until(condition, seconds=120, while_waiting=lambda: None):
    """Returns once `condition()` is true; calls `while_waiting` between two looks, as beat would tick.

    Patient: what comes late on a busy machine is no fault, and a test that passes never waits so long.
    """
    ends_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends_at, "waited in vain"
        while_waiting()
        time.sleep(0.05)
