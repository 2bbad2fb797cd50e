"""When an order comes is one day on every page: what the supplier said of the lines that are still to come."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.text import format_day
from dashboards.selectors.home import arriving_orders, late_order_count
from orders.models import OrderState, PurchaseOrder
from tests.pages.buying import ordered_firm, text_of

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def at_noon():
    """The clock of the pages shows NOW, and goes on."""
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def world(db):
    """Wanted yesterday: 24 tea and 18 salt."""
    world = ordered_firm()
    wanted = TODAY - timedelta(days=1)
    PurchaseOrder.objects.update(expected_on=wanted, state=OrderState.CONFIRMED)
    for line in world.lines.values():
        line.expected_on = wanted
        line.save()
    return world


def say(world, code, quantity, day):
    line = world.lines[code]
    line.confirmed_quantity, line.promised_on = quantity, day
    line.save()


def pages(world):
    supplier = reverse("dashboards:supplier", args=[world.order.supplier_id])
    addresses = [reverse("orders:purchase_orders"), reverse("dashboards:home"), supplier]
    return [text_of(world.buyer.get(address)) for address in addresses]


def test_without_a_word_the_day_that_was_asked_for_counts_and_it_is_late(world):
    assert all(format_day(TODAY - timedelta(days=1)) in text for text in pages(world))
    assert late_order_count(world.firm.buyer, TODAY) == 1


def test_a_later_word_stands_on_every_page_and_the_order_is_not_late_before_it(world):
    later = TODAY + timedelta(days=4)
    for code, quantity in (("tea", 24), ("salt", 9)):
        say(world, code, quantity, later)
    for text in pages(world):
        assert format_day(later) in text and format_day(TODAY - timedelta(days=1)) not in text
    assert late_order_count(world.firm.buyer, TODAY) == 0
    shown = text_of(world.buyer.get(reverse("orders:purchase_order", args=[world.order.pk])))
    assert f"asked for {format_day(TODAY - timedelta(days=1))}" in shown and "late" not in shown


def test_the_line_that_comes_first_counts_and_what_never_comes_does_not(world):
    say(world, "tea", 24, TODAY + timedelta(days=4))
    say(world, "salt", 18, TODAY + timedelta(days=2))
    assert arriving_orders(world.firm.buyer)[0].due_on == TODAY + timedelta(days=2)
    say(world, "salt", 0, None)
    assert arriving_orders(world.firm.buyer)[0].due_on == TODAY + timedelta(days=4)
    say(world, "tea", 0, None)
    assert arriving_orders(world.firm.buyer)[0].due_on is None
    assert "–" in pages(world)[2] and late_order_count(world.firm.buyer, TODAY) == 0


def test_the_form_to_receive_is_filled_with_what_they_said_and_all_may_come(world):
    say(world, "tea", 18, TODAY)
    say(world, "salt", 0, None)
    address = reverse("orders:receive", args=[world.order.pk])
    form = world.staff.get(address)
    assert {entry.line.sku.code: entry.value for entry in form.context["entries"]} == {"tea": "18", "salt": "0"}
    assert "the supplier confirmed 18 of these" in text_of(form)
    typed = {f"line-{line.pk}": str(line.quantity) for line in world.lines.values()}
    assert world.staff.post(address, {"key": "all", **typed}).status_code == 302
    world.order.refresh_from_db()
    assert world.order.state == OrderState.RECEIVED


def test_who_receives_all_that_they_said_is_told_that_the_rest_will_not_come(world):
    say(world, "tea", 18, TODAY)
    say(world, "salt", 0, None)
    address = reverse("orders:receive", args=[world.order.pk])
    typed = {f"line-{world.lines['tea'].pk}": "10", f"line-{world.lines['salt'].pk}": "0"}
    assert "the rest stays on order" in text_of(world.staff.post(address, {"key": "1", **typed}, follow=True))
    typed[f"line-{world.lines['tea'].pk}"] = "8"
    text = text_of(world.staff.post(address, {"key": "2", **typed}, follow=True))
    assert "the rest will not come, by the word of the supplier" in text and "nothing more, by their word" in text
