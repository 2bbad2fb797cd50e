"""What the page of a supplier says of how long their deliveries took."""

from datetime import date, timedelta

import pytest

from inventory.models import Sku
from suppliers.models import ObservedLeadTime, Supplier
from suppliers.selectors.supplier_pages import lead_time_report
from tests.orders.conftest import NOW

TODAY = date(2026, 3, 10)


def report_of(took):
    supplier = Supplier.objects.create(code="S", name="S", currency="EUR", promised_lead_time_days=5)
    sku = Sku.objects.create(code="tea", name="tea", created_at=NOW)
    ObservedLeadTime.objects.bulk_create(
        ObservedLeadTime(
            supplier=supplier, sku=sku, ordered_on=TODAY - timedelta(days=days), expected_on=TODAY, received_on=TODAY,
            source_key=str(number),
        )
        for number, days in enumerate(took)
    )  # fmt: skip
    return lead_time_report(supplier, today=TODAY)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("took", "median", "most"),
    [([5], 5, 5), ([2, 5, 9], 5, 9), ([2, 5], 2, 5), ([1, 2, 3, 4, 30], 3, 30), (list(range(1, 11)), 5, 9)],
)
def test_the_middle_one_and_the_one_that_nine_of_ten_do_not_exceed(took, median, most):
    report = report_of(took)
    assert (report.median_days, report.p90_days) == (median, most)


@pytest.mark.django_db
@pytest.mark.parametrize(("took", "last"), [([5, 45], (45, 1, False)), ([5, 46, 90], (45, 2, True))])
def test_the_last_bar_says_when_it_holds_longer_ones(took, last):
    bars = report_of(took).bars
    assert (bars[-1].days, bars[-1].count, bars[-1].and_more) == last
    assert not any(bar.and_more for bar in bars[:-1])
