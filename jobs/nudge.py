"""Wakes a worker once the rows it is to work on are committed.

A nudge only saves the wait for the next tick: the rows decide what is done, and the sweeper finds them without it.
So a broker that is down costs a logged line, never a request and never work.
"""

import logging
import time
from collections.abc import Sequence
from functools import partial

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

QUICK_QUEUE = "quick"
HEAVY_QUEUE = "heavy"
# After a failure no nudge is tried for this long, so that an unreachable broker slows one request and not each.
PAUSE_SECONDS = 15.0
# Publishing must give up at once; without these kombu tries again for minutes while a person waits.
_IMPATIENT = {"max_retries": 0, "socket_connect_timeout": 1, "socket_timeout": 2, "retry_on_timeout": False}


class _Pause:
    """When the next nudge may be tried, by the monotonic clock of this process."""

    until = 0.0


def nudge_after_commit(task: str, ids: Sequence[int] = (), *, queue: str = QUICK_QUEUE) -> None:
    """Sends the named task after the running transaction, once for each id, or once without one when there are none."""
    calls = [[number] for number in ids] or [[]]
    transaction.on_commit(partial(nudge, task, calls, queue=queue))


def nudge(task: str, calls: Sequence[Sequence[int]], *, queue: str = QUICK_QUEUE) -> bool:
    """Sends now; False when the broker did not take it."""
    if time.monotonic() < _Pause.until:
        return False
    try:
        with current_app.connection_for_write(transport_options=_impatient_options()) as connection:
            for arguments in calls:
                current_app.send_task(task, args=list(arguments), queue=queue, connection=connection, retry=False)
    except Exception as error:  # noqa: BLE001  # whatever the broker raises, the caller's own work is committed
        _Pause.until = time.monotonic() + PAUSE_SECONDS
        logger.warning("The broker did not take %s, the next tick will find the work: %s", task, error)
        return False
    return True


def _impatient_options() -> dict[str, object]:
    return {**current_app.conf.broker_transport_options, **_IMPATIENT}
