"""A purchaser orders by hand: supplier and place, lines by scan, checks of packs and minimum, and off it goes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import InvalidInput
from accounts.models import Role
from orders.models import PurchaseOrder
from orders.selectors.positions import load_positions
from orders.services.drafts import submit_draft
from orders.services.expiry import expire_orders
from outbox.models import Message
from tests.orders.conftest import firm, make_terms, set_limits
from tests.pages.buying import text_of
from tests.pages.conftest import make_user, signed_in

__all__ = ["firm"]


@pytest.fixture
def world(firm):
    firm.client = signed_in(firm.buyer)
    firm.client.post(reverse("orders:new_draft"), {"supplier": firm.acme.pk, "location": firm.shop.pk})
    firm.order = PurchaseOrder.objects.get()
    firm.url = reverse("orders:draft", args=[firm.order.pk])
    return firm


def press(world, do, **typed):
    return world.client.post(world.url, {"do": do, **typed}, follow=True)


def on_order(world, sku):
    positions = load_positions([world.shop.pk])
    return positions[world.shop.pk, sku.pk].on_order if (world.shop.pk, sku.pk) in positions else 0


def test_a_scan_fills_in_pack_and_price_and_counts_as_on_order_at_once(world):
    page = text_of(press(world, "add", code="tea"))

    line = world.order.lines.get()
    assert (line.sku, line.quantity, line.unit_price) == (world.tea, 6, 2)
    assert "packs of 6" in page and on_order(world, world.tea) == 6
    press(world, "add", code="tea", **{f"quantity-{world.tea.pk}": "12"})
    assert world.order.lines.get().quantity == 18
    assert not Message.objects.exists()


def test_several_that_may_be_meant_are_offered(world):
    page = text_of(press(world, "add", code="Name of"))

    assert f"take:{world.salt.code}" in page and not world.order.lines.exists()
    press(world, f"take:{world.salt.code}")
    assert world.order.lines.get().sku == world.salt
    assert "No SKU has the code" in text_of(press(world, "add", code="nonsense"))


def test_the_day_of_a_line_is_kept_and_a_day_that_is_over_is_refused(world):
    press(world, "add", code="tea")
    day = timezone.localdate() + timedelta(days=9)
    quantity = {f"quantity-{world.tea.pk}": "6"}
    press(world, "save", **quantity, **{f"day-{world.tea.pk}": day.isoformat()})
    assert world.order.lines.get().expected_on == day

    answer = press(world, "save", **quantity, **{f"day-{world.tea.pk}": "2020-01-01"})
    assert answer.status_code == 422 and "Choose a day from today on." in text_of(answer)
    assert world.order.lines.get().expected_on == day


def test_a_broken_pack_and_too_little_are_refused_only_when_it_is_ordered(world):
    world.acme.minimum_order_value = 40
    world.acme.save()
    press(world, "add", code="tea")
    answer = press(world, "submit", **{f"quantity-{world.tea.pk}": "8"})
    assert answer.status_code == 422
    # Above, with the SKU, and beside the line; not once more for each.
    assert text_of(answer).count("order 6 / 12") == 2

    answer = press(world, "submit", **{f"quantity-{world.tea.pk}": "12"})
    assert answer.status_code == 422 and "€16.00 are missing" in text_of(answer)
    assert PurchaseOrder.objects.get().state == "draft"


def test_an_order_that_is_refused_says_the_sum_of_what_was_typed(world):
    """The quantities are kept, so the sum before them would belong to nothing on the page."""
    world.acme.minimum_order_value = 400
    world.acme.save()
    press(world, "add", code="tea")
    price = world.order.lines.get().unit_price
    answer = press(world, "submit", **{f"quantity-{world.tea.pk}": "12"})
    assert (answer.status_code, answer.context["order"].total) == (422, 12 * price)
    assert answer.context["missing"] == 400 - 12 * price


def test_the_fields_ask_to_choose(world):
    assert text_of(world.client.get(reverse("orders:new_draft"))).count(">Choose</option>") == 2


def test_ordering_tells_the_supplier_and_a_repeat_does_it_once(world):
    press(world, "add", code="tea")
    typed = {f"quantity-{world.tea.pk}": "12"}
    assert "is ordered" in text_of(press(world, "submit", **typed))
    press(world, "submit", **typed)

    order = PurchaseOrder.objects.get()
    assert (order.state, order.approved_by, order.total) == ("approved", world.buyer, Decimal(24))
    assert Message.objects.filter(channel="email").count() == 1


def test_its_history_speaks_of_a_second_person_only_where_one_was_asked(world):
    press(world, "add", code="tea")
    page = text_of(press(world, "submit"))
    assert "is ordered" in page and "Above the limit: waits for a second person" not in page


def test_above_the_limit_a_second_person_is_asked(world):
    set_limits(10)
    press(world, "add", code="tea")

    page = text_of(press(world, "submit"))
    assert "a second person has to approve it" in page and "Above the limit: waits for a second person" in page
    assert PurchaseOrder.objects.get().state == "awaiting_approval"


def test_prices_follow_the_breaks_of_the_terms(world):
    world.acme.terms.filter(sku=world.tea).update(price_breaks=[["12", "1.50"]])
    press(world, "add", code="tea")
    press(world, "save", **{f"quantity-{world.tea.pk}": "12"})

    assert world.order.lines.get().unit_price == Decimal("1.5")


def test_a_sku_without_terms_and_an_empty_order_are_refused(world):
    assert "no lines yet" in text_of(press(world, "submit"))
    world.acme.terms.filter(sku=world.tea).delete()
    make_terms(world.best, world.tea)

    answer = press(world, "add", code="tea")
    assert answer.status_code == 422 and "has no terms for it" in text_of(answer)


def test_what_was_given_up_meanwhile_is_not_ordered(world):
    press(world, "add", code="tea")
    world.shop.is_active = False
    world.shop.save()
    with pytest.raises(InvalidInput, match="Shop is given up"):
        submit_draft(order_id=world.order.pk, user=world.buyer, now=timezone.now())
    world.shop.is_active, world.tea.is_active = True, False
    world.shop.save()
    world.tea.save()
    answer = press(world, "submit")
    assert answer.status_code == 422 and "take it off the order" in text_of(answer)
    assert PurchaseOrder.objects.get().state == "draft"
    press(world, f"remove:{world.tea.pk}")
    assert not world.order.lines.exists()


def test_a_line_is_removed_and_its_need_shows_again(world):
    press(world, "add", code="tea")
    press(world, f"remove:{world.tea.pk}")

    assert not world.order.lines.exists() and on_order(world, world.tea) == 0


def test_a_draft_that_nobody_orders_is_taken_back(world):
    press(world, "add", code="tea")
    assert expire_orders(now=timezone.now()) == 0
    assert expire_orders(now=timezone.now() + timedelta(days=8)) == 1

    assert PurchaseOrder.objects.get().state == "cancelled" and on_order(world, world.tea) == 0


def test_staff_and_another_store_have_no_drafts(world):
    staff = signed_in(make_user("sam", Role.STAFF, world.shop))
    stranger = signed_in(make_user("pat", Role.PURCHASER, world.other))

    assert staff.get(world.url).status_code == 403
    assert stranger.get(world.url).status_code == 404
    body = {"supplier": world.acme.pk, "location": world.shop.pk}
    assert stranger.post(reverse("orders:new_draft"), body).status_code == 422
