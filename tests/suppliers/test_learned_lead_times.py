"""Learned lead times: the promise first, then what the supplier did, then what the SKU did."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.models import Sku
from suppliers.domain.lead_times import ENOUGH_OF_SKU, MOST_POINTS, Basis, learn
from suppliers.models import ObservedLeadTime, Supplier, SupplierTerms
from suppliers.selectors.lead_times import load_lead_times
from suppliers.services.lead_times import Observation, record_lead_times
from tests.orders.conftest import NOW

AS_OF = date(2026, 3, 9)
slips = st.dictionaries(st.integers(-10, 30), st.integers(1, 50), max_size=25)


@pytest.fixture
def firm(db):
    supplier = Supplier.objects.create(code="S", name="S", currency="EUR", promised_lead_time_days=5)
    tea, salt = (Sku.objects.create(code=code, name=code, created_at=NOW) for code in ("tea", "salt"))
    SupplierTerms.objects.create(supplier=supplier, sku=salt, price=Decimal(1), promised_lead_time_days=10)
    return supplier, tea, salt


def deliver(supplier, sku, took, days_ago=10, key=None):
    received = AS_OF - timedelta(days=days_ago)
    ordered = received - timedelta(days=took)
    key = key or f"{sku.pk} {took} {days_ago} {ObservedLeadTime.objects.count()}"
    record_lead_times(
        observations=[Observation(supplier.pk, sku.pk, ordered, ordered + timedelta(days=5), received, key)]
    )


def test_without_deliveries_the_promise_speaks():
    found = learn(7, {}, {})
    assert (found.days, found.chances, found.mean, found.basis) == ((7,), (1.0,), 7, Basis.PROMISE)


def test_deliveries_pull_the_promise():
    """Four that were on time by promise, four that came 2 days late in fact: half and half."""
    found = learn(7, {2: 4}, {})
    assert (found.days, found.chances) == ((7, 9), (0.5, 0.5))
    assert (found.mean, found.observed, found.basis) == (8, 4, Basis.SUPPLIER)
    assert (found.quantile(0.5), found.quantile(0.9)) == (7, 9)


def test_a_sku_speaks_for_itself_once_there_is_enough():
    few, enough = learn(7, {0: 100}, {3: 4}), learn(7, {0: 100}, {3: 8})
    assert (few.basis, enough.basis) == (Basis.SUPPLIER, Basis.SKU)
    assert enough.chances == (0.5, 0.5)


def test_early_is_never_before_the_order():
    assert learn(2, {-5: 4}, {}).days == (0, 2)


@given(st.integers(0, 60), slips, slips)
def test_chances_sum_to_one_and_days_ascend(promised, supplier, sku):
    found = learn(promised, supplier, sku)
    assert sum(found.chances) == pytest.approx(1)
    assert list(found.days) == sorted(set(found.days))
    assert len(found.days) <= MOST_POINTS
    assert min(found.days) >= 0


def test_slips_are_counted_from_each_promise(firm):
    supplier, tea, salt = firm
    deliver(supplier, tea, took=6)
    deliver(supplier, salt, took=11, days_ago=3)
    learned = load_lead_times(as_of=AS_OF).of(supplier.pk, tea.pk, 5)
    assert learned.observed == 2
    assert learned.days == (5, 6)
    assert learned.chances == pytest.approx((4 / 6, 2 / 6))


def test_one_delivery_of_many_lines_is_one(firm):
    supplier, tea, salt = firm
    SupplierTerms.objects.all().delete()
    deliver(supplier, tea, took=6, key="a")
    deliver(supplier, salt, took=6, key="b")
    assert load_lead_times(as_of=AS_OF).of(supplier.pk, tea.pk, 5).observed == 1


def test_old_and_future_deliveries_do_not_count(firm):
    supplier, tea, _salt = firm
    deliver(supplier, tea, took=6, days_ago=400)
    deliver(supplier, tea, took=6, days_ago=-1)
    assert load_lead_times(as_of=AS_OF).of(supplier.pk, tea.pk, 5).basis == Basis.PROMISE


def test_the_same_receipt_line_counts_once(firm):
    supplier, tea, _salt = firm
    for _ in range(2):
        deliver(supplier, tea, took=6, key="receipt 1")
    assert ObservedLeadTime.objects.count() == 1


def test_goods_entered_before_their_order_count_as_the_same_day(firm):
    supplier, tea, _salt = firm
    record_lead_times(
        observations=[Observation(supplier.pk, tea.pk, AS_OF, AS_OF, AS_OF - timedelta(days=2), "late entry")]
    )
    assert ObservedLeadTime.objects.get().received_on == AS_OF


def test_two_statements_for_any_number_of_suppliers(firm, django_assert_num_queries):
    with django_assert_num_queries(2):
        load_lead_times(as_of=AS_OF)


def test_one_delivery_in_many_receipts_is_one_of_its_sku_too(firm):
    supplier, tea, _salt = firm
    for box in range(ENOUGH_OF_SKU):
        deliver(supplier, tea, took=9, key=f"box {box}")
    learned = load_lead_times(as_of=AS_OF).of(supplier.pk, tea.pk, 5)
    assert (learned.basis, learned.observed) == (Basis.SUPPLIER, 1)


@pytest.mark.parametrize(("took", "counts"), [(185, True), (186, False), (400, False)])
def test_what_came_half_a_year_late_says_nothing_of_the_next_delivery(firm, took, counts):
    supplier, tea, _salt = firm
    deliver(supplier, tea, took=took)
    learned = load_lead_times(as_of=AS_OF).of(supplier.pk, tea.pk, 5)
    assert (learned.observed == 1, learned.days[-1] == took) == (counts, counts)
