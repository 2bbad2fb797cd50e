"""The jobs between a sale and the message about it."""

from alerts.watch import WATCH
from outbox.work import DELIVER

JOBS = (WATCH, DELIVER)
