"""Lines of a till below zero: a customer brought something back. Stock rises, demand falls, and never below zero."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from inventory.models import Location, Movement, MovementKind, Posting, StockLevel
from inventory.selectors.demand import load_demand
from inventory.selectors.places import counterpart_ids
from inventory.services.demand import close_days
from inventory.services.posting import MovementLine, post_movements
from tests.imports.conftest import NOW

HEAD = "date,kind,sku,location,quantity,unit_price,reference\n"
BEGUN = "2026-02-01,receipt,A,MAIN,10,1.20,GRN-1\n"
"""Ten apples in the shop."""


@pytest.fixture
def shop(take_in):
    take_in("locations", "code,name,time_zone\nMAIN,Main,Asia/Shanghai\n")
    take_in("skus", "code,name,unit\nA,Apple,each\nB,Bread,each\n")
    return Location.objects.get(code="MAIN")


def level():
    return StockLevel.objects.get(sku__code="A", location__code="MAIN").on_hand


def sold(shop, through, days):
    return load_demand([shop.pk], through, days).sold.tolist()


@pytest.mark.parametrize("word", ["sale", "return", "销售", "退货", "退款", "refund"])
def test_a_line_below_zero_is_a_return_of_what_was_brought_back(take_in, shop, word):
    rows = "2026-02-03 10:00,sale,A,MAIN,4,2.50,T-1\n" + f"2026-02-03 11:00,{word},A,MAIN,-1,2.50,T-2\n"
    assert take_in("movements", HEAD + BEGUN + rows).changed_count == 3
    last = Movement.objects.latest("occurred_at")
    assert (last.kind, last.source.kind, last.destination.code, last.quantity, last.unit_price) == (
        "return", "customer", "MAIN", 1, Decimal("2.5")
    )  # fmt: skip
    assert level() == 7
    close_days(location_id=shop.pk, through=date(2026, 2, 3), now=NOW)
    assert sold(shop, date(2026, 2, 3), 2) == [[0, 3]]


def test_a_refund_under_the_number_of_its_sale_is_an_act_of_its_own(take_in, shop):
    sale = "2026-02-03 10:00,sale,A,MAIN,4,2.50,T-1\n"
    refund = "2026-02-05 10:00,sale,A,MAIN,-1,2.50,T-1\n"
    take_in("movements", HEAD + BEGUN + sale)
    assert take_in("movements", HEAD + refund).changed_count == 1
    assert take_in("movements", HEAD + sale + refund).changed_count == 0
    assert take_in("movements", HEAD + refund.replace("02-05", "02-06")).changed_count == 1
    assert level() == 8
    assert set(Posting.objects.exclude(kind="receipt").values_list("kind", flat=True)) == {"sale", "return"}


def test_the_same_refund_with_another_quantity_is_refused(take_in, refusals, shop):
    refund = "2026-02-05 10:00,sale,A,MAIN,-1,2.50,T-1\n"
    take_in("movements", HEAD + BEGUN + refund)
    assert refusals("movements", HEAD + refund.replace(",-1,", ",-2,")) == [(2, "reference", "reference_differs")]
    assert level() == 11


def test_what_came_back_later_is_off_the_days_before(take_in, shop):
    """Five on the 3rd and two on the 4th; six of them came back on the 5th. One more was bought before all that."""
    rows = "2026-02-03,sale,A,MAIN,5,,\n2026-02-04,sale,A,MAIN,2,,\n2026-02-05,sale,A,MAIN,-6,,\n"
    take_in("movements", HEAD + BEGUN + "2026-02-02,sale,A,MAIN,-1,,\n" + rows)
    close_days(location_id=shop.pk, through=date(2026, 2, 6), now=NOW)
    assert sold(shop, date(2026, 2, 6), 6) == [[0, 0, 1, 0, 0, 0]]
    assert sold(shop, date(2026, 2, 4), 3) == [[0, 5, 2]]
    assert level() == 10


def test_lines_of_sales_history_below_zero_are_taken_off(take_in, shop):
    head = "date,sku,location,quantity\n"
    rows = "2026-03-05,A,MAIN,3\n2026-03-05,A,MAIN,-1\n2026-03-06,A,MAIN,2\n2026-03-07,A,MAIN,-3\n"
    rows += "2026-03-05,B,MAIN,-4\n"
    assert take_in("sales", head + rows).changed_count == 8
    assert sold(shop, date(2026, 3, 8), 4) == [[1, 0, 0, 0], [0, 0, 0, 0]]


@pytest.mark.parametrize("kind", ["opening", "receipt", "consumption", "output"])
def test_other_kinds_are_not_below_zero(refusals, shop, kind):
    assert refusals("movements", HEAD + f"2026-02-01,{kind},A,MAIN,-5,,\n") == [(2, "quantity", "not_above_zero")]


def test_lost_units_of_sales_history_are_not_below_zero(refusals, shop):
    rows = "date,sku,location,quantity,lost\n2026-03-05,A,MAIN,3,-1\n"
    assert refusals("sales", rows) == [(2, "lost", "number_too_small")]


@pytest.fixture
def sent_back(take_in, shop):
    """Ten apples came and two went back to the supplier, as our own export writes it."""
    take_in("movements", HEAD + BEGUN)
    apple = Movement.objects.get().sku_id
    lines = [MovementLine(apple, shop.pk, counterpart_ids()["supplier"], Decimal(2))]
    post_movements(lines=lines, kind=MovementKind.RETURN, key=None, now=NOW, posted_by=None)
    client = Client()
    client.force_login(User.objects.create_user("boss", role="administrator", sees_all_locations=True))
    return b"".join(client.get("/export/movements.csv").streaming_content)


def test_goods_that_went_back_to_the_supplier_come_back_from_an_export(take_in, sent_back, empty_ledger):
    assert take_in("movements", sent_back).changed_count == 0
    empty_ledger()
    assert take_in("movements", sent_back).changed_count == 2
    assert (level(), Movement.objects.get(kind="return").destination.kind) == (8, "supplier")


def test_an_export_that_does_not_say_where_goods_went_is_not_taken_for_a_refund(refusals, shop):
    head = "id,date,kind,sku,location,counterpart,quantity\n"
    assert refusals("movements", head + "7,2026-02-03,return,A,MAIN,,-2\n") == [(2, "quantity", "not_above_zero")]


@pytest.mark.parametrize("row", ["sale,A,MAIN,SUPPLIERS,2", "return,A,MAIN,SUPPLIERS,2", "transfer,A,MAIN,SUPPLIERS,2"])
def test_nothing_else_names_the_supplier(refusals, shop, row):
    found = refusals("movements", f"date,kind,sku,location,counterpart,quantity\n2026-02-03,{row}\n")
    assert [(line, column) for line, column, _code in found] == [(2, "counterpart")]
