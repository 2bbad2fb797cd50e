"""The tills ring through the ordinary sale service, once for each quarter of an hour."""

from datetime import UTC, datetime

import pytest
from django.db.models import Sum

from demo.services.till_ringing import ring_tills
from inventory.models import LostSale, Movement, Posting, StockLevel

pytestmark = pytest.mark.django_db

# 15:00 UTC is ten in the morning in New York: the shops are open since eight.
NOW = datetime(2026, 11, 22, 15, 2, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 15, 32, tzinfo=UTC)


def sold_today():
    return Movement.objects.filter(kind="sale", business_date="2026-11-22").aggregate(units=Sum("quantity"))["units"]


def test_the_morning_is_sold(loaded):
    rung = ring_tills(now=NOW)
    assert rung.sales > 30
    assert 100 < sold_today() < 1000
    assert not Movement.objects.filter(occurred_at__gt=NOW).exists()


def test_a_repeat_sells_nothing_twice(loaded):
    ring_tills(now=NOW)
    before = sold_today(), Movement.objects.count(), LostSale.objects.count()
    ring_tills(now=NOW)
    assert (sold_today(), Movement.objects.count(), LostSale.objects.count()) == before


def test_later_only_new_quarters_ring(loaded):
    ring_tills(now=NOW)
    before = set(Posting.objects.filter(key__startswith="till:").values_list("key", flat=True))
    ring_tills(now=LATER)
    new = set(Posting.objects.filter(key__startswith="till:").values_list("key", flat=True)) - before
    assert {key.split(":")[1] for key in new} == {"2026-11-22-40", "2026-11-22-41"}


def test_what_is_not_there_is_a_lost_sale(loaded):
    lost = LostSale.objects.count()
    ring_tills(now=NOW)
    assert LostSale.objects.count() > lost
    assert not StockLevel.objects.filter(on_hand__lt=0).exists()
