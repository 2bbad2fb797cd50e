"""A long file: refused whole for one row wherever it stands, taken in whole however often its worker is killed."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts.models import User
from imports.models import FileImport
from imports.services.uploads import bring_file
from inventory.models import Movement, Posting, StockLevel
from inventory.selectors.ledger_check import check_ledger
from jobs.models import JobShard
from jobs.services.runs import advance_run
from jobs.services.shards import release_expired
from tests.jobs.workers import broker
from tests.journeys.conftest import import_text
from tests.sizes import report, seed, size

HEAD = "date,kind,sku,location,quantity,reference\n"
# What a worker does with one message, in a process that can be killed.
WORK = """
import sys, django
django.setup()
from django.utils import timezone
from jobs.services.runner import run_shard
run_shard(shard_id=int(sys.argv[1]), clock=timezone.now)
"""
ROWS = size("import_rows")


@pytest.fixture
def shop(transactional_db, settings):
    settings.JOB_SCHEDULE = "config.schedule"
    broker().flushdb()
    now = timezone.now()
    import_text("locations", "code,name,time_zone\nMAIN,Main,Asia/Shanghai\n", now)
    import_text("skus", "code,name\n" + "".join(f"S{number},S\n" for number in range(50)), now)
    return User.objects.create_user("boss", role="administrator", sees_all_locations=True)


def rows_of(count, bad=None):
    for number in range(count):
        sku = "NO" if number + 1 == bad else f"S{number % 50}"
        kind = "receipt" if number < 50 else "sale"
        quantity = count if number < 50 else 1
        yield f"2026-01-{number % 28 + 1:02} 10:00,{kind},{sku},MAIN,{quantity},R{number // 2}\n"


def bring(user, text):
    file = SimpleUploadedFile("m.csv", text.encode())
    return bring_file(
        kind_name="movements", file=file.file, file_name="m.csv", user=user, now=timezone.now(), time_zone="UTC",
        headings={},
    )  # fmt: skip


def shard_of(record):
    return JobShard.objects.get(run__slot=str(record.pk))


def start_work(record):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.jobs.worker_settings",
        "WORKER_DATABASE": connection.settings_dict["NAME"],
        "WORKER_REDIS": django_settings.REDIS_URL,
        "WORKER_SCHEDULE": "config.schedule",
    }
    command = [sys.executable, "-c", WORK, str(shard_of(record).pk)]
    return subprocess.Popen(command, cwd=django_settings.BASE_DIR, env=environment, start_new_session=True)


def is_whole_or_nothing():
    return Movement.objects.count() in (0, ROWS) and Posting.objects.count() in (0, (ROWS + 1) // 2)


def make_due_again(record):
    """What the next tick does once the lease of a lost worker has passed."""
    JobShard.objects.filter(pk=shard_of(record).pk, state="running").update(attempts=1)
    release_expired(now=timezone.now() + timedelta(minutes=5))
    JobShard.objects.filter(pk=shard_of(record).pk, state="due").update(due_at=timezone.now())


@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_one_bad_row_anywhere_writes_nothing(shop, place):
    bad = {"first": 1, "middle": ROWS // 2, "last": ROWS}[place]
    record = bring(shop, HEAD + "".join(rows_of(ROWS, bad)))
    assert start_work(record).wait(600) == 0
    record.refresh_from_db()
    assert (record.state, record.error_count) == ("refused", 1)
    assert record.errors[0][:3] == [bad + 1, "sku", "unknown_sku"]
    assert (Movement.objects.count(), Posting.objects.count(), StockLevel.objects.count()) == (0, 0, 0)


def test_killed_at_any_moment_it_is_all_there_or_nothing_and_in_the_end_all_there_once(shop):
    used = seed()
    dice = random.Random(used)
    record = bring(shop, HEAD + "".join(rows_of(ROWS)))
    began = time.monotonic()
    for kill in range(size("import_kills")):
        worker = start_work(record)
        try:
            worker.wait(dice.uniform(0.5, 4) if kill else 1)
        except subprocess.TimeoutExpired:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(10)
        assert is_whole_or_nothing(), f"seed {used}, kill {kill}"
        make_due_again(record)
    assert start_work(record).wait(900) == 0
    report("I2", "kills of a loading worker", size("import_kills"), f"{time.monotonic() - began:.0f} s", used)
    record.refresh_from_db()
    assert (record.state, record.row_count, record.changed_count) == ("done", ROWS, ROWS), f"seed {used}"
    assert Movement.objects.count() == ROWS
    advance_run(run_id=shard_of(record).run_id, now=timezone.now())
    assert shard_of(record).run.state == "done"


def test_the_same_file_again_changes_nothing_and_the_books_agree(shop):
    text = HEAD + "".join(rows_of(ROWS))
    for expected in (ROWS, 0):
        record = bring(shop, text)
        assert start_work(record).wait(900) == 0
        record.refresh_from_db()
        assert (record.state, record.changed_count) == ("done", expected)
    assert Movement.objects.count() == ROWS
    assert [result.title for result in check_ledger(now=timezone.now()) if result.count] == []


def test_two_at_once_of_the_same_file_take_it_in_once(shop):
    text = HEAD + "".join(rows_of(500))
    records = [bring(shop, text) for _twin in range(2)]
    workers = [start_work(record) for record in records]
    assert [worker.wait(300) for worker in workers] == [0, 0]
    assert Movement.objects.count() == 500
    assert sorted(FileImport.objects.filter(kind="movements").values_list("changed_count", flat=True)) == [0, 500]
