"""The loaded demo: a ledger that agrees with its levels, papers that agree with the ledger, logins that work."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F, Sum

from accounts.models import Role, User
from demo.domain.events import SALE
from demo.domain.replay import replay_year
from demo.domain.supplier_book import IN_TRANSIT, PLACES, SHOP_COUNT
from demo.errors import NotEmpty
from demo.selectors import load_grocery
from demo.services.catalogue import ean13
from forecasting.models import Promotion
from inventory.models import (
    Barcode,
    DemandBlock,
    Listing,
    Location,
    LostSale,
    Movement,
    PriceBlock,
    Sku,
    StockLevel,
    StockoutEvent,
    Transfer,
    TransferState,
)
from inventory.selectors.prices import load_prices
from orders.models import Budget, OrderState, PurchaseOrder, PurchaseOrderLine, ReceiptLine, ReplenishmentProposal
from orders.selectors.budgets import pots_on
from orders.services.budget_shares import share_budgets
from suppliers.models import ObservedLeadTime, Supplier, SupplierTerms
from tests.demo.conftest import LAST_DAY, NOW, PASSWORD, load

pytestmark = pytest.mark.django_db


def total(rows, field="quantity"):
    return rows.aggregate(total=Sum(field))["total"] or 0


@pytest.fixture(scope="module")
def replay():
    return replay_year(grocery=load_grocery(), last_day=LAST_DAY, seed=1, days=28)


def test_places_skus_and_suppliers_are_there(loaded):
    assert Location.objects.filter(kind="store", supplied_by__code="W1").count() == 6
    assert Sku.objects.filter(category__parent__isnull=False, price__gt=F("cost")).count() == 300
    assert Supplier.objects.filter(email__endswith=".example.com").count() == 12
    assert set(Sku.objects.values_list("pk", flat=True)) == set(SupplierTerms.objects.values_list("sku_id", flat=True))


def test_levels_are_the_closing_stock_of_the_replay(loaded, replay):
    levels = dict(StockLevel.objects.values_list("location__code").annotate(units=Sum("on_hand")))
    codes = [*(place.code for place in PLACES[: SHOP_COUNT + 1]), "IN-TRANSIT"]
    assert {code: int(levels.get(code, 0)) for code in codes} == dict(
        zip(codes, replay.closing.sum(axis=0).tolist(), strict=True)
    )


def test_every_movement_of_the_replay_is_in_the_ledger(loaded, replay):
    assert Movement.objects.count() == loaded.movements == len(replay.movements.sku)
    sold = int(replay.movements.quantity[replay.movements.kind == SALE].sum())
    assert total(Movement.objects.filter(kind="sale")) == sold
    assert Movement.objects.filter(business_date__gt=LAST_DAY).count() == 0


def test_receipts_say_what_the_ledger_says(loaded):
    assert total(ReceiptLine.objects.all()) == total(Movement.objects.filter(kind="receipt"))
    line = ReceiptLine.objects.select_related("receipt__posting", "order_line").first()
    moved = line.receipt.posting.movements.get(sku=line.order_line.sku)
    assert (moved.quantity, moved.unit_price) == (line.quantity, line.order_line.unit_price)
    assert line.receipt.posting.source_id == line.receipt.order_id


def test_open_orders_are_sent_and_nothing_of_them_has_come(loaded):
    still_open = PurchaseOrder.objects.filter(state=OrderState.SENT)
    assert still_open.count() >= 10
    assert total(PurchaseOrderLine.objects.filter(order__in=still_open), "received") == 0
    short = PurchaseOrderLine.objects.filter(order__state=OrderState.RECEIVED, received__lt=F("quantity"))
    assert not short.filter(is_closed=False).exists()


def test_lead_times_were_observed_for_every_delivered_line(loaded):
    assert ObservedLeadTime.objects.count() == ReceiptLine.objects.count() > 0
    assert ObservedLeadTime.objects.filter(supplier__code="FROST", received_on__gt=F("expected_on")).exists()


def test_goods_on_the_road_are_in_transit(loaded):
    on_the_road = Transfer.objects.filter(state=TransferState.SHIPPED)
    assert total(on_the_road, "lines__quantity") == total(
        StockLevel.objects.filter(location__kind=PLACES[IN_TRANSIT].kind), "on_hand"
    )
    assert on_the_road.exists()


def test_an_empty_listed_shelf_is_an_open_stockout(loaded):
    still_open = StockoutEvent.objects.filter(ended_at=None, location__kind="store")
    levels = StockLevel.objects.filter(location__kind="store", on_hand__gt=0).values_list("sku_id", "location_id")
    listed = set(Listing.objects.filter(location__kind="store").values_list("sku_id", "location_id"))
    assert set(still_open.values_list("sku_id", "location_id")) == listed - set(levels)
    assert StockoutEvent.objects.exclude(ended_at=None).count() > 100


def test_demand_is_what_was_sold_and_lost(loaded):
    blocks = DemandBlock.objects.filter(location__kind="store").values_list("sold", "lost")
    sold, lost = (sum(map(sum, column)) for column in zip(*blocks, strict=True))
    assert round(sold) == total(Movement.objects.filter(kind="sale"))
    assert round(lost) == total(LostSale.objects.all()) > 0


def test_what_customers_paid_is_known_of_every_sku_that_sold(loaded):
    sales = Movement.objects.filter(kind="sale")
    sale = sales.latest("business_date", "pk")
    [[paid]] = load_prices([sale.sku_id], sale.business_date, 1)
    assert paid == pytest.approx(float(sale.unit_price))
    assert {row.sku_id for row in PriceBlock.objects.all()} == set(sales.values_list("sku", flat=True))


def test_promotions_reach_into_the_future(loaded):
    assert Promotion.objects.filter(starts_on__gt=LAST_DAY, skus__isnull=False).exists()


def test_barcodes_are_valid_in_store_numbers(loaded):
    codes = Barcode.objects.values_list("code", flat=True)
    assert all(code[0] == "2" and ean13(code[:12]) == code for code in codes)
    assert ean13("400638133393") == "4006381333931"


def test_logins_work_within_their_shops(loaded):
    purchaser = User.objects.get(username="purchaser")
    assert purchaser.role == Role.PURCHASER and purchaser.check_password(PASSWORD)
    anna = User.objects.get(username="anna")
    assert not anna.sees_all_locations
    assert list(anna.location_access.values_list("location__code", flat=True)) == ["S1"]
    assert set(User.objects.values_list("role", flat=True)) == set(Role.values)


def test_a_second_load_is_refused(loaded):
    with pytest.raises(NotEmpty):
        load()


def test_a_budget_of_the_week_is_nearly_spent(loaded):
    budget = Budget.objects.get()
    (pot,) = pots_on([budget], {LAST_DAY + timedelta(days=1)})
    ordered = PurchaseOrder.objects.filter(supplier__in=budget.suppliers.all(), ordered_on__gte=budget.starts_on)
    assert pot.used == ordered.aggregate(total=Sum("total"))["total"] > 0
    # Half a day of what the four suppliers bring, rounded up.
    assert Decimal(0) < pot.left < pot.used / 4
    assert pot.span.last == LAST_DAY + timedelta(days=2)


def test_what_is_proposed_beyond_the_budget_is_cut(loaded):
    budget = Budget.objects.get()
    supplier, place = budget.suppliers.first(), Location.objects.get(code="W1")
    proposal = ReplenishmentProposal.objects.create(
        sku=supplier.terms.first().sku, location=place, supplier=supplier, quantity=1000, suggested_quantity=1000,
        unit_price=budget.amount, expected_on=LAST_DAY, created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    share_budgets(now=NOW)
    proposal.refresh_from_db()
    assert (proposal.cut_by, proposal.is_held) == (budget, True)
