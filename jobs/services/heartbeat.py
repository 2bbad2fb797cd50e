"""Keeps the lease of a long shard alive while its work runs."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError, connection

from jobs.services.shards import LeasedShard, extend_lease

logger = logging.getLogger(__name__)

# Work that hangs must lose its lease one day, or its run would never end.
MAX_BEATS = 180


@contextmanager
def kept_alive(leased: LeasedShard) -> Iterator[None]:
    """Renews the lease at each third of its length, from a thread with a connection of its own."""
    is_over = threading.Event()
    thread = threading.Thread(target=_beat, args=(leased, is_over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _beat(leased: LeasedShard, is_over: threading.Event) -> None:
    try:
        for _beat_number in range(MAX_BEATS):
            if is_over.wait(settings.JOB_LEASE_SECONDS / 3):
                return
            try:
                extend_lease(shard_id=leased.shard.pk, token=leased.token, now=leased.clock())
            except DatabaseError as error:  # The next beat tries again; losing the lease is safe, only slow.
                logger.warning("Lease of shard %s was not renewed: %s", leased.shard.pk, error)
                connection.close()
    finally:
        connection.close()
