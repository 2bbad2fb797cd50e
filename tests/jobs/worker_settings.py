"""Settings of worker processes that tests start: the test database, a queue of their own, short leases and ticks."""

import os

from tests.settings import *  # noqa: F403  # settings are star imports

DATABASES["default"]["NAME"] = os.environ["WORKER_DATABASE"]  # noqa: F405  # from the settings above
CELERY_BROKER_URL = REDIS_URL = os.environ["WORKER_REDIS"]
JOB_SCHEDULE = os.environ.get("WORKER_SCHEDULE", "tests.jobs.schedule")
EMAIL_PORT = int(os.environ.get("WORKER_SMTP_PORT", "1"))
WEBHOOK_ALLOW_PRIVATE = True
JOB_LEASE_SECONDS = 2
JOB_TICK_SECONDS = 1
