"""The queue of a phone under attack: two tabs, answers that are lost or broken, a full store, a role that is gone."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role, User
from inventory.models import CountEntry
from inventory.services.count_results import submit_count
from inventory.services.stock_counts import cancel_count
from tests.pages.test_count_sheet import WAITING, count, count_one, kept, open_sheet, quantity, scan

__all__ = ["count", "open_sheet"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser_context_args(service_workers="allow")]


def second_tab(page):
    """The same sheet, on the same phone, by the same person."""
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("[data-sheet][data-offline=ready]")).to_be_visible()
    return other


def answer(page, status, body="{}"):
    page.route("**/entries/", lambda route: route.fulfill(status=status, body=body, content_type="application/json"))


def test_two_tabs_work_on_one_entry_and_lose_no_scan(page, open_sheet):
    open_sheet(page)
    scan(page, "4001")
    other = second_tab(page)
    scan(other, "4001")
    expect(quantity(page)).to_have_value("2")
    page.get_by_role("button", name="Next").click()
    expect(quantity(other)).to_be_hidden()
    expect(page.locator("[data-entry=sent]")).to_have_count(1)
    scan(other, "4001")
    other.get_by_role("button", name="Next").click()
    expect(other.locator("[data-entry=sent]")).to_have_count(2)
    assert kept() == [("B1", 1.0), ("B1", 2.0)]


def test_two_tabs_send_what_waits_once(page, open_sheet):
    open_sheet(page)
    other = second_tab(page)
    page.context.set_offline(True)
    count_one(page, "4001", 7)
    count_one(other, "R1", 2)
    expect(page.locator(WAITING)).to_have_text("2 entries waiting on this phone")
    page.context.set_offline(False)
    for tab in (page, other):
        expect(tab.locator(WAITING)).to_have_text("Everything is sent")
    assert kept() == [("B1", 7.0), ("R1", 2.0)]


def test_what_is_taken_back_after_a_lost_answer_does_not_stay_counted(page, open_sheet):
    open_sheet(page)
    page.route("**/entries/", lambda route: (route.fetch(), route.abort("connectionreset")))
    count_one(page, "4001", 7)
    expect(page.locator("[data-part=why]")).to_contain_text("No connection")
    assert kept() == [("B1", 7.0)]
    page.unroute("**/entries/")
    page.get_by_role("button", name="Take this entry back").click()
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    assert CountEntry.objects.get(voids__isnull=False).voids.quantity == 7


def test_what_was_never_sent_is_forgotten(page, open_sheet):
    open_sheet(page)
    scan(page, "4001")
    page.get_by_role("button", name="Forget this entry").click()
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    assert kept() == []


def test_an_entry_that_the_server_cannot_read_does_not_hold_up_the_others(page, open_sheet):
    open_sheet(page)
    page.context.set_offline(True)
    count_one(page, "4001", 7)
    page.evaluate("document.getElementById('code').maxLength = 300")
    count_one(page, "9" * 200, 1)
    count_one(page, "R1", 2)
    page.context.set_offline(False)
    expect(page.locator("[data-entry=sent]")).to_have_count(2)
    expect(page.locator("[data-entry=waiting]")).to_contain_text("no more than 100 characters")
    assert kept() == [("B1", 7.0), ("R1", 2.0)]
    page.locator("[data-entry=waiting]").get_by_role("button", name="Take this entry back").click()
    expect(page.locator(WAITING)).to_have_text("Everything is sent")


@pytest.mark.parametrize("status", [500, 503, 429, 409])
def test_while_the_server_fails_all_is_kept_and_sent_later(page, open_sheet, status):
    open_sheet(page)
    answer(page, status)
    count_one(page, "4001", 7)
    expect(page.locator("[data-part=why]")).to_contain_text("The server has a problem")
    page.unroute("**/entries/")
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    assert kept() == [("B1", 7.0)]


def test_who_lost_the_role_keeps_the_entries_and_sends_them_with_the_role_back(page, open_sheet):
    open_sheet(page)
    sam = User.objects.filter(username="sam")
    sam.update(role=Role.PURCHASER)
    count_one(page, "4001", 7)
    expect(page.locator("[data-part=why]")).to_contain_text("The server refused")
    expect(page.locator(WAITING)).to_have_text("1 entry waiting on this phone")
    assert kept() == []
    sam.update(role=Role.STAFF)
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    assert kept() == [("B1", 7.0)]


def test_a_store_that_is_not_theirs_any_more_takes_nothing(page, open_sheet, shop):
    open_sheet(page)
    User.objects.get(username="sam").location_access.all().delete()
    count_one(page, "4001", 7)
    expect(page.locator("[data-part=why]")).to_contain_text("not there for you")
    assert kept() == []


@pytest.mark.parametrize("end", ["submit", "cancel"])
def test_after_the_count_is_over_entries_come_late_and_stay_counted_as_they_were(page, open_sheet, count, end):
    open_sheet(page)
    count_one(page, "R1", 2)
    expect(page.locator("[data-entry=sent]")).to_have_count(1)
    page.context.set_offline(True)
    count_one(page, "4001", 7)
    now = timezone.now()
    submit_count(count_id=count.pk, user=None, now=now) if end == "submit" else cancel_count(
        count_id=count.pk, user=None, now=now
    )
    page.context.set_offline(False)
    expect(page.locator("[data-entry]").first).to_contain_text("came too late, not added up")
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    assert CountEntry.objects.get(line__sku__code="B1").is_late
    page.locator("[data-entry]", has_text="Long rice").get_by_role("button", name="Take this entry back").click()
    expect(page.locator("[data-entry]", has_text="Long rice")).to_contain_text("it stays counted")
    expect(page.locator(WAITING)).to_have_text("Everything is sent")


def test_a_full_store_says_that_the_entry_is_not_kept(page, open_sheet):
    open_sheet(page)
    full = "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };"
    page.evaluate(f"() => {{ window.realPut = IDBObjectStore.prototype.put; {full} }}")
    scan(page, "4001")
    expect(page.locator("[data-part=problem]")).to_contain_text("Write it down")
    expect(quantity(page)).to_be_hidden()
    page.evaluate("() => { IDBObjectStore.prototype.put = window.realPut; }")
    count_one(page, "4001", 7)
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    assert kept() == [("B1", 7.0)]


def test_a_clock_that_is_set_right_before_sending_puts_moments_in_doubt(page, open_sheet):
    page.add_init_script("window.off = -2 * 3600e3; const real = Date.now; Date.now = () => real() + window.off;")
    open_sheet(page)
    page.context.set_offline(True)
    count_one(page, "4001", 7)
    # What is on its way when the connection comes back still goes by the clock as it was, and rightly so.
    expect(page.locator("[data-state=offline]")).to_be_visible()
    page.evaluate("window.off = 0")
    page.context.set_offline(False)
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    assert CountEntry.objects.get().is_clock_doubtful


def test_a_sheet_that_never_heard_the_time_tells_its_own_clock(page, open_sheet):
    page.add_init_script("const real = Date.now; Date.now = () => real() - 30 * 60e3;")
    page.route("**/sheet/", lambda route: route.fulfill(status=500, body="{}"))
    sent = []
    page.on("request", lambda asked: sent.append(asked.post_data) if asked.url.endswith("/entries/") else None)
    open_sheet(page)
    count_one(page, "4001", 7)
    expect(page.locator("[data-entry=sent]")).to_have_count(1)
    entry = CountEntry.objects.get()
    assert abs(entry.counted_at - timezone.now()) < timedelta(minutes=1)
    assert (entry.is_clock_doubtful, json.loads(sent[0])["is_clock_set"]) == (False, False)
