"""Work that a test leaves behind: answers of the live server to a page that is closed, statements of a killed worker.
What they read or write in a database that is being emptied ends in a deadlock, or in rows that the next test finds."""

import threading
from functools import wraps

from django.core.servers.basehttp import ServerHandler

from tests.waiting import wait_until

HOLDERS = """SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'relation' AND datname = current_database()
AND backend_type = 'client backend' AND pid <> pg_backend_pid()"""

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
    wait_until(lambda: not _running)


def holders(connection):
    """How many others hold a table in this database."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS)
        return cursor.fetchone()[0]


def wait_for_holders(connection):
    """Returns when there are none; emptying the tables would wait for them too, or for ever."""
    wait_until(lambda: not holders(connection))
