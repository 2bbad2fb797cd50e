"""Real Celery workers of a test, which can be killed."""

import os
import signal
import subprocess
import sys

import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from jobs.services.runs import create_due_runs
from jobs.services.sweep import sweep

COMMAND = [sys.executable, "-m", "celery", "--app", "config.celery:app", "worker", "--concurrency", "2",
           "--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]  # fmt: skip


class Worker:
    """A worker with two processes, in a process group of its own."""

    def __init__(self):
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.jobs.worker_settings",
            "WORKER_DATABASE": connection.settings_dict["NAME"],
            "WORKER_REDIS": settings.REDIS_URL,
            "WORKER_SCHEDULE": settings.JOB_SCHEDULE,
            "WORKER_SMTP_PORT": str(settings.EMAIL_PORT),
        }
        self.process = subprocess.Popen(COMMAND, cwd=settings.BASE_DIR, env=environment, start_new_session=True)

    def kill(self):
        """SIGKILL to the worker and its children: nothing of it can tidy up."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


def broker():
    return redis.Redis.from_url(settings.REDIS_URL)


def tick():
    create_due_runs(now=timezone.now())
    sweep(now=timezone.now())
