"""The real night with its workers killed in the middle, or its queue wiped: it completes, and nothing is doubled."""

import os
import signal
import subprocess
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db.models import Count
from django.utils import timezone

from alerts.models import Alert
from forecasting.models import ForecastRun, SeriesForecast
from inventory.models import Listing
from jobs.models import JobRun, JobShard
from orders.models import ReorderLevel, ReplenishmentProposal
from outbox.models import Message
from tests.jobs.workers import COMMAND, broker, tick
from tests.journeys.conftest import import_text
from tests.waiting import wait_until

STORES = 6


@pytest.fixture
def chain(transactional_db, settings):
    """Six stores, each with five teas a day sold and two on the shelf: every one of them needs an order."""
    settings.JOB_SCHEDULE = "config.schedule"
    broker().flushdb()
    now = timezone.now()
    codes = [f"S{number}" for number in range(STORES)]
    import_text("locations", "code,name,time_zone\n" + "".join(f"{code},{code},UTC\n" for code in codes), now)
    import_text("suppliers", "code,name,lead_time_days\nFARM,Tea farm,2\n", now)
    import_text("skus", "code,name,cost,price\nTEA,Green tea,2,5\n", now)
    import_text("terms", "supplier,sku,price,pack_size\nFARM,TEA,2,12\n", now)
    import_text("stock", "sku,location,quantity\n" + "".join(f"TEA,{code},2\n" for code in codes), now)
    days = [(now - timedelta(days=back)).date() for back in range(1, 61)]
    rows = "".join(f"{day},TEA,{code},5\n" for day in days for code in codes)
    import_text("sales", "date,sku,location,quantity\n" + rows, now)


@pytest.fixture
def start_worker(worker_environment):
    workers = []

    def start():
        process = subprocess.Popen(
            COMMAND, cwd=django_settings.BASE_DIR, env=worker_environment, start_new_session=True
        )
        workers.append(process)
        return process

    yield start
    for process in workers:
        kill(process)


def kill(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def shards_done():
    return JobShard.objects.filter(run__job="nightly", state="done").count()


def is_done():
    return JobRun.objects.filter(job="nightly", state="done").exists()


def everything_is_there_once():
    assert JobRun.objects.filter(job="nightly").count() == ForecastRun.objects.count() == 1
    assert SeriesForecast.objects.count() == ReorderLevel.objects.count() == Listing.objects.count() == STORES
    assert ReplenishmentProposal.objects.filter(state="open").count() == STORES
    assert ReplenishmentProposal.objects.count() == STORES
    assert Alert.objects.filter(kind="stock_risk").count() == STORES
    mails = Message.objects.values("event_id", "target").annotate(count=Count("pk"))
    assert not mails.filter(count__gt=1).exists()


@pytest.mark.parametrize("shards_before_kill", [1, 8, 14])
def test_a_worker_killed_in_the_middle_costs_only_time(chain, start_worker, shards_before_kill):
    victim = start_worker()
    wait_until(lambda: shards_done() >= shards_before_kill, 120, tick)
    kill(victim)
    start_worker()
    wait_until(is_done, 120, tick)
    everything_is_there_once()


def test_a_wiped_queue_costs_only_time(chain, start_worker):
    tick()
    assert broker().dbsize() > 0
    broker().flushdb()
    start_worker()
    wait_until(is_done, 120, tick)
    everything_is_there_once()
