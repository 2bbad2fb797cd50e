"""Why sales were lost, told at once by the bits of days, agrees with a twin that looks at each loss by itself."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from dashboards.selectors.stockouts_causes import COSTLIEST_SHOWN, LONGEST_WAIT_DAYS, loss_causes
from dashboards.selectors.stockouts_rates import Window
from inventory.domain.days import local_date
from inventory.models import LostSale, Transfer, TransferLine
from orders.models import OrderState, PurchaseOrder, PurchaseOrderLine, Receipt, ReceiptLine
from orders.models.purchase_order import EXPECTED_ORDER_STATES, NOT_APPROVED_STATES
from suppliers.models import Supplier

LAST = date(2026, 10, 10)
NOON = datetime(2026, 10, 10, 12, tzinfo=UTC)


def days_ago(rng, most):
    return LAST - timedelta(rng.randrange(-3, most))


def moment(rng, most):
    return NOON - timedelta(hours=rng.randrange(-72, 24 * most))


def make_order(rng, number, supplier, places, skus):
    state = rng.choice(OrderState.values)
    made = PurchaseOrder.objects.create(
        number=f"PO-{number}", supplier=supplier, location=rng.choice(places), state=state, total=5, currency="USD",
        ordered_on=days_ago(rng, 30), expected_on=days_ago(rng, 25), created_at=NOON,
        cancelled_at=NOON if state == OrderState.CANCELLED else None,
    )  # fmt: skip
    receipts = [
        Receipt.objects.create(order=made, key=f"{number}/{part}", received_at=moment(rng, 25)) for part in range(2)
    ]
    for sku in skus:
        parts = [Decimal(part) for part in rng.choice([(), (5,), (2,), (2, 3), (1, 2)])]
        line = PurchaseOrderLine.objects.create(
            order=made, sku=sku, quantity=5, received=sum(parts), unit_price=1, is_closed=rng.random() < 0.2,
            expected_on=rng.choice([None, days_ago(rng, 25)]),
        )  # fmt: skip
        for receipt, part in zip(rng.sample(receipts, len(parts)), parts, strict=True):
            ReceiptLine.objects.create(receipt=receipt, order_line=line, quantity=part)


def make_transfer(rng, number, places, skus):
    source, destination = rng.sample(places, 2)
    state = rng.choice(["draft", "shipped", "received", "cancelled"])
    made = Transfer.objects.create(
        number=f"T-{number}", source=source, destination=destination, state=state, created_at=moment(rng, 30),
        expected_on=rng.choice([None, days_ago(rng, 20)]),
        received_at=moment(rng, 20) if state == "received" else None,
    )  # fmt: skip
    TransferLine.objects.create(transfer=made, sku=rng.choice(skus), quantity=5)


@pytest.fixture
def world(shop):
    """world(seed) has orders, transfers and losses of two SKUs at two places that are a day apart at noon."""
    shop.there.time_zone = "Pacific/Auckland"
    shop.there.save()
    places, skus = [shop.here, shop.there], [shop.bread, shop.rice]
    supplier = Supplier.objects.create(code="acme", name="Acme", currency="USD")

    def make(seed):
        rng = Random(seed)
        for number in range(12):
            make_order(rng, number, supplier, places, rng.sample(skus, rng.randrange(1, 3)))
            make_transfer(rng, number, places, skus)
        for _number in range(50):
            LostSale.objects.create(
                sku=rng.choice(skus), location=rng.choice(places), quantity=rng.randrange(1, 9), cause="refused",
                unit_price=Decimal("2.50"), business_date=days_ago(rng, 20), occurred_at=NOON,
            )  # fmt: skip
        return places

    return make


def spans(window):
    """(since, due, until) of all that came or was to come, by SKU and place; `until` None for what is still open."""
    found = defaultdict(list)
    begin = window.first - timedelta(LONGEST_WAIT_DAYS)
    lines = PurchaseOrderLine.objects.exclude(order__state__in=NOT_APPROVED_STATES)
    for line in lines.filter(order__ordered_on__range=(begin, window.last)).select_related("order__location"):
        place, due = line.order.location, line.expected_on or line.order.expected_on
        came = [part.receipt.received_at for part in line.receipt_lines.select_related("receipt")]
        is_open = line.received < line.quantity and not line.is_closed and line.order.state in EXPECTED_ORDER_STATES
        until = None if is_open else local_date(max(came), place.time_zone) if came else due
        found[line.sku_id, place.pk].append((line.order.ordered_on, due, until))
    sent = TransferLine.objects.filter(transfer__state__in=["shipped", "received"])
    for line in sent.select_related("transfer__destination"):
        way, zone = line.transfer, line.transfer.destination.time_zone
        until = local_date(way.received_at, zone) if way.received_at else None
        row = (local_date(way.created_at, zone), way.expected_on or date.max, until)
        found[line.sku_id, way.destination_id].append(row)
    return found


def cause_of(day, spans):
    coming = [due for since, due, until in spans if since <= day and (until is None or day <= until)]
    return "late" if any(due < day for due in coming) else "too_late" if coming else "not_ordered"


def told_slowly(window):
    """The value of each cause; and of each SKU at a place its value, its days, and the cause of its costliest day."""
    lost, coming = defaultdict(Decimal), spans(window)
    for row in LostSale.objects.filter(
        location__in=window.location_ids, business_date__range=(window.first, window.last)
    ):
        lost[row.sku_id, row.location_id, row.business_date] += row.quantity * row.unit_price
    causes, costly = defaultdict(Decimal), defaultdict(list)
    for (sku, place, day), value in lost.items():
        cause = cause_of(day, coming[sku, place])
        causes[cause] += value
        costly[sku, place].append((-value, day, cause))
    rows = {pair: (-sum(day[0] for day in days), len(days), min(days)[2]) for pair, days in costly.items()}
    return dict(causes), rows


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("days", [1, 9, 20])
def test_the_causes_are_those_of_the_twin(world, seed, days):
    places = world(seed)
    for chosen in (places, places[1:]):
        window = Window(LAST - timedelta(days - 1), LAST, tuple(place.pk for place in chosen))
        found, (causes, costly) = loss_causes(window), told_slowly(window)
        assert {row.cause.value: row.loss.value for row in found.rows} == causes
        shown = {(row.sku_id, row.location_id): (row.loss.value, row.days, row.cause.value) for row in found.costliest}
        assert shown == costly and len(costly) <= COSTLIEST_SHOWN
