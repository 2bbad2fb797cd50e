"""The time zone of a store is corrected by a file: its bins go with it, and a forecast is made that knows it."""

from datetime import UTC, datetime

import pytest

from inventory.models import Location
from inventory.services.bins import create_bins
from jobs.models import JobRun, JobState
from tests.imports.conftest import NOW

pytestmark = pytest.mark.django_db
HOME = "2026-03-09 Asia/Shanghai"


@pytest.fixture
def stores(take_in):
    """One in Shanghai, whose night is over, and one that was put into Paris by mistake."""
    take_in("locations", "code,name,time_zone\nA,First,Asia/Shanghai\nB,Second,Europe/Paris\n")
    for slot, zone in ((HOME, "Asia/Shanghai"), ("2026-03-09 Europe/Paris", "Europe/Paris")):
        JobRun.objects.create(job="nightly", slot=slot, time_zone=zone, state=JobState.DONE, created_at=NOW)
    return {place.code: place for place in Location.objects.filter(code__in="AB")}


def correct(take_in, zone):
    return take_in("locations", f"code,name,time_zone\nB,Second,{zone}\n")


def test_its_bins_and_those_inside_them_go_with_it(stores, take_in):
    (shelf,) = create_bins(parent_id=stores["B"].pk, codes=["B-1"], user=None, now=NOW)
    create_bins(parent_id=shelf.pk, codes=["B-1-1"], user=None, now=NOW)
    create_bins(parent_id=stores["A"].pk, codes=["A-1"], user=None, now=NOW)
    correct(take_in, "America/Lima")
    zones = dict(Location.objects.filter(kind="bin").values_list("code", "time_zone"))
    assert zones == {"B-1": "America/Lima", "B-1-1": "America/Lima", "A-1": "Asia/Shanghai"}


def test_a_night_that_is_over_there_is_run_again(stores, take_in):
    """Else the store would have no forecast until tomorrow, and each sale would take its proposals back."""
    correct(take_in, "Asia/Shanghai")
    asked = JobRun.objects.exclude(state=JobState.DONE).get()
    assert (asked.job, asked.slot, asked.time_zone) == ("nightly", f"{HOME} asked 2026-03-10 12:00", "Asia/Shanghai")
    assert asked.business_date == datetime(2026, 3, 9, tzinfo=UTC).date()


@pytest.mark.parametrize("zone", ["", "Europe/Paris", "America/Lima"])
def test_nothing_is_asked_for_without_a_change_or_where_the_first_night_comes_by_itself(stores, take_in, zone):
    correct(take_in, zone)
    assert not JobRun.objects.exclude(state=JobState.DONE).exists()
