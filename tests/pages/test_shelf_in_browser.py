"""The sale in a real browser: scans by keyboard, a double tap, a lost connection, and no JavaScript at all."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role
from inventory.domain.goods import GoodsLine, LotName
from inventory.models import Posting, Sku, StockLevel
from inventory.services.receiving import receive_goods
from tests.pages.conftest import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 375, "height": 812}


@pytest.fixture
def open_sale(live_server, shop):
    """open_sale(page) signs in and opens the sale; it fails on any complaint of the content security policy."""
    make_user("sam", Role.STAFF, shop.here)
    complaints = []

    def start(page):
        page.set_viewport_size(PHONE)
        page.on("console", lambda note: complaints.append(note.text) if "Security Policy" in note.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server.url}/sign-in/?next=/stock/sell/")
        page.fill("[name=username]", "sam")
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.locator("#code")).to_be_visible()
        return page

    yield start
    assert complaints == []


def scan(page, code, lines):
    page.locator("#code").fill(code)
    page.locator("#code").press("Enter")
    expect(page.locator("[name=line_code]")).to_have_count(lines)


def left(shop):
    return StockLevel.objects.get(sku=shop.bread, location=shop.here).on_hand


def test_scan_after_scan_without_touching_the_screen(page, open_sale, shop):
    open_sale(page)
    scan(page, "4001", 1)
    expect(page.locator("#code")).to_be_focused()
    scan(page, "R1", 2)
    scan(page, "4001", 2)
    expect(page.locator("[name=line_quantity]").first).to_have_value("2")
    expect(page.locator("#code")).to_have_value("")


def test_a_double_tap_sells_once(page, open_sale, shop):
    open_sale(page)
    scan(page, "4001", 1)
    page.locator("[data-step='1']").click()
    page.locator("#entry-post").dblclick()
    expect(page.locator("#messages")).to_contain_text("Sold 2")
    assert (left(shop), Posting.objects.filter(kind="sale").count()) == (8, 1)


def test_a_lost_connection_loses_no_entry(page, open_sale, shop):
    open_sale(page)
    scan(page, "4001", 1)
    page.context.set_offline(True)
    page.locator("#code").fill("R1")
    page.locator("#code").press("Enter")
    expect(page.locator(".toast")).to_be_visible()
    expect(page.locator("#code")).to_have_value("R1")
    page.context.set_offline(False)
    page.locator("#code").press("Enter")
    expect(page.locator("[name=line_code]")).to_have_count(2)


def test_what_is_short_is_marked_and_can_be_cut(page, open_sale, shop):
    open_sale(page)
    scan(page, "4012", 1)
    page.locator("#entry-post").click()
    expect(page.locator(".entry__error")).to_contain_text("Only 10 there")
    page.get_by_role("button", name="Sell what is there").click()
    expect(page.locator("#messages")).to_contain_text("Sold 10")
    assert left(shop) == 0


def test_the_lots_to_take_follow_the_quantity_that_is_typed(page, open_sale, shop):
    milk = Sku.objects.create(code="M1", name="Milk", is_lot_tracked=True, created_at=timezone.now())
    soon, late = (timezone.now().date() + timedelta(days=days) for days in (3, 9))
    lots = [GoodsLine(milk.pk, Decimal(n), lot=LotName(code, day)) for n, code, day in ((2, "A", soon), (5, "B", late))]
    receive_goods(location=shop.here, lines=lots, key="milk", user=None, now=timezone.now())
    open_sale(page)
    scan(page, "M1", 1)
    picks = page.locator("[data-picks]")
    expect(picks).to_have_text(re.compile(r"^Take\s+1 × A \(\w+ \d+\)"))
    expect(picks.locator(".entry__pick").nth(1)).to_be_hidden()
    page.locator("[name=line_quantity]").fill("6")
    expect(picks.locator(".entry__pick")).to_contain_text(["2 × A", "4 × B"])
    expect(picks.locator(".entry__pick").nth(1)).to_be_visible()
    page.locator("[name=line_lot]").fill("B")
    expect(picks).to_be_hidden()


def test_letters_bring_suggestions_that_one_tap_takes(page, open_sale, shop):
    open_sale(page)
    page.locator("#code").press_sequentially("brow")
    page.get_by_role("button", name=re.compile("Brown bread")).click()
    expect(page.locator("[name=line_code]")).to_have_value("B1")


def test_everything_works_without_script(browser, open_sale, shop):
    context = browser.new_context(java_script_enabled=False)
    page = open_sale(context.new_page())
    scan(page, "4001", 1)
    page.locator("[name=line_quantity]").fill("3")
    page.locator("#entry-post").click()
    expect(page.locator("#messages")).to_contain_text("Sold 3")
    assert left(shop) == 7
    context.close()
