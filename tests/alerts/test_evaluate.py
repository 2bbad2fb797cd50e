from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts.models import Alert, AlertState, Severity
from alerts.services.evaluate import evaluate_jobs, evaluate_location
from alerts.services.handling import acknowledge_alert
from inventory.models import Listing, Sku
from jobs.models import JobRun
from orders.models import PurchaseOrder
from outbox.models import Message, WebhookEndpoint
from suppliers.models import Supplier
from tests.alerts.conftest import NOW

pytestmark = pytest.mark.django_db


def look(shop, minutes=0, **fields):
    return evaluate_location(location_id=shop.location.pk, now=NOW + timedelta(minutes=minutes), **fields)


def alerts():
    return list(Alert.objects.order_by("pk").values_list("sku__code", "subject", "severity", "state"))


def hook():
    WebhookEndpoint.objects.create(url="https://a.example/", secret="whsec_YWJj", created_at=NOW)


def events():
    return list(Message.objects.filter(channel="webhook").order_by("pk").values_list("event_type", flat=True))


def test_what_is_out_or_low_opens_one_alert_each(shop):
    shop.stock("out", 0)
    shop.stock("low", 4, reorder_point=4)
    shop.stock("fine", 5, reorder_point=4)
    for _time in range(3):
        look(shop)
    assert alerts() == [("out", "", Severity.OUT, "open"), ("low", "", Severity.LOW, "open")]
    assert Alert.objects.get(sku__code="low").facts["available"] == "4"


def test_an_alert_changes_its_severity_and_stays_one(shop):
    shop.stock("a", 4, reorder_point=4)
    look(shop)
    shop.stock("a", 0)
    look(shop)
    assert alerts() == [("a", "", Severity.OUT, "open")]


def test_it_closes_only_when_the_stock_is_above_the_reorder_point(shop):
    shop.stock("a", 0, reorder_point=4)
    look(shop)
    shop.stock("a", 4)
    look(shop)
    assert alerts() == [("a", "", Severity.LOW, "open")]
    shop.stock("a", 5)
    look(shop, minutes=1)
    assert alerts() == [("a", "", Severity.LOW, "closed")]
    assert Alert.objects.get().closed_at == NOW + timedelta(minutes=1)


def test_a_hundred_swings_in_an_hour_are_one_alert_and_two_events(shop):
    hook()
    for swing in range(100):
        shop.stock("a", 0 if swing % 2 == 0 else 9, reorder_point=4)
        look(shop, minutes=swing * 0.6)
    assert alerts() == [("a", "", Severity.OUT, "closed")]
    assert events() == ["alert.opened", "alert.closed"]


def test_one_that_comes_back_and_stays_is_told_again(shop):
    hook()
    for on_hand, minutes in ((0, 0), (9, 1), (0, 2), (0, 16)):
        shop.stock("a", on_hand, reorder_point=4)
        look(shop, minutes=minutes)
    assert events() == ["alert.opened", "alert.closed"]
    look(shop, minutes=17)
    assert events() == ["alert.opened", "alert.closed", "alert.opened"]
    assert len(alerts()) == 1


def test_one_that_comes_back_next_day_is_a_new_alert(shop):
    for on_hand, minutes in ((0, 0), (9, 1), (0, 1500)):
        shop.stock("a", on_hand)
        look(shop, minutes=minutes)
    assert [state for _sku, _subject, _severity, state in alerts()] == ["closed", "open"]


def test_what_was_seen_stays_seen_when_it_comes_back_at_once(shop):
    shop.stock("a", 0)
    look(shop)
    acknowledge_alert(alert_id=Alert.objects.get().pk, actor=shop.user("mia"), now=NOW)
    for on_hand in (9, 0):
        shop.stock("a", on_hand)
        look(shop)
    assert Alert.objects.get().state == AlertState.ACKNOWLEDGED


def test_looking_at_some_skus_leaves_the_alerts_of_others_alone(shop):
    shop.stock("a", 0)
    b = shop.stock("b", 0)
    look(shop)
    shop.stock("a", 9)
    shop.stock("b", 9)
    look(shop, sku_ids=[b.pk])
    assert [(sku, state) for sku, _subject, _severity, state in alerts()] == [("a", "open"), ("b", "closed")]


def test_a_delisted_sku_has_no_alert(shop):
    shop.stock("a", 0)
    look(shop)
    Listing.objects.update(delisted_on=date(2026, 3, 1))
    look(shop)
    assert Alert.objects.get().state == AlertState.CLOSED


def test_an_order_that_should_have_come_is_an_alert_until_it_comes(shop):
    supplier = Supplier.objects.create(code="s", name="Supplier")
    order = PurchaseOrder.objects.create(
        number="PO-1", supplier=supplier, location=shop.location, state="sent", currency="USD", total=Decimal(1),
        ordered_on=date(2026, 2, 20), expected_on=date(2026, 3, 2), created_at=NOW,
    )  # fmt: skip
    sku = Sku.objects.create(code="ordered", name="Ordered", price=2, cost=1, created_at=NOW)
    order.lines.create(sku=sku, quantity=1, unit_price=1)
    look(shop)
    assert alerts() == [], "expected today is not late"
    look(shop, minutes=24 * 60)
    assert alerts() == [(None, "PO-1", Severity.WARNING, "open")]
    order.state = "received"
    order.save()
    look(shop, minutes=24 * 60)
    assert Alert.objects.get().state == AlertState.CLOSED


def test_a_late_job_is_an_alert(settings):
    settings.JOB_SCHEDULE = "tests.jobs.schedule"
    evaluate_jobs(now=NOW.replace(year=2100))
    assert {alert.subject for alert in Alert.objects.filter(kind="late_job")} >= {"night", "letters"}


def test_a_job_whose_last_run_failed_is_an_alert_until_one_succeeds(settings):
    settings.JOB_SCHEDULE = "tests.jobs.schedule"
    now = timezone.now()
    for minutes, state in enumerate(["done", "failed", "running", "done"]):
        at = now + timedelta(minutes=minutes)
        JobRun.objects.create(job="night", slot=str(minutes), state=state, created_at=at, finished_at=at, error="E")
        evaluate_jobs(now=at)
        is_open = Alert.objects.exclude(state=AlertState.CLOSED).exists()
        assert is_open == (state in ("failed", "running")), state


def test_the_database_refuses_a_second_open_alert_of_one_fact(shop):
    shop.stock("a", 0)
    look(shop)
    alert = Alert.objects.get()
    alert.pk = None
    with pytest.raises(IntegrityError):
        alert.save(force_insert=True)


def test_a_hundred_alerts_take_as_many_statements_as_one(shop):
    shop.stock("first", 0)
    with CaptureQueriesContext(
        connection,
    ) as one:
        look(shop)
    for number in range(100):
        shop.stock(f"s{number:03}", 0)
    with CaptureQueriesContext(connection) as hundred:
        look(shop)
    assert len(hundred) <= len(one) + 1
    assert Alert.objects.count() == 101
