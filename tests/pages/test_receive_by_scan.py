"""An order received by scanning alone: its lots too, and what is too much is told with the scan that made it so."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from inventory.models import Barcode, LotLevel, Sku
from orders.models import Receipt
from tests.pages.buying import ordered_firm
from tests.pages.conftest import PASSWORD
from tests.pages.scanner_gun import shoot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(page, live_server):
    """The page on which store staff receive an order of 24 of tea, which is tracked by lot and comes in cases of 6."""
    world = ordered_firm()
    world.line = world.lines["tea"]
    Sku.objects.filter(pk=world.firm.tea.pk).update(is_lot_tracked=True)
    Barcode.objects.create(sku=world.firm.tea, code="4006", pack_quantity=6)
    page.set_viewport_size({"width": 375, "height": 812})
    path = reverse("orders:receive", args=[world.order.pk])
    page.goto(f"{live_server.url}/sign-in/?next={path}")
    page.fill("[name=username]", "sam")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{path}")
    return world


def test_a_lot_is_scanned_into_its_field_and_goods_go_on_to_their_line(page, world):
    note, lot = page.locator("#scan-note"), page.locator(f"[name=lot-{world.line.pk}]")
    shoot(page, "4006")
    expect(note).to_have_text("Name of tea: 6")
    lot.focus()
    shoot(page, "L-0815")
    expect(note).to_have_text("Name of tea: lot L-0815")
    shoot(page, "4006")
    expect(note).to_have_text("Name of tea: 12")
    expect(lot).to_have_value("L-0815")
    page.get_by_role("button", name="Receive", exact=True).click()
    expect(page.locator(".notice--success")).to_be_visible()
    assert Receipt.objects.get().lines.get().quantity == 12
    assert LotLevel.objects.get(lot__code="L-0815").on_hand == 12


def test_what_is_counted_as_one_lot_does_not_become_another(page, world):
    """Else the next carton, of another lot, takes all before it along."""
    note, lot = page.locator("#scan-note"), page.locator(f"[name=lot-{world.line.pk}]")
    shoot(page, "4006")
    expect(note).to_have_text("Name of tea: 6")
    lot.focus()
    for _again in range(2):
        shoot(page, "L-0815")
        expect(note).to_have_text("Name of tea: lot L-0815")
    shoot(page, "L-0816")
    expect(note).to_contain_text("Name of tea: 6 are counted as lot L-0815. Receive those first and then lot L-0816")
    expect(lot).to_have_value("L-0815")
    lot.fill("")
    shoot(page, "L-0816")
    expect(lot).to_have_value("L-0816")


def test_a_short_lot_is_read_too_and_enter_behind_a_lot_sends_nothing(page, world):
    """The scanner's own Enter would else receive all that the page proposes."""
    lot, note = page.locator(f"[name=lot-{world.line.pk}]"), page.locator("#scan-note")
    lot.focus()
    shoot(page, "L8")
    expect(note).to_have_text("Name of tea: lot L8")
    expect(lot).to_have_value("L8")
    lot.fill("L9")
    lot.press("Enter")
    shoot(page, "4006")
    expect(note).to_have_text("Name of tea: 6")
    expect(lot).to_have_value("L9")
    assert not Receipt.objects.exists()


def test_what_no_line_knows_is_refused_where_no_lot_is_asked_for(page, world):
    shoot(page, "L-0815")
    for place in ("#scan-note", "#toasts"):
        expect(page.locator(place)).to_contain_text("L-0815 belongs to none of these lines.")
    expect(page.locator(f"[name=lot-{world.line.pk}]")).to_have_value("")


def test_the_scan_that_is_too_much_says_so_at_once(page, world):
    note = page.locator("#scan-note")
    most = int(world.line.quantity)
    for units in range(6, most + 1, 6):
        shoot(page, "4006")
        expect(note).to_have_text(f"Name of tea: {units}")
    shoot(page, "4006")
    too_much = f"Name of tea: {most + 6}, but at most {most} can still arrive."
    expect(note).to_have_text(too_much)
    expect(page.locator("#toasts")).to_contain_text(too_much)
