"""The list of movements: narrowed, paged without counting, and never beyond the reader's own places."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import Location, Movement
from inventory.services.adjustments import Change, adjust_stock
from inventory.services.batches import BatchLine, post_batch
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine, sell

PAGE = reverse("inventory:movements")


@pytest.fixture
def moved(shop):
    """On top of the two receipts: 3 bread sold and 1 damaged at `here`, 5 rice received at `there`."""
    who = {"key": None, "user": None, "now": timezone.now()}
    sell(location=shop.here, lines=[GoodsLine(shop.bread.pk, Decimal(3))], **who)
    adjust_stock(location=shop.here, changes=[Change(shop.bread.pk, Decimal(-1))], reason_code="damage", **who)
    receive_goods(location=shop.there, lines=[GoodsLine(shop.rice.pk, Decimal(5))], **who)
    return shop


def listed(client, **asked):
    return [row.kind for row in client.get(PAGE, asked).context["ledger"].rows]


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ({}, ["receipt", "adjustment", "sale", "receipt", "receipt"]),
        ({"sku": "b1"}, ["adjustment", "sale", "receipt"]),
        ({"sku": "4012", "kind": "sale"}, ["sale"]),
        ({"reason": "damage"}, ["adjustment"]),
        ({"reason": "theft"}, []),
        ({"until": "2020-01-01"}, []),
        ({"since": "nonsense", "kind": "gift", "before": "x"}, ["receipt", "adjustment", "sale", "receipt", "receipt"]),
    ],
)
def test_what_is_asked_for_is_listed(manager, moved, asked, kinds):
    assert listed(manager, **asked) == kinds


def test_staff_see_their_own_place(staff, moved):
    assert listed(staff) == ["adjustment", "sale", "receipt", "receipt"]
    assert listed(staff, location=moved.there.pk) == listed(staff)


def test_moments_are_those_of_the_place(manager, moved):
    Location.objects.update(time_zone="UTC")
    Location.objects.filter(pk=moved.here.pk).update(time_zone="Asia/Shanghai")
    rows = manager.get(PAGE).context["ledger"].rows
    assert [row.zone_name for row in rows] == ["UTC", *["Asia/Shanghai"] * 4]


def test_a_code_that_nobody_has_is_said(manager, moved):
    answer = manager.get(PAGE, {"sku": "pear"})
    assert "No SKU has the code or barcode “pear”." in answer.content.decode()
    assert answer.context["ledger"].rows == []


def test_what_was_on_hand_at_the_end_of_a_day(manager, moved):
    asked = {"sku": "B1", "location": moved.here.pk}
    assert manager.get(PAGE, asked).context["on_hand"] == 6
    assert manager.get(PAGE, {**asked, "until": "2020-01-01"}).context["on_hand"] == 0
    assert manager.get(PAGE, {**asked, "until": "9999-12-31"}).context["on_hand"] == 6
    assert manager.get(PAGE, {"sku": "B1"}).context["on_hand"] is None


def test_pages_follow_each_other_and_count_nothing(manager, moved, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr("inventory.views.movements.ROWS_SHOWN", 2)
    seen, asked = [], {}
    while asked is not None:
        with django_assert_max_num_queries(7):
            ledger = manager.get(PAGE, asked).context["ledger"]
        seen += [row.pk for row in ledger.rows]
        asked = {"before": ledger.next_before} if ledger.next_before else None
    assert seen == list(Movement.objects.order_by("-pk").values_list("pk", flat=True))


def test_the_file_asks_the_same_question(manager, moved):
    query = manager.get(PAGE, {"sku": "4012", "reason": "damage"}).context["query"]
    text = b"".join(manager.get(reverse("imports:export", args=["movements", "csv"]) + f"?{query}")).decode()
    assert [line.split(",")[2] for line in text.splitlines()[1:]] == ["adjustment"]


def test_a_day_before_the_goods_were_booked_says_why_it_ends_below_zero(manager, moved):
    """A till that was offline sends the sales of a day on which nothing was booked yet."""
    sold_at = timezone.now() - timedelta(days=2)
    line = BatchLine("sale", moved.bread.pk, moved.here, Decimal(2), occurred_at=sold_at)
    post_batch(lines=[line], key=None, user=None, now=timezone.now())
    asked = {"sku": "B1", "location": moved.here.pk}
    then = manager.get(PAGE, asked | {"until": sold_at.date()}).content.decode()
    assert "<strong>-2</strong> on hand" in then and "Below zero: something left on or before that day" in then
    today = manager.get(PAGE, asked).content.decode()
    assert "<strong>4</strong> on hand" in today and "Below zero" not in today
