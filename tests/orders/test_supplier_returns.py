"""Goods that go back: off the shelf by the ledger, never more than came, once, and the supplier is told."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.errors import IllegalStateChange, InvalidInput
from inventory.domain.goods import LotName
from inventory.errors import InvalidLines, KeyAlreadyUsed, OutOfStock
from inventory.models import LotLevel, Movement, Sku, StockLevel
from orders.models import SupplierReturn
from orders.services.receipts import receive_order
from orders.services.supplier_returns import return_goods
from outbox.models import Message
from tests.orders.conftest import NOW, take_stock
from tests.pages.buying import ordered_firm, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return ordered_firm()


def receive(world, lots=None):
    receive_order(order_id=world.order.pk, key="r", user=None, now=NOW, lots=lots)


def give_back(world, key="b1", reason="Broken", lots=None, **quantities):
    wanted = {world.lines[code].pk: Decimal(quantity) for code, quantity in quantities.items()}
    return return_goods(
        order_id=world.order.pk, quantities=wanted, reason=reason, key=key, user=world.firm.buyer, now=NOW, lots=lots
    )


def on_hand(world):
    return StockLevel.objects.get(sku=world.firm.tea, location=world.firm.shop).on_hand


def test_they_leave_the_shelf_by_a_movement_to_the_supplier(world):
    receive(world)
    row = give_back(world, tea=4)
    movement = Movement.objects.get(posting=row.posting)
    assert (movement.kind, movement.quantity, movement.destination.kind, movement.unit_price) == (
        "return", 4, "supplier", 2
    )  # fmt: skip
    assert (on_hand(world), row.number) == (20, f"{world.order.number}-R1")
    message = Message.objects.get(event_type="purchase_order.returned", channel="email")
    assert "4 × Name of tea" in message.payload["text"]
    assert "Broken" in message.payload["text"]


def test_a_repeat_is_the_first_one_and_another_content_is_refused(world):
    receive(world)
    assert give_back(world, tea=4).pk == give_back(world, tea=4).pk
    with pytest.raises(KeyAlreadyUsed):
        give_back(world, tea=5)
    assert on_hand(world) == 20


def test_never_more_than_came_all_returns_together(world):
    receive(world)
    give_back(world, tea=20)
    with pytest.raises(InvalidInput, match="tea: At most 4"):
        give_back(world, key="b2", tea=5)
    give_back(world, key="b2", tea=4)


@pytest.mark.parametrize(
    ("quantities", "reason"), [({"tea": 0}, "x"), ({"tea": "0.5"}, "x"), ({"tea": -1}, "x"), ({"tea": 1}, " ")]
)
def test_odd_returns_are_refused(world, quantities, reason):
    receive(world)
    with pytest.raises(InvalidInput):
        give_back(world, reason=reason, **quantities)
    assert not SupplierReturn.objects.exists()


def test_what_was_sold_cannot_go_back(world):
    receive(world)
    take_stock(world.firm.tea, world.firm.shop, 22)
    with pytest.raises(OutOfStock) as refusal:
        give_back(world, tea=3)
    assert refusal.value.details[0]["line"] == world.lines["tea"].pk
    assert not SupplierReturn.objects.exists()


def test_what_is_no_longer_there_is_told_beside_its_line_with_its_lot(world):
    Sku.objects.filter(pk=world.firm.tea.pk).update(is_lot_tracked=True)
    tea = world.lines["tea"].pk
    for key, units in (("L1", 14), ("L2", 10)):
        receive_order(order_id=world.order.pk, key=key, user=None, now=NOW, quantities={tea: Decimal(units)},
                      lots={tea: LotName(key)})  # fmt: skip
    path = reverse("orders:give_back", args=[world.order.pk])
    page = world.buyer.post(path, {f"quantity-{tea}": "12", f"lot-{tea}": "L2", "reason": "Wet", "key": "k"})
    text = text_of(page)
    assert page.status_code == 422 and text.count("Only 10 of lot L2 are there, 12 were typed.") == 1
    assert "Nothing was sent back yet." in text
    take_stock(world.firm.tea, world.firm.shop, 22)
    answer = world.buyer.post(path, {f"quantity-{tea}": "3", "reason": "Wet", "key": "k"})
    assert "Only 2 are there, 3 were typed." in text_of(answer)


def test_nothing_goes_back_before_anything_came(world):
    with pytest.raises(IllegalStateChange):
        give_back(world, tea=1)


def test_the_lot_that_is_named_goes(world):
    Sku.objects.filter(pk=world.firm.tea.pk).update(is_lot_tracked=True)
    tea = world.lines["tea"].pk
    receive(world, lots={tea: LotName("L1")})
    with pytest.raises(InvalidLines):
        give_back(world, tea=4, lots={tea: "L9"})
    give_back(world, tea=4, lots={tea: "l1"})
    assert LotLevel.objects.get().on_hand == 20


def test_in_the_browser(world):
    url = reverse("orders:give_back", args=[world.order.pk])
    receive(world)
    assert "at most 24" in text_of(world.staff.get(url))
    typed = {f"quantity-{world.lines['tea'].pk}": "25", "reason": "Broken", "key": "k"}
    answer = world.staff.post(url, typed)
    assert answer.status_code == 422
    # Said once, beside the line; above stands that nothing was sent.
    assert text_of(answer).count("At most 24 of it can go back.") == 1 and "Nothing was sent back yet." in text_of(
        answer
    )
    answer = world.staff.post(url, {**typed, f"quantity-{world.lines['tea'].pk}": "3"}, follow=True)
    assert "Sent back" in text_of(answer)
    assert (on_hand(world), world.stranger.get(url).status_code) == (21, 404)


def test_all_that_is_wrong_is_told_at_once(world):
    receive(world)
    tea, salt = (world.lines[code].pk for code in ("tea", "salt"))
    typed = {f"quantity-{tea}": "x", f"quantity-{salt}": "99", "reason": "Wet", "key": "k"}
    page = text_of(world.staff.post(reverse("orders:give_back", args=[world.order.pk]), typed))
    assert "“x” is no number" in page and "At most 18 of it can go back." in page and 'value="Wet"' in page


def test_the_e_mail_about_it_stands_with_those_of_the_order(world):
    receive(world)
    row, page = give_back(world, tea=3), reverse("orders:purchase_order", args=[world.order.pk])
    assert f"Return {row.number} of our order" in text_of(world.staff.get(page))
    form = reverse("orders:give_back", args=[world.order.pk])
    assert "who is told by e-mail" in text_of(world.staff.get(form))
    type(world.firm.acme).objects.update(email="")
    assert "tell them by telephone" in text_of(world.staff.get(form))
