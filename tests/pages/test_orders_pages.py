"""Purchase orders in the browser: found, received whole or in part, closed, cancelled."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import StockLevel
from orders.models import OrderState, Receipt
from orders.selectors.supplier_links import links_of_order
from tests.pages.buying import ordered_firm, text_of

LIST = reverse("orders:purchase_orders")


@pytest.fixture
def world(db):
    return ordered_firm()


def page(name, world):
    return reverse(f"orders:{name}", args=[world.order.pk])


def entry(world, key="k", **typed):
    """The form as a person fills it: what came of each SKU, the rest as prefilled (all that is open)."""
    fields = {f"line-{line.pk}": str(line.quantity) for line in world.lines.values()}
    return {"key": key, **fields, **{f"line-{world.lines[code].pk}": value for code, value in typed.items()}}


def on_hand(world, code):
    level = StockLevel.objects.filter(sku__code=code, location=world.firm.shop).first()
    return level.on_hand if level else Decimal(0)


def test_the_list_shows_open_orders_of_the_own_stores(world):
    assert world.order.number in text_of(world.staff.get(LIST))
    assert world.order.number not in text_of(world.stranger.get(LIST))
    assert world.order.number not in text_of(world.staff.get(LIST + "?state=received"))


def test_the_list_asks_as_often_for_many_orders_as_for_one(world):
    with CaptureQueriesContext(connection) as one:
        world.staff.get(LIST)
    for number in range(4):
        world.order.pk, world.order.number, world.order.key = None, f"PO-{number}", None
        world.order.save(force_insert=True)
    with CaptureQueriesContext(connection) as many:
        assert "PO-3" in text_of(world.staff.get(LIST))
    assert len(many) == len(one)


def test_the_order_shows_its_e_mail_and_who_approved_it(world):
    text = text_of(world.buyer.get(page("purchase_order", world)))
    assert "acme@example.test" in text and "Approved by" in text and "buyer" in text


def test_who_cannot_make_a_link_is_not_told_to(world):
    links_of_order(world.order).delete()
    assert "They have no link. Make one" in text_of(world.buyer.get(page("purchase_order", world)))
    said = text_of(world.staff.get(page("purchase_order", world)))
    assert "They have no link by which they could answer." in said and "Make one" not in said


def test_the_form_is_filled_with_what_is_open_and_one_tap_receives_all(world):
    form = world.staff.get(page("receive", world))
    assert {e.line.sku.code: e.value for e in form.context["entries"]} == {"tea": "24", "salt": "18"}
    answer = world.staff.post(page("receive", world), entry(world))
    assert answer.status_code == 302
    world.order.refresh_from_db()
    assert world.order.state == OrderState.RECEIVED
    assert (on_hand(world, "tea"), on_hand(world, "salt")) == (24, 18)


def test_a_part_is_received_and_the_rest_stays_open(world):
    answer = world.staff.post(page("receive", world), entry(world, tea="20", salt=""), follow=True)
    assert "the rest stays on order" in text_of(answer)
    world.order.refresh_from_db()
    assert world.order.state == OrderState.PARTLY_RECEIVED
    form = world.staff.get(page("receive", world))
    assert {e.line.sku.code: e.value for e in form.context["entries"]} == {"tea": "4", "salt": "18"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [("25", "At most 24 can still arrive, 25 was typed."), ("-1", "cannot be negative"), ("a box", "is no number")],
)
def test_a_wrong_line_is_named_kept_and_nothing_is_received(world, typed, said):
    answer = world.staff.post(page("receive", world), entry(world, tea=typed))
    assert answer.status_code == 422
    wrong = [e for e in answer.context["entries"] if e.error]
    assert [(e.line.sku.code, e.value) for e in wrong] == [("tea", typed)]
    assert said in wrong[0].error
    assert Receipt.objects.count() == 0 and on_hand(world, "salt") == 0


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("0104012345678901172712311021", "010401234567890117271231 was typed"),
        ("0104012345678901172712311021" * 2, "is no number"),
        ("9e999999", "“9e999999” is no number"),
    ],
)
def test_a_long_code_that_was_scanned_into_the_field_is_shown_as_it_was_read(world, code, said):
    answer = world.staff.post(page("receive", world), entry(world, tea=code))
    assert (answer.status_code, on_hand(world, "tea")) == (422, 0)
    assert said in text_of(answer)


def test_a_double_tap_receives_once(world):
    for _tap in range(2):
        assert world.staff.post(page("receive", world), entry(world, key="one", tea="6", salt="")).status_code == 302
    assert Receipt.objects.count() == 1
    assert on_hand(world, "tea") == 6


def test_a_double_tap_on_a_whole_delivery_receives_once(world):
    for _tap in range(2):
        assert world.staff.post(page("receive", world), entry(world, key="one")).status_code == 302
    assert (Receipt.objects.count(), on_hand(world, "tea")) == (1, 24)


def test_another_quantity_on_the_same_page_is_received_on_demand(world):
    world.staff.post(page("receive", world), entry(world, key="one", tea="4", salt=""))
    refused = world.staff.post(page("receive", world), entry(world, key="one", tea="2", salt=""))
    assert (refused.status_code, on_hand(world, "tea")) == (422, 4)
    again = entry(world, key=refused.context["key"], tea="2", salt="")
    assert world.staff.post(page("receive", world), again).status_code == 302
    assert on_hand(world, "tea") == 6


@pytest.mark.parametrize("name", ["receive", "revise", "give_back"])
def test_no_form_is_opened_for_what_cannot_be_done_any_more(world, name):
    world.buyer.post(page("cancel", world))
    answer = world.buyer.get(page(name, world), follow=True)
    assert answer.redirect_chain == [(page("purchase_order", world), 302)]
    assert f"{world.order.number} is “Cancelled”: this cannot be done now." in text_of(answer)


def test_less_than_nothing_is_not_sent_back_and_not_called_no_number(world):
    world.staff.post(page("receive", world), entry(world, tea="6", salt=""))
    line = world.order.lines.get(sku__code="tea")
    body = {f"quantity-{line.pk}": "-1", "reason": "Broken", "key": "b1"}
    answer = world.staff.post(page("give_back", world), body)
    assert answer.status_code == 422
    assert "A quantity cannot be negative. Type 0 when nothing goes back." in text_of(answer)
    assert "is no number" not in text_of(answer)


def test_nothing_typed_says_so(world):
    answer = world.staff.post(page("receive", world), entry(world, tea="", salt="0"))
    assert answer.status_code == 422
    assert "every quantity is empty or 0" in text_of(answer)


def test_only_a_purchaser_cancels_and_only_before_goods_came(world):
    assert world.staff.post(page("cancel", world)).status_code == 403
    world.staff.post(page("receive", world), entry(world, tea="6", salt=""))
    answer = world.buyer.post(page("cancel", world), follow=True)
    assert "Close it instead" in text_of(answer)
    world.buyer.post(page("close", world))
    world.order.refresh_from_db()
    assert world.order.state == OrderState.CLOSED


@pytest.mark.parametrize("name", ["purchase_order", "receive"])
def test_an_order_of_another_store_does_not_exist(world, name):
    assert world.stranger.get(page(name, world)).status_code == 404
