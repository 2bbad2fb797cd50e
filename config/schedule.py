"""Every job there is, and when it is due."""

from alerts.watch import WATCH
from jobs.registry import Job
from outbox.work import DELIVER, FORGET

JOBS: tuple[Job, ...] = (WATCH, DELIVER, FORGET)
