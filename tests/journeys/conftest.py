"""A small shop with everything running: web server, worker, beat, mail server, a receiver of webhooks, a browser."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from accounts.models import User
from imports.services.run_import import import_file
from inventory.models import Location, LocationAccess, Sku
from orders.models import PolicyRule
from outbox.models import WebhookEndpoint
from tests.jobs.workers import COMMAND, broker
from tests.outbox.conftest import mailbox

__all__ = ["mailbox"]

PASSWORD = "a-long-test-password"
SECRET = "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQtMTIzNA=="
BEAT = [sys.executable, "-m", "celery", "--app", "config.celery:app", "beat", "--loglevel", "WARNING", "--pidfile="]


@pytest.fixture
def shop(transactional_db):
    """`MAIN` sells five teas a day; the farm delivers in two days, in boxes of twelve. 60 are on the shelf."""
    now = timezone.now()
    import_text("locations", "code,name,time_zone\nMAIN,Main street,UTC\n", now)
    import_text("suppliers", "code,name,email,lead_time_days\nFARM,Tea farm,farm@example.com,2\n", now)
    import_text("skus", "code,name,barcode,cost,price\nTEA,Green tea,4001,2,5\n", now)
    import_text("terms", "supplier,sku,price,pack_size\nFARM,TEA,2,12\n", now)
    import_text("stock", "sku,location,quantity\nTEA,MAIN,60\n", now)
    days = [(now - timedelta(days=back)).date() for back in range(1, 91)]
    import_text("sales", "date,sku,location,quantity\n" + "".join(f"{day},TEA,MAIN,5\n" for day in days), now)
    PolicyRule.objects.create(cycle_service_level=Decimal("0.95"))
    return SimpleNamespace(place=Location.objects.get(code="MAIN"), tea=Sku.objects.get(), people=make_people())


def import_text(kind, text, now):
    import_file(kind_name=kind, data=text.encode(), file_name=kind, user=None, now=now, time_zone="UTC")


def make_people():
    place = Location.objects.get(code="MAIN")
    for role in ("staff", "manager", "purchaser", "administrator"):
        user = User.objects.create_user(role, f"{role}@example.com", PASSWORD, role=role)
        LocationAccess.objects.create(user=user, location=place)
    return list(User.objects.values_list("username", flat=True))


@pytest.fixture
def webhook(shop, httpserver, settings):
    """The address that another program listens at."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    httpserver.expect_request("/hook").respond_with_data("thanks")
    return WebhookEndpoint.objects.create(
        url=httpserver.url_for("/hook"), secret=SECRET, event_types=[], created_at=timezone.now()
    )


@pytest.fixture
def worker_environment(transactional_db, settings, mailbox):
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.jobs.worker_settings",
        "WORKER_DATABASE": connection.settings_dict["NAME"],
        "WORKER_REDIS": settings.REDIS_URL,
        "WORKER_SCHEDULE": "config.schedule",
        "WORKER_SMTP_PORT": str(settings.EMAIL_PORT),
        "JOB_TICK_SECONDS": "1",
    }


@pytest.fixture
def running(worker_environment, tmp_path):
    """Worker and beat, as `script/up` runs them, with a tick a second."""
    broker().flushdb()
    beat = [*BEAT, "--schedule", str(tmp_path / "beat")]
    started = [
        subprocess.Popen(command, cwd=django_settings.BASE_DIR, env=worker_environment, start_new_session=True)
        for command in (COMMAND, beat)
    ]
    yield started
    for process in started:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
