"""The Celery application. Messages carry ids only; the work itself is rows in `jobs` and `outbox`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("youhuo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
