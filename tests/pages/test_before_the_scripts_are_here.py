"""On a slow connection the page stands there before its scripts: what is done by then waits for them."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from inventory.models import StockCount
from inventory.services.sales import GoodsLine
from inventory.services.sending import send_goods
from inventory.services.stock_counts import Wanted, create_count
from tests.pages.late_answers import asleep, signed_in_page
from tests.pages.scanner_gun import shoot

pytestmark = pytest.mark.django_db(transaction=True)
LINES = "[name=line_code]"


@pytest.fixture
def opened(page, live_server, manager):
    """opened("/stock/sell/") is a manager's page whose scripts are held back, and what holds them."""

    def start(path):
        asleep_page = signed_in_page(page, live_server, manager)
        return asleep_page, asleep(asleep_page, f"{live_server.url}{path}")

    return start


def test_scans_are_counted_one_by_one_when_the_scripts_come(opened, shop):
    page, held = opened("/stock/sell/")
    page.locator("#code").focus()
    for code in ("4001", "4012", "4001"):
        shoot(page, code)
    expect(page.locator("#code")).to_have_value("")
    held.let_go()
    expect(page.locator("[name=line_quantity]")).to_have_value("14")


def test_a_scan_does_not_send_the_page_that_is_to_be_filled(opened, shop):
    goods = [GoodsLine(shop.bread.pk, Decimal(5)), GoodsLine(shop.rice.pk, Decimal(3))]
    sent = send_goods(source=shop.here, destination=shop.there, lines=goods, user=None, now=shop.bread.created_at)
    page, held = opened(f"/transfers/{sent.pk}/receive/")
    page.locator("[data-scan-field]").focus()
    shoot(page, "4001")
    held.let_go()
    expect(page.locator("#scan-began")).to_be_visible()
    expect(page.locator("[data-name='Brown bread'] .stepper__input")).to_have_value("1")
    sent.refresh_from_db()
    assert sent.state == "shipped"


def test_a_question_is_asked_before_the_form_goes(opened, shop):
    count = create_count(location=shop.here, wanted=Wanted("all"), user=None, now=shop.bread.created_at)
    page, held = opened(f"/counts/{count.pk}/")
    page.get_by_role("button", name="Cancel the count").click(no_wait_after=True)
    held.let_go()
    page.locator("#confirm").get_by_role("button", name="Cancel").click()
    expect(page.locator("#confirm")).to_be_hidden()
    assert StockCount.objects.get().state == count.state


def test_taps_on_plus_are_all_counted(opened, shop):
    page, held = opened("/stock/sell/?code=B1")
    for _tap in range(3):
        page.locator("[data-step='1']").click()
    expect(page.locator("[name=line_quantity]")).to_have_value("1")
    held.let_go()
    expect(page.locator("[name=line_quantity]")).to_have_value("4")


def test_letters_bring_suggestions(opened, shop):
    page, held = opened("/stock/sell/")
    page.locator("#code").press_sequentially("brow")
    held.let_go()
    page.locator("#suggestions button").click()
    expect(page.locator(LINES)).to_have_value("B1")
