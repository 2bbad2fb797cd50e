"""An order of a SKU that is tracked by lot is received with its lot, through the service, the page and the API."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from inventory.domain.goods import LotName
from inventory.errors import InvalidLines
from inventory.models import Lot, LotLevel
from inventory.services.lot_tracking import start_lot_tracking
from orders.selectors.lots_of_lines import with_lots
from orders.selectors.order_pages import order_receipts
from orders.services.receipts import receive_order
from orders.services.supplier_returns import return_goods
from tests.orders.conftest import NOW, sent_order

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture
def order(firm):
    """Ten of tea, which is tracked, and ten of salt, which is not."""
    start_lot_tracking(sku_id=firm.tea.pk, user=None, now=NOW)
    return sent_order(firm)


def line_of(order, sku):
    return order.lines.get(sku=sku).pk


def stands():
    return dict(LotLevel.objects.exclude(on_hand=0).values_list("lot__code", "on_hand"))


def test_the_lot_of_a_line_is_made_and_received(firm, order):
    tea = line_of(order, firm.tea)
    lots = {tea: LotName("T1", date(2026, 9, 30))}
    receive_order(order_id=order.pk, key="r", user=None, now=LATER, lots=lots)
    assert stands() == {"T1": 10}
    assert Lot.objects.get(code="T1").expires_on == date(2026, 9, 30)


def test_without_a_lot_nothing_is_received_and_the_line_of_the_order_is_named(firm, order):
    with pytest.raises(InvalidLines, match="Say which lot") as refusal:
        receive_order(order_id=order.pk, key="r", user=None, now=LATER)
    assert refusal.value.details[0]["line"] == line_of(order, firm.tea)
    assert not order.receipts.exists()


def test_the_page_asks_for_the_lot_of_a_tracked_sku_only(firm, order, client):
    client.force_login(firm.buyer)
    path = f"/orders/{order.pk}/receive/"
    tea, salt = line_of(order, firm.tea), line_of(order, firm.salt)
    text = client.get(path).content.decode()
    assert f'name="lot-{tea}"' in text
    assert f'name="lot-{salt}"' not in text
    typed = {f"line-{tea}": "4", f"line-{salt}": "0", "key": "k"}
    refused = client.post(path, typed)
    said = refused.content.decode()
    # Once, beside the line; above stands that nothing was received.
    assert (refused.status_code, said.count("Say which lot")) == (422, 1) and "Nothing was received yet." in said
    assert client.post(path, typed | {f"lot-{tea}": "T1", f"expires-{tea}": "30.9.26"}).status_code == 422
    assert client.post(path, typed | {f"lot-{tea}": "T1", f"expires-{tea}": "2099-09-30"}).status_code == 302
    assert stands() == {"T1": Decimal(4)}


def test_a_missing_lot_and_what_is_wrong_elsewhere_are_told_at_once(firm, order, client):
    client.force_login(firm.buyer)
    tea, salt = line_of(order, firm.tea), line_of(order, firm.salt)
    for wrong, said in (("x", "is no number"), ("1.5", "1.5 is not whole")):
        page = client.post(f"/orders/{order.pk}/receive/", {f"line-{tea}": "4", f"line-{salt}": wrong, "key": "k"})
        text = page.content.decode()
        assert (page.status_code, text.count("Say which lot")) == (422, 1) and said in text
    assert not order.receipts.exists()


def test_the_api_takes_the_lot(firm, order):
    client = APIClient(headers={"Idempotency-Key": "k"})
    client.force_authenticate(User.objects.get(username="buyer"))
    line = {"line": line_of(order, firm.tea), "quantity": "3", "lot": "T1", "expires_on": "2099-09-30"}
    answer = client.post(f"/api/v1/purchase-orders/{order.pk}/receive/", {"lines": [line]}, format="json")
    assert answer.status_code == 200, answer.data
    assert stands() == {"T1": 3}


def test_the_page_of_the_order_names_the_lots_that_came_and_went_back(firm, order, client, django_assert_num_queries):
    tea, salt = line_of(order, firm.tea), line_of(order, firm.salt)
    for key, code in (("a", "T1"), ("b", "T2")):
        lots = {tea: LotName(code, date(2026, 9, 30))}
        sent = {tea: Decimal(4), salt: Decimal(1)}
        receive_order(order_id=order.pk, key=key, user=None, now=LATER, lots=lots, quantities=sent)
    back = {tea: Decimal(2)}
    return_goods(
        order_id=order.pk, quantities=back, lots={tea: "T2"}, reason="Wet", key="r", user=firm.buyer, now=LATER
    )
    (first,) = with_lots(order_receipts(order).filter(key="a"))
    assert [(row.line.order_line.sku, [lot.code for lot in row.lots]) for row in first.lines] == [
        (firm.salt, []), (firm.tea, ["T1"]),
    ]  # fmt: skip
    client.force_login(firm.buyer)
    page = client.get(f"/orders/{order.pk}/").content.decode()
    assert page.count(">T1</a> until") == 1
    # It came with a receipt and went back with a return.
    assert page.count(">T2</a> until") == 2
    with django_assert_num_queries(3):
        with_lots(order_receipts(order))
