"""Answers that the live server is still at work on. A page that is closed at the end of a test leaves them behind, and
what they read or write in a database that is being emptied ends in a deadlock, or in rows that the next test finds."""

import threading
from functools import wraps

from django.core.servers.basehttp import ServerHandler

from tests.waiting import wait_until

_lock = threading.Lock()
_running = set()


def watch_answers(patch):
    """From now on each answer is known while it is made."""
    run = ServerHandler.run

    @wraps(run)
    def watched(handler, application):
        with _lock:
            _running.add(handler)
        try:
            run(handler, application)
        finally:
            with _lock:
                _running.discard(handler)

    patch.setattr(ServerHandler, "run", watched)


def wait_for_answers():
    """Returns when all of them are made."""
    wait_until(lambda: not _running, 60)
