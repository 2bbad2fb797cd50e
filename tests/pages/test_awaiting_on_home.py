"""What waits for a second person stands on the first page; the inbox adds up in the firm's currency."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from orders.models import Delegation, ExchangeRate, OrderState, PurchaseOrder
from tests.orders.conftest import ask_for
from tests.pages.buying import ordered_firm, planned_firm, text_of
from tests.pages.conftest import signed_in

HOME, INBOX = reverse("dashboards:home"), reverse("orders:proposals")


@pytest.fixture
def world(db):
    world = ordered_firm()
    manager = User.objects.create_user("mia", role=Role.MANAGER, sees_all_locations=True)
    world.manager = signed_in(manager)
    return world


def waiting(world, number, total, days=1):
    return PurchaseOrder.objects.create(
        number=number, supplier=world.firm.acme, location=world.firm.shop, state=OrderState.AWAITING_APPROVAL,
        currency="EUR", total=5, home_total=total, counted_total=total, needs_second=True, ordered_on=date(2026, 3, 1),
        expected_on=date(2026, 3, 9), created_at=timezone.now(), created_by=world.firm.buyer,
        submitted_at=timezone.now() - timedelta(days=days),
    )  # fmt: skip


def test_count_total_and_the_longest_wait(world):
    waiting(world, "PO-YOUNG", 30)
    waiting(world, "PO-OLD", 12, days=3)
    waiting(world, "PO-NO-RATE", None)
    for client in (world.buyer, world.manager, world.admin):
        found = client.get(HOME).context["awaiting"]
        assert (found.count, found.total, found.unknown, found.first.number) == (3, 42, 1, "PO-OLD")
    page = text_of(world.manager.get(HOME))
    assert "3 orders wait for a second person" in page
    assert reverse("orders:purchase_orders") + "?state=awaiting_approval" in page


def test_nothing_waits_elsewhere_or_for_staff(world):
    waiting(world, "PO-OLD", 12)
    assert world.stranger.get(HOME).context["awaiting"].count == 0
    assert "awaiting" not in world.staff.get(HOME).context


def test_the_home_page_asks_as_much_for_many_orders_as_for_one(world):
    counts = []
    for numbers in (["A"], ["B", "C", "D"]):
        for number in numbers:
            waiting(world, number, 10)
        with CaptureQueriesContext(connection) as queries:
            world.buyer.get(HOME)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_inbox_adds_up_in_the_currency_of_the_firm(db):
    world = planned_firm()
    ExchangeRate.objects.filter(currency="EUR").update(rate=2)
    euros = (world.tea.quantity + world.salt.quantity) * 2
    found = world.buyer.get(INBOX).context["inbox_sum"]
    assert (found.count, found.total, found.without_rate) == (2, euros * 2, [])
    world.firm.best.currency = "CHF"
    world.firm.best.save()
    ask_for(world.firm, world.firm.soap, 6, supplier=world.firm.best)
    answer = world.buyer.get(INBOX)
    assert (answer.context["inbox_sum"].total, answer.context["inbox_sum"].without_rate) == (euros * 2, ["CHF"])
    assert "without what is in CHF" in text_of(answer)
    assert f"= ${Decimal(euros * 2):,.2f}" in text_of(answer)


@pytest.mark.parametrize(("begins", "ends", "is_told"), [(0, 3, True), (-3, 0, True), (1, 3, False), (-3, -1, False)])
def test_who_stands_in_and_for_whom_is_told_while_it_holds(world, begins, ends, is_told):
    today = timezone.localdate()
    Delegation.objects.create(
        giver=world.firm.buyer, taker=world.manager.user, starts_on=today + timedelta(begins),
        ends_on=today + timedelta(ends), created_by=world.firm.buyer, created_at=timezone.now(),
    )  # fmt: skip
    assert (f"You stand in for {world.firm.buyer}" in text_of(world.manager.get(HOME))) == is_told
    assert ("mia stands in for you" in text_of(world.buyer.get(HOME))) == is_told
    assert "stand" not in text_of(world.staff.get(HOME))


def test_standing_in_that_was_ended_is_not_told(world):
    today = timezone.localdate()
    Delegation.objects.create(
        giver=world.firm.buyer, taker=world.manager.user, starts_on=today, ends_on=today, ended_at=timezone.now(),
        created_by=world.firm.buyer, created_at=timezone.now(),
    )  # fmt: skip
    assert "You stand in" not in text_of(world.manager.get(HOME))
