"""The count sheet on a slow phone: what is typed, chosen or looked for outlives each answer and all that is kept."""

import re

import pytest
from playwright.sync_api import expect

from inventory.models import CountEntry, ShelfPosition
from tests.pages.late_answers import Held
from tests.pages.test_count_sheet import LINES, WAITING, count, count_one, kept, open_sheet, quantity, scan

__all__ = ["count", "open_sheet"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser_context_args(service_workers="allow")]
# The phone writes nothing until `window.write()`.
SLOW_STORE = """() => {
  const real = IDBObjectStore.prototype.put;
  const open = IDBDatabase.prototype.transaction;
  let go;
  const gate = new Promise((resolve) => (go = resolve));
  window.write = () => go();
  IDBDatabase.prototype.transaction = function (...asked) {
    const transaction = open.apply(this, asked);
    if (asked[1] !== "readwrite" || window.isWriting) return transaction;
    const keepOpen = () => { if (!window.isWriting) transaction.objectStore("entries").count().onsuccess = keepOpen; };
    keepOpen();
    gate.then(() => (window.isWriting = true));
    return transaction;
  };
}"""


def test_taps_are_counted_however_slowly_the_phone_writes(page, open_sheet):
    open_sheet(page)
    scan(page, "4001")
    expect(quantity(page)).to_have_value("1")
    page.evaluate(SLOW_STORE)
    for _tap in range(4):
        page.get_by_role("button", name="One more").click()
    expect(quantity(page)).to_have_value("5")
    page.evaluate("window.write()")
    page.get_by_role("button", name="Next").click()
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    assert kept() == [("B1", 5.0)]


def test_what_was_typed_for_one_entry_does_not_change_the_next(page, open_sheet):
    open_sheet(page)
    scan(page, "4001")
    expect(quantity(page)).to_have_value("1")
    page.evaluate(SLOW_STORE)
    scan(page, "R1")
    quantity(page).fill("7")
    page.evaluate("window.write()")
    expect(page.locator("[data-part=current] [data-name]")).to_have_text("Long rice")
    expect(quantity(page)).to_have_value("1")


def test_the_place_that_was_chosen_outlives_an_answer(page, open_sheet, shop):
    for aisle in ("1", "9"):
        ShelfPosition.objects.create(location=shop.here, sku=shop.bread, aisle=aisle)
    open_sheet(page)
    held = Held(page, "**/entries/")
    count_one(page, "R1", 2)
    scan(page, "4001")
    choice = page.locator("#sheet-place").element_handle()
    option = page.locator("#sheet-place option").first.element_handle()
    held.let_go()
    expect(page.locator("[data-entry=sent]")).to_have_count(1)
    assert option.evaluate("(one) => one.isConnected")
    choice.select_option("9")
    page.get_by_role("button", name="Next").click()
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    assert CountEntry.objects.get(line__sku=shop.bread).place == "9"


def test_lines_that_were_found_outlive_an_answer(page, open_sheet, shop):
    open_sheet(page)
    held = Held(page, "**/entries/")
    count_one(page, "4001", 7)
    page.locator("#code").fill("o")
    page.locator("#code").press("Enter")
    expect(page.locator(LINES)).to_have_count(2)
    held.let_go()
    expect(page.locator("[data-entry=sent]")).to_have_count(1)
    expect(page.locator(LINES)).to_have_count(2)
    page.get_by_role("button", name=re.compile("Long rice")).click()
    expect(page.locator(LINES)).to_have_count(0)


def test_nothing_is_said_to_be_missing_before_the_lines_are_here(page, open_sheet):
    held = []
    page.context.route("**/sheet/", lambda route: held.append(route))
    open_sheet(page)
    page.locator("#code").press_sequentially("brow")
    expect(page.locator("[data-part=nothing]")).to_be_hidden()
    for route in held:
        route.continue_()
    expect(page.get_by_role("button", name=re.compile("Brown bread"))).to_be_visible()
