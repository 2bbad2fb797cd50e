"""What a waiting proposal ends in time asks nobody to act; it asks again when the proposal does not end it.

Tea sells 2 a day; its reorder point is 10; what is ordered today comes in 2 days.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from alerts.mails import mail_digests
from alerts.models import Alert, AlertState
from alerts.selectors.alert_pages import AlertFilter, answered_count, list_alerts
from alerts.services.evaluate import evaluate_location
from alerts.views.fact_rows import fact_rows
from inventory.models import Listing, LocationAccess
from orders.models import Budget, ReplenishmentProposal
from orders.selectors.proposed import proposed_arrivals
from orders.services.decisions import approve_proposals, edit_proposal, reject_proposal
from orders.services.expiry import expire_proposals
from outbox.models import Message, WebhookEndpoint
from tests.orders.conftest import AS_OF, NOW, TODAY, add_stock, build_firm, foresee, make_sku, make_terms, take_stock
from tests.orders.conftest import plan as plan_fixture

plan = plan_fixture
pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(db):
    """Seven of tea are left: they last three days, so what is proposed comes in time. Salt has enough."""
    firm = build_firm()
    add_stock(firm.tea, firm.shop, 7)
    add_stock(firm.salt, firm.shop, 50)
    Listing.objects.filter(sku=firm.soap).delete()
    return firm


def look(firm, minutes=0, **fields):
    evaluate_location(location_id=firm.shop.pk, now=NOW + timedelta(minutes=minutes), **fields)
    return Alert.objects.filter(sku=firm.tea).last()


def tea(firm):
    return ReplenishmentProposal.objects.get(sku=firm.tea, state="open")


def events():
    return list(Message.objects.filter(channel="webhook").order_by("pk").values_list("event_type", flat=True))


def needing(firm):
    boss, _is_new = User.objects.get_or_create(username="boss", defaults={"sees_all_locations": True})
    return list_alerts(boss, AlertFilter(), now=NOW).count(), answered_count(boss, AlertFilter(), now=NOW)


def test_what_is_proposed_in_time_and_enough_is_no_open_alert(firm, plan):
    plan()
    alert = look(firm)
    assert (alert.severity, alert.is_answered) == ("low", True)
    assert (alert.facts["proposed"], alert.facts["proposed_on"]) == ("18", "2026-03-12")
    assert needing(firm) == (0, 1)


def test_without_a_proposal_it_asks(firm, plan):
    plan()
    ReplenishmentProposal.objects.all().delete()
    assert not look(firm).is_answered
    assert needing(firm) == (1, 0)


@pytest.mark.parametrize("sold", [4, 7])
def test_what_comes_after_the_shelf_is_empty_is_no_answer(firm, plan, sold):
    """Three last one more day; of none, customers are sent away already."""
    take_stock(firm.tea, firm.shop, sold)
    plan()
    assert not look(firm).is_answered
    assert needing(firm) == (1, 0)


def test_what_leaves_it_at_the_reorder_point_is_too_small(firm, plan):
    plan()
    for quantity, is_answered in ((3, False), (4, True)):
        ReplenishmentProposal.objects.update(quantity=quantity)
        assert look(firm).is_answered == is_answered, quantity


def test_what_a_budget_holds_back_is_no_answer(firm, plan):
    plan()
    budget = Budget.objects.create(
        name="Tea", period="month", amount=1, starts_on=AS_OF, created_at=NOW, author=firm.buyer
    )
    ReplenishmentProposal.objects.update(cut_quantity=0, cut_by=budget)
    alert = look(firm)
    assert not alert.is_answered
    assert ("Proposed", "held by a budget") in fact_rows(alert.facts)


def test_each_day_without_a_plan_moves_the_goods_a_day_away(firm, plan):
    plan()
    key = (firm.shop.pk, firm.tea.pk)
    days = [proposed_arrivals(firm.shop.pk, today=TODAY + timedelta(days=n))[key].expected_on - TODAY for n in range(3)]
    assert [day.days for day in days] == [2, 3, 4]


def test_rejected_it_asks_again_at_once(firm, plan):
    plan()
    look(firm)
    reject_proposal(proposal_id=tea(firm).pk, note="No", user=firm.buyer, now=NOW, snooze_days=7)
    assert not look(firm).is_answered
    assert needing(firm) == (1, 0)


def test_expired_it_asks_again(firm, plan):
    plan()
    look(firm)
    assert expire_proposals(now=NOW + timedelta(days=90)) == 1
    assert not look(firm).is_answered


def test_approved_it_is_over(firm, plan):
    plan()
    look(firm)
    approve_proposals(proposal_ids=[tea(firm).pk], user=None, now=NOW)
    assert look(firm).state == AlertState.CLOSED


def test_programs_hear_of_it_only_while_it_asks(firm, plan):
    WebhookEndpoint.objects.create(url="https://a.example/", secret="whsec_YWJj", created_at=NOW)
    plan()
    look(firm)
    look(firm, minutes=20)
    assert events() == []
    reject_proposal(proposal_id=tea(firm).pk, note="No", user=firm.buyer, now=NOW)
    for minutes in (21, 22, 36, 37):
        look(firm, minutes=minutes)
    assert events() == ["alert.opened"], "once, when it has stayed"


def test_one_that_was_told_and_is_answered_then_is_over_for_programs(firm, plan):
    WebhookEndpoint.objects.create(url="https://a.example/", secret="whsec_YWJj", created_at=NOW)
    plan()
    ReplenishmentProposal.objects.update(quantity=3)
    look(firm)
    edit_proposal(proposal_id=tea(firm).pk, quantity=Decimal(12), user=firm.buyer, now=NOW)
    for minutes in (1, 2, 30):
        look(firm, minutes=minutes)
    assert events() == ["alert.opened", "alert.closed"]
    assert Message.objects.last().payload["data"]["is_answered"] is True


def test_people_read_one_line_of_all_that_is_answered(firm, plan):
    LocationAccess.objects.create(user=firm.buyer, location=firm.shop)
    User.objects.update(email="b@example.test")
    plan()
    look(firm)
    assert mail_digests(now=NOW) == 1
    payload = Message.objects.get(event_type="alert.digest").payload
    said = "1 SKU is short, and a proposal that waits for approval answers it in time."
    assert payload["subject"] == f"Youhuo: {said}"
    assert f"{said} http" in payload["text"] and "/proposals/" in payload["html"]
    assert firm.tea.name not in payload["text"]
    for minutes in (20, 60):
        look(firm, minutes=minutes)
        assert mail_digests(now=NOW + timedelta(minutes=minutes)) == 0, "told once"


def test_many_take_as_many_statements_as_one(firm, plan):
    plan()
    with CaptureQueriesContext(connection) as one:
        look(firm)
    for number in range(60):
        sku = make_sku(f"s{number}", category=firm.category)
        make_terms(firm.acme, sku, pack_size=Decimal(6))
        Listing.objects.create(sku=sku, location=firm.shop, listed_on=AS_OF)
        foresee(firm.run, sku, firm.shop, 2.0)
        add_stock(sku, firm.shop, 7)
    plan()
    with CaptureQueriesContext(connection) as many:
        look(firm)
    assert Alert.objects.filter(is_answered=True).count() == 61
    assert len(many) <= len(one) + 1
