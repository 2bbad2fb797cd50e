"""The application with its lock taken away: what the race tests must notice."""

from inventory import locks

locks.LOCK = locks.LOCK.replace("FOR UPDATE OF level", "")

from config.wsgi import application  # noqa: E402, F401 (the lock has to be off before the application is loaded)
