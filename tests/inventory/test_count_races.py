"""Counting while others count, hand in and sell: entries arrive once, differences are posted once, levels stay true."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from accounts.errors import DomainError
from inventory.models import CountEntry, Movement, StockCount
from inventory.selectors.ledger_check import check_ledger
from inventory.services.count_results import submit_count
from inventory.services.sales import GoodsLine, sell
from tests.inventory.conftest import NOW, level_of
from tests.inventory.counting import given

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Runs the acts in threads of their own; the refusals of those that were refused."""

    def run(act):
        try:
            act()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return [refusal for refusal in pool.map(run, acts) if refusal is not None]


def test_a_phone_that_sends_the_same_entries_four_times_at_once_is_heard_once(counting):
    entries = [given("apple", 1) for _number in range(20)]
    assert at_once(*[lambda: counting.send(*entries)] * 4) == []
    assert CountEntry.objects.count() == 20


def test_a_count_that_is_handed_in_twice_at_once_is_posted_once(counting, firm):
    counting.limit(5)
    counting.send(given("apple", 8))
    assert len(at_once(counting.submit, counting.submit)) == 1
    assert (Movement.objects.filter(kind="count").count(), level_of(firm.apple, firm.shop)) == (1, 8)


def test_entries_that_meet_the_handing_in_are_counted_or_late(counting):
    counting.limit(100)
    counting.send(given("apple", 1))
    at_once(counting.submit, *[lambda number=number: counting.send(given("apple", number)) for number in (1, 2, 3)])
    line = StockCount.objects.get().lines.get(sku__code="apple")
    on_time = CountEntry.objects.filter(line=line, is_late=False).values_list("quantity", flat=True)
    assert (line.counted, CountEntry.objects.count()) == (sum(on_time), 4)


def test_sales_that_meet_the_handing_in_are_no_shrinkage(counting, firm):
    counting.limit(100)
    counting.send(given("apple", 10))

    def buy():
        sell(location=firm.shop, lines=[GoodsLine(firm.apple.pk, Decimal(1))], key=None, user=None, now=NOW)

    def hand_in():
        submit_count(count_id=counting.count.pk, user=counting.sam, now=NOW)

    assert at_once(buy, buy, hand_in, buy, buy) == []
    assert not [result for result in check_ledger(now=NOW) if result.count]
