from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from accounts.services.audit import record_audit
from alerts.models import Alert, AlertState
from alerts.selectors.changes import MANY
from alerts.watch import WATCH
from inventory.models import Location, Movement, Posting
from inventory.services.reservations import reserve_stock
from inventory.services.sales import GoodsLine
from jobs.models import JobRun, JobShard
from jobs.registry import Slot
from jobs.services.runner import run_inline
from orders.models import PurchaseOrder, PurchaseOrderLine, ReplenishmentProposal
from suppliers.models import Supplier
from suppliers.services.terms import Terms, end_terms, set_terms
from tests.alerts.conftest import NOW, Shop

pytestmark = pytest.mark.django_db(transaction=True)


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def watch():
    """Runs the watch at so many minutes after NOW and returns the places that it looked at."""
    clock = Clock()

    def at(minutes):
        clock.now = NOW + timedelta(minutes=minutes)
        run = run_inline(job=WATCH, slot=Slot(str(minutes)), clock=clock)
        assert run.state == "done", run.error
        return JobShard.objects.get(run=run, step="look").result["places"]

    return at


def sell(shop, sku, line=1):
    """A movement as the posting service leaves it behind."""
    posting = Posting.objects.create(kind="sale", posted_at=timezone.now())
    customer, _made = Location.objects.get_or_create(kind="customer", defaults={"code": "customer", "name": "C"})
    Movement.objects.create(
        posting=posting, line=line, kind="sale", sku=sku, source=shop.location, destination=customer, quantity=1,
        occurred_at=NOW, business_date=NOW.date(),
    )  # fmt: skip


def test_the_first_look_sees_everything_and_the_next_only_what_changed(shop, watch):
    south = Shop("south")
    shop.stock("a", 0)
    b = south.stock("b", 9)
    assert watch(0) == [{"location_id": place.location.pk, "sku_ids": None} for place in (shop, south)]
    assert Alert.objects.get().sku.code == "a"
    assert watch(5) == []
    sell(south, b)
    south.stock("b", 0)
    assert watch(10) == [{"location_id": south.location.pk, "sku_ids": [b.pk]}]
    assert Alert.objects.filter(sku=b, state=AlertState.OPEN).exists()


def test_numbers_that_a_load_took_back_do_not_look_like_a_load(shop, watch):
    a = shop.stock("a", 0)
    sell(shop, a)
    watch(0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval('inventory_movement_id_seq', (SELECT max(id) FROM inventory_movement) + %s)", [MANY]
        )
    sell(shop, a)
    assert watch(5) == [{"location_id": shop.location.pk, "sku_ids": [a.pk]}]


def test_what_was_committed_late_is_seen_by_the_look_after(shop, watch):
    watch(0)
    a = shop.stock("a", 0)
    sell(shop, a)
    assert watch(5) == [{"location_id": shop.location.pk, "sku_ids": [a.pk]}]
    assert watch(6) == [{"location_id": shop.location.pk, "sku_ids": [a.pk]}], "within the overlap"
    assert watch(8) == []


def test_a_failed_look_is_made_up_for_by_the_next(shop, watch):
    watch(0)
    a = shop.stock("a", 0)
    sell(shop, a)
    watch(5)
    JobRun.objects.filter(slot="5").update(state="failed")
    assert watch(10) == [{"location_id": shop.location.pk, "sku_ids": [a.pk]}]


def test_an_act_on_an_order_is_a_change_too(shop, watch):
    a = shop.stock("a", 9)
    watch(0)
    supplier = Supplier.objects.create(code="s", name="Supplier")
    order = PurchaseOrder.objects.create(
        number="PO-1", supplier=supplier, location=shop.location, state="sent", currency="USD", total=1,
        ordered_on=NOW.date(), expected_on=NOW.date(), created_at=NOW,
    )  # fmt: skip
    PurchaseOrderLine.objects.create(order=order, sku=a, quantity=5, unit_price=1)
    record_audit(actor=None, action="approved", object_type="purchase_order", object_id=order.pk, now=NOW)
    assert watch(5) == [{"location_id": shop.location.pk, "sku_ids": [a.pk]}]


def test_a_proposal_that_is_rejected_or_expires_is_a_change_too(shop, watch):
    a = shop.stock("a", 9)
    shop.stock("b", 9)
    watch(0)
    supplier = Supplier.objects.create(code="s", name="Supplier")
    proposal = ReplenishmentProposal.objects.create(
        sku=a, location=shop.location, supplier=supplier, quantity=5, suggested_quantity=5, unit_price=1,
        expected_on=NOW.date(), created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    record_audit(actor=None, action="proposal.rejected", object_type="proposal", object_id=proposal.pk, now=NOW)
    assert watch(5) == [{"location_id": shop.location.pk, "sku_ids": [a.pk]}]


def test_a_reservation_changes_what_is_available_without_a_movement(shop, watch):
    a = shop.stock("a", 9)
    assert watch(0)
    assert watch(5) == []
    lines = [GoodsLine(a.pk, Decimal(9))]
    reserve_stock(location=shop.location, lines=lines, reference="", key=None, user=None, now=NOW)
    assert watch(10) == [{"location_id": shop.location.pk, "sku_ids": [a.pk]}]


def test_other_terms_are_planned_with_at_once_so_that_nobody_buys_at_the_price_of_yesterday(shop, watch):
    a = shop.stock("a", 9, reorder_point=2)
    shop.stock("b", 9, reorder_point=2)
    watch(0)
    supplier = Supplier.objects.create(code="s", name="Supplier", currency="USD")
    row = set_terms(supplier_id=supplier.pk, sku_id=a.pk, terms=Terms(Decimal(2)), actor=None, now=NOW)
    assert watch(5) == [{"location_id": shop.location.pk, "sku_ids": [a.pk]}]
    end_terms(terms_id=row.pk, actor=None, now=NOW)
    assert watch(10) == [{"location_id": shop.location.pk, "sku_ids": [a.pk]}]
