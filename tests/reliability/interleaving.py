"""A rival at a named point: runs while an act stands still just before or just after one of its functions.

The rival works on a connection of its own. It ends, or waits for a lock that the act holds; then the act goes on.
"""

import importlib
import threading
import time
from contextlib import contextmanager

from django.db import connection

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"


class Rival:
    """`work` runs once, in a thread; `raised` is what it raised, or None."""

    def __init__(self, work):
        self.work, self.raised, self.pid, self.has_met = work, None, None, False
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (self.pid,) = cursor.fetchone()
            self.work()
        except Exception as error:  # noqa: BLE001 (the test looks at whatever it was)
            self.raised = error
        finally:
            connection.close()

    def meet(self):
        """Starts it, and returns when it has ended or stands at a lock. The second time nothing happens."""
        if self.has_met:
            return
        self.has_met = True
        self.thread.start()
        deadline = time.monotonic() + 20
        while self.thread.is_alive() and not self._waits():
            assert time.monotonic() < deadline, "the rival neither ended nor waits"
            self.thread.join(0.002)

    def _waits(self):
        if self.pid is None:
            return False
        with connection.cursor() as cursor:
            cursor.execute(WAITS, [self.pid])
            return cursor.fetchone()[0] > 0


@contextmanager
def rival_at(point, when, work):
    """Injects `work` "before" or "after" (`when`) the function `point`, such as "inventory.services.posting._write"."""
    module_name, _dot, name = point.rpartition(".")
    module = importlib.import_module(module_name)
    original, rival = getattr(module, name), Rival(work)

    def patched(*args, **kwargs):
        is_own = threading.current_thread() is not rival.thread
        if is_own and when == "before":
            rival.meet()
        answer = original(*args, **kwargs)
        if is_own and when == "after":
            rival.meet()
        return answer

    setattr(module, name, patched)
    try:
        yield rival
    finally:
        setattr(module, name, original)
        if rival.has_met:
            rival.thread.join(30)
