"""A sale makes a need: the watch plans again what was sold, without waiting for the night or the next tick."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alerts.tasks import look
from alerts.watch import WATCH, look_if_changed
from jobs.models import JobRun, JobState
from jobs.registry import Slot
from jobs.services.runner import run_inline
from orders.models import ProposalState, ReplenishmentProposal
from orders.services.planning import plan_location
from tests.jobs.conftest import start_worker  # noqa: F401  # a fixture of other tests
from tests.orders.conftest import AS_OF, NOW, add_stock, build_firm, take_stock
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def schedule(settings):
    settings.JOB_SCHEDULE = "tests.alerts.schedule"


@pytest.fixture
def firm(db, schedule):
    """Tea and salt have enough."""
    firm = build_firm()
    for sku in (firm.tea, firm.salt):
        add_stock(sku, firm.shop, 12)
    plan_location(location_id=firm.shop.pk, run_id=firm.run.pk, as_of=AS_OF, now=NOW)
    return firm


def open_proposals():
    return ReplenishmentProposal.objects.filter(state=ProposalState.OPEN)


def settle(firm):
    """A first look, long enough ago that its overlap has passed."""
    run_inline(job=WATCH, slot=Slot("first"), clock=lambda: timezone.now() - timedelta(minutes=5))


def test_a_sale_is_proposed_by_workers_at_once(firm, start_worker):  # noqa: F811  # a fixture by its name
    settle(firm)
    start_worker()
    take_stock(firm.tea, firm.shop, 3, now=timezone.now())
    wait_until(open_proposals().exists, while_waiting=look)
    proposal = open_proposals().get()
    assert (proposal.sku, proposal.reason["was"]) == (firm.tea, "0")


def test_without_a_change_nothing_begins(firm):
    settle(firm)
    before = JobRun.objects.count()
    assert look_if_changed(now=timezone.now()) is None
    assert JobRun.objects.count() == before


def test_while_a_look_is_at_work_no_other_begins(firm):
    settle(firm)
    take_stock(firm.tea, firm.shop, 3, now=timezone.now())
    first = look_if_changed(now=timezone.now())
    assert first.state == JobState.DUE or first.state == JobState.RUNNING
    assert look_if_changed(now=timezone.now() + timedelta(seconds=2)) is None


def test_the_same_second_begins_one_look(firm):
    settle(firm)
    take_stock(firm.tea, firm.shop, 3, now=timezone.now())
    now = timezone.now()
    run = look_if_changed(now=now)
    run_inline(job=WATCH, slot=Slot(run.slot), clock=lambda: now)
    take_stock(firm.salt, firm.shop, 6, now=timezone.now())
    assert look_if_changed(now=now) is None
    assert open_proposals().count() == 1
