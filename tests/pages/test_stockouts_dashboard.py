"""The stockout dashboard reckons with figures that can be checked by eye."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from dashboards.selectors.stockouts_rates import Window, stockout_rates
from dashboards.selectors.stockouts_yardstick import band_of
from inventory.models import DEMAND_BLOCK_DAYS, Category, ClosedDay, DemandBlock, LostSale, Sku, StockoutEvent
from inventory.services.demand import close_days
from orders.models import PurchaseOrder, PurchaseOrderLine
from suppliers.models import Supplier
from tests.pages.conftest import make_user, signed_in

PAGE = reverse("dashboards:stockouts")
# A border between two blocks, so that windows reach over it.
BORDER = date.fromordinal(date(2026, 10, 1).toordinal() // DEMAND_BLOCK_DAYS * DEMAND_BLOCK_DAYS)
LAST = BORDER + timedelta(days=3)


def write_block(sku, place, starts_on, in_stock):
    zeros = [0.0] * len(in_stock)
    DemandBlock.objects.create(sku=sku, location=place, starts_on=starts_on, sold=zeros, lost=zeros, in_stock=in_stock)


@pytest.fixture
def history(shop):
    """Bread at `here`: in stock but for the last day before the border and half of the first after it. Rice: always."""
    before = BORDER - timedelta(days=DEMAND_BLOCK_DAYS)
    full = [1.0] * DEMAND_BLOCK_DAYS
    write_block(shop.bread, shop.here, before, [*full[:-1], 0.0])
    write_block(shop.bread, shop.here, BORDER, [0.5, 1.0, 1.0, 1.0])
    write_block(shop.rice, shop.here, before, full)
    write_block(shop.rice, shop.here, BORDER, [1.0] * 4)
    ClosedDay.objects.create(location=shop.here, closed_through=LAST, closed_at=timezone.now())


def window(shop, days):
    return Window(LAST - timedelta(days=days - 1), LAST, (shop.here.pk,))


def test_a_shop_that_begins_today_has_no_rates_though_its_past_sales_closed_days(shop, history):
    for sku in (shop.bread, shop.rice):
        sku.listings.update(listed_on=LAST + timedelta(days=1))
    page = signed_in(make_user("mia", Role.MANAGER, shop.here)).get(PAGE).content.decode()
    assert "No day has been closed yet" in page and "Stockout rate" not in page


def test_margin_at_risk_is_explained_beside_the_figure_of_proposals(shop, history):
    page = signed_in(make_user("mia", Role.MANAGER)).get(PAGE).content.decode()
    assert "“Margin at risk” is the margin" in page and "“At stake” on proposals" in page


def test_hours_count_as_their_part_of_the_day_over_the_border_of_blocks(shop, history):
    rates = stockout_rates(window(shop, 5))
    assert (rates.total.listed, rates.total.out) == (10, 1.5)  # 2 SKUs x 5 days; one day and a half
    assert rates.by_day[BORDER].share == 0.25
    assert rates.by_location[shop.here.pk].share == 0.15
    assert rates.by_category[shop.food.pk].out == 1.5


def test_days_before_a_listing_and_days_not_closed_do_not_count(shop, history):
    shop.bread.listings.update(listed_on=BORDER + timedelta(days=1))
    assert stockout_rates(window(shop, 5)).total.out == 0
    assert stockout_rates(window(shop, 5)).total.listed == 3 + 5
    after = Window(LAST + timedelta(days=1), LAST + timedelta(days=9), (shop.here.pk,))
    assert stockout_rates(after).total.listed == 0


def test_the_page_shows_rate_losses_and_the_longest_stockout(shop, history, manager):
    began = timezone.now() - timedelta(days=2)
    StockoutEvent.objects.create(sku=shop.bread, location=shop.here, started_at=began)
    LostSale.objects.create(
        sku=shop.bread, location=shop.here, quantity=3, unit_price=Decimal("2.50"), cause="refused",
        occurred_at=timezone.now(), business_date=LAST,
    )  # fmt: skip
    report = manager.get(f"{PAGE}?days=7&location={shop.here.pk}").context["report"]
    assert (report.rate.listed, report.rate.out) == (14, 1.5)
    assert (report.now.out, report.now.listed) == (1, 2)
    assert (report.loss.units, report.loss.value) == (3, Decimal("7.50"))
    assert [(event.code, event.lost_value) for event in report.longest] == [("B1", Decimal("7.50"))]
    assert report.trend.days[-1] == LAST.isoformat() and len(report.trend.days) == 90


def test_what_is_not_shown_of_the_categories_is_summed_up(shop, history, manager):
    for number in range(12):
        category = Category.objects.create(code=f"c{number}", name=f"Category {number}")
        sku = Sku.objects.create(code=f"S{number}", name="Thing", category=category, created_at=timezone.now())
        LostSale.objects.create(
            sku=sku, location=shop.here, quantity=1, unit_price=Decimal(number + 1), cause="refused",
            occurred_at=timezone.now(), business_date=LAST,
        )  # fmt: skip
    answer = manager.get(f"{PAGE}?days=7&location={shop.here.pk}")
    report = answer.context["report"]
    assert len(report.by_category) == 10 and "3 other categories" in answer.content.decode()
    shown = sum(row.loss.value for row in report.by_category)
    assert (report.other_categories.count, report.other_categories.loss.value) == (3, Decimal(3))
    assert shown + report.other_categories.loss.value == report.loss.value == Decimal(78)


@pytest.mark.parametrize(("days", "said"), [(-1, "delivery late, was due"), (1, "delivery expected")])
def test_a_delivery_whose_day_has_passed_is_not_expected_but_late(shop, history, manager, days, said):
    StockoutEvent.objects.create(sku=shop.bread, location=shop.here, started_at=timezone.now() - timedelta(days=2))
    supplier = Supplier.objects.create(code="acme", name="Acme", currency="USD")
    day = timezone.localdate() + timedelta(days=days)
    order = PurchaseOrder.objects.create(
        number="PO-1", supplier=supplier, location=shop.here, state="sent", currency="USD", ordered_on=LAST,
        expected_on=day, created_at=timezone.now(), total=5,
    )  # fmt: skip
    PurchaseOrderLine.objects.create(order=order, sku=shop.bread, quantity=5, unit_price=1)
    assert said in manager.get(f"{PAGE}?location={shop.here.pk}").content.decode()


def test_a_delisted_sku_is_no_stockout(shop, history, manager):
    StockoutEvent.objects.create(sku=shop.bread, location=shop.here, started_at=timezone.now())
    shop.bread.listings.update(delisted_on=LAST)
    report = manager.get(f"{PAGE}?location={shop.here.pk}").context["report"]
    assert (report.now.out, report.now.listed, report.longest) == (0, 1, [])


def test_a_manager_sees_own_stores_only_and_staff_none(shop, history, staff):
    other = signed_in(make_user("olga", Role.MANAGER, shop.there))
    assert other.get(f"{PAGE}?location={shop.here.pk}").context["report"] is None
    assert staff.get(PAGE).status_code == 403


def test_before_the_first_night_the_page_says_so(shop, manager):
    assert "No day has been closed yet" in manager.get(PAGE).content.decode()
    # What was listed today has no day to close tonight.
    shop.bread.listings.update(listed_on=timezone.localdate())
    shop.rice.listings.update(listed_on=timezone.localdate())
    assert close_days(location_id=shop.here.pk, through=LAST, now=timezone.now()) is None
    assert "No day has been closed yet" in manager.get(PAGE).content.decode()


@pytest.mark.parametrize(("share", "churn"), [(0.0, "< 5%"), (0.03, "5 – 8%"), (0.1, "10 – 15%"), (0.11, "20 – 30%")])
def test_the_yardstick_is_the_vendors_table(share, churn):
    assert band_of(share).churn == churn


def test_the_page_asks_as_often_for_many_skus_as_for_one(shop, history, manager):
    with CaptureQueriesContext(connection) as few:
        manager.get(PAGE)
    write_block(shop.bread, shop.there, BORDER, [0.0] * 4)
    write_block(shop.rice, shop.there, BORDER, [0.0] * 4)
    with CaptureQueriesContext(connection) as many:
        assert len(manager.get(PAGE).context["report"].by_location) == 2
    assert len(many) == len(few)
