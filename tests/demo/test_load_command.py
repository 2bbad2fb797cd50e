"""manage.py load_demo refuses what it cannot do, and notes the logins for their owner only."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from demo.management.commands.load_demo import HOME_TIME_ZONE, local_time_zone
from demo.services.till_ringing import Rung, ring_tills
from inventory.models import Sku


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--time-zone", "Mars/Olympus"], "--time-zone"),
        (["--last-day", "2999-01-01"], "--last-day"),
        (["--days", "3"], "--days"),
    ],
)
def test_a_bad_value_is_named(arguments, named):
    with pytest.raises(CommandError, match=named):
        call_command("load_demo", *arguments)


@pytest.mark.django_db
def test_it_leaves_a_firms_own_data_alone(settings, tmp_path):
    settings.STATE_DIR = tmp_path
    Sku.objects.create(code="1", name="Own", created_at="2026-01-01T00:00Z")
    said = StringIO()
    call_command("load_demo", "--if-empty", stdout=said)
    assert "not loaded" in said.getvalue()
    assert not (tmp_path / "demo_logins.json").exists()
    with pytest.raises(CommandError, match="not loaded"):
        call_command("load_demo")


@pytest.mark.django_db
def test_it_loads_and_notes_the_logins(settings, tmp_path):
    settings.STATE_DIR = tmp_path
    call_command("load_demo", "--days", "14", "--password", "a-long-password", stdout=StringIO())
    note = tmp_path / "demo_logins.json"
    assert note.stat().st_mode & 0o777 == 0o600
    assert {login["username"] for login in json.loads(note.read_text())} >= {"admin", "manager", "purchaser"}
    assert Sku.objects.count() == 300


def test_a_machine_that_names_no_place_stands_where_the_data_is_from(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    assert local_time_zone() == HOME_TIME_ZONE
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert local_time_zone() == "Asia/Shanghai"


@pytest.mark.django_db
def test_without_the_demo_no_till_rings():
    assert ring_tills(now=datetime(2026, 11, 22, 15, tzinfo=UTC)) == Rung()
