"""Every job there is, and when it is due."""

from jobs.registry import Job

JOBS: tuple[Job, ...] = ()
