"""The count sheet in a real browser: offline, after a reload, signed out, with a lost answer; each entry once."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role
from inventory.models import CountEntry, ShelfPosition
from inventory.services.count_policies import set_count_policy
from inventory.services.count_results import request_recount, submit_count
from inventory.services.stock_counts import Wanted, create_count
from tests.pages.conftest import PASSWORD, make_user
from tests.pages.late_answers import Held
from tests.pages.scanner_gun import shoot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser_context_args(service_workers="allow")]
PHONE = {"width": 375, "height": 812}
WAITING = "[data-part=waiting]"
LINES = "[data-part=lines] [data-act=take]"


@pytest.fixture
def count(shop):
    """A blind count of bread and rice at `here`."""
    return create_count(location=shop.here, wanted=Wanted("all"), user=None, now=timezone.now() - timedelta(hours=1))


@pytest.fixture
def open_sheet(live_server, shop, count):
    """open_sheet(page) signs in and opens the sheet; it fails on any complaint of the content security policy."""
    make_user("sam", Role.STAFF, shop.here)
    make_user("olga", Role.STAFF, shop.here)
    complaints = []

    def start(page, name="sam"):
        page.set_viewport_size(PHONE)
        page.on("console", lambda note: complaints.append(note.text) if "Security Policy" in note.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server.url}/sign-in/?next=/counts/sheets/{count.pk}/")
        sign_in(page, name)
        expect(page.locator("[data-sheet][data-offline=ready]")).to_be_visible()
        return page

    yield start
    assert complaints == []


def sign_in(page, name):
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("#code")).to_be_visible()


def scan(page, code):
    page.locator("#code").fill(code)
    page.locator("#code").press("Enter")
    expect(page.locator("#code")).to_have_value("")


def quantity(page):
    return page.locator("#sheet-quantity")


def count_one(page, code, number):
    scan(page, code)
    expect(quantity(page)).to_be_visible()
    quantity(page).fill(str(number))
    page.get_by_role("button", name="Next").click()
    expect(quantity(page)).to_be_hidden()


def kept():
    return sorted(
        (row.line.sku.code, float(row.quantity))
        for row in CountEntry.objects.select_related("line__sku")
        if row.quantity
    )


def test_scans_are_added_up_and_sent(page, open_sheet):
    open_sheet(page)
    scan(page, "4001")
    expect(quantity(page)).to_have_value("1")
    scan(page, "4012")
    expect(quantity(page)).to_have_value("13")
    scan(page, "R1")
    expect(quantity(page)).to_have_value("1")
    quantity(page).fill("4,25")
    quantity(page).press("Enter")
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    expect(page.locator("[data-part=figures]")).to_have_text("2 of 2 counted")
    assert kept() == [("B1", 13.0), ("R1", 4.25)]


def test_nothing_of_what_is_expected_reaches_a_blind_counter(page, open_sheet):
    open_sheet(page)
    told = page.evaluate(
        "fetch(document.querySelector('[data-sheet]').dataset.sheetUrl).then((answer) => answer.text())"
    )
    assert '"B1"' in told
    assert 'expected"' not in told
    scan(page, "4001")
    expect(page.locator("[data-facts]")).to_have_text("")


def test_offline_counting_survives_a_reload_and_arrives_once(page, open_sheet):
    open_sheet(page)
    page.context.set_offline(True)
    count_one(page, "4001", 7)
    count_one(page, "R1", 2)
    scan(page, "4001")
    expect(page.locator(WAITING)).to_have_text("3 entries waiting on this phone")
    expect(page.locator("[data-part=figures]")).to_have_text("2 of 2 counted")
    expect(page.locator("[data-facts]")).to_have_text("· 7 counted before")
    page.reload()
    expect(page.locator(WAITING)).to_have_text("3 entries waiting on this phone")
    expect(quantity(page)).to_have_value("1")
    expect(page.locator("[data-part=why]")).to_contain_text("No connection")
    page.get_by_role("button", name="Next").click()
    assert kept() == []
    page.context.set_offline(False)
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    page.reload()
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    assert kept() == [("B1", 1.0), ("B1", 7.0), ("R1", 2.0)]


def test_an_answer_that_is_lost_after_the_server_wrote_leads_to_no_second_entry(page, open_sheet):
    open_sheet(page)
    asked = []

    def lose_first(route):
        asked.append(route.request.post_data)
        if len(asked) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/entries/", lose_first)
    count_one(page, "4001", 7)
    expect(page.locator("[data-part=why]")).to_contain_text("No connection")
    expect(page.locator(WAITING)).to_have_text("1 entry waiting on this phone")
    assert kept() == [("B1", 7.0)]
    # Not by the button: the sheet tries again by itself after three seconds, and then it is gone.
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    assert (len(asked), kept()) == (2, [("B1", 7.0)])


def test_after_the_session_ended_entries_wait_until_one_signs_in_again(page, open_sheet):
    open_sheet(page)
    Session.objects.all().delete()
    count_one(page, "4001", 7)
    expect(page.locator("[data-part=why]")).to_contain_text("You are signed out")
    expect(page.locator(WAITING)).to_have_text("1 entry waiting on this phone")
    page.locator("[data-part=sign-in]").click()
    sign_in(page, "sam")
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    assert kept() == [("B1", 7.0)]


def test_another_person_on_the_same_phone_does_not_send_them_in_their_name(page, open_sheet):
    open_sheet(page)
    Session.objects.all().delete()
    count_one(page, "4001", 7)
    page.locator("[data-part=sign-in]").click()
    sign_in(page, "olga")
    expect(page.locator("[data-part=others]")).to_contain_text("counted by sam")
    count_one(page, "R1", 2)
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    assert kept() == [("R1", 2.0)]


@pytest.mark.parametrize("hours", [-3, 5])
def test_the_clock_of_the_phone_may_be_wrong(page, open_sheet, hours):
    page.add_init_script(f"const real = Date.now; Date.now = () => real() + {hours} * 3600 * 1000;")
    open_sheet(page)
    count_one(page, "4001", 7)
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    entry = CountEntry.objects.get()
    assert abs(entry.counted_at - timezone.now()) < timedelta(minutes=1)
    assert not entry.is_clock_doubtful


def test_a_scan_into_the_quantity_is_no_quantity(page, open_sheet):
    open_sheet(page)
    scan(page, "4001")
    expect(quantity(page)).to_have_value("1")
    quantity(page).focus()
    page.keyboard.press("5")
    expect(quantity(page)).to_have_value("5")
    shoot(page, "4012", seconds_later=0.2)
    expect(quantity(page)).to_have_value("17")
    quantity(page).focus()
    shoot(page, "R1")
    expect(page.locator("[data-part=current] [data-name]")).to_have_text("Long rice")
    expect(page.locator(WAITING)).to_have_text("1 entry waiting on this phone")
    assert kept() == [("B1", 17.0)]


def test_an_entry_is_taken_back(page, open_sheet):
    open_sheet(page)
    count_one(page, "4001", 7)
    expect(page.locator("[data-entry=sent]")).to_have_count(1)
    page.get_by_role("button", name="Take this entry back").click()
    expect(page.locator("[data-entry]")).to_have_count(0)
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    assert CountEntry.objects.get(voids__isnull=False).voids.quantity == 7


def test_an_unknown_code_is_kept_and_the_refusal_shown(page, open_sheet):
    open_sheet(page)
    count_one(page, "99999999", 3)
    expect(page.locator("[data-entry=waiting]")).to_contain_text("There is no SKU")
    expect(page.locator(WAITING)).to_contain_text("1 entry was refused. Take it off below")
    page.get_by_role("button", name="Take this entry back").click()
    expect(page.locator(WAITING)).to_have_text("Everything is sent")


def test_who_counted_before_is_told_that_somebody_else_counts_again(page, open_sheet, count, shop):
    open_sheet(page)
    count_one(page, "4001", 2)
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    set_count_policy(location=shop.here, values={"limit_units": 1}, user=None, now=timezone.now())
    submit_count(count_id=count.pk, user=None, now=timezone.now())
    line = count.lines.get(sku=shop.bread)
    request_recount(count_id=count.pk, line_ids=[line.pk], user=None, now=timezone.now())
    page.reload()
    expect(page.locator("[data-part=others-turn]")).to_have_text(
        re.compile("^1 SKU is to be counted again by somebody")
    )


def test_a_name_is_searched_and_one_tap_takes_the_line(page, open_sheet):
    open_sheet(page)
    page.locator("#code").press_sequentially("brow")
    page.get_by_role("button", name=re.compile("Brown bread")).click()
    expect(quantity(page)).to_have_value("1")


@pytest.mark.parametrize("is_entered", [False, True])
def test_a_name_typed_before_the_lines_are_here_is_found_when_they_come(page, open_sheet, is_entered):
    held = []
    page.context.route("**/sheet/", lambda route: held.append(route))
    open_sheet(page)
    page.locator("#code").press_sequentially("brow")
    if is_entered:
        page.locator("#code").press("Enter")
    expect(page.locator(LINES)).to_have_count(0)
    for route in held:
        route.continue_()
    if not is_entered:
        page.get_by_role("button", name=re.compile("Brown bread")).click()
    expect(quantity(page)).to_have_value("1")


def test_two_places_of_one_sku_are_told_apart(page, open_sheet, shop):
    for aisle in ("1", "9"):
        ShelfPosition.objects.create(location=shop.here, sku=shop.bread, aisle=aisle)
    open_sheet(page)
    count_one(page, "4001", 7)
    scan(page, "4001")
    page.locator("#sheet-place").select_option("9")
    page.get_by_role("button", name="Next").click()
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    assert sorted(CountEntry.objects.values_list("place", flat=True)) == ["1", "9"]


def test_the_page_is_the_same_for_two_phones(browser, page, open_sheet):
    open_sheet(page)
    other = browser.new_context()
    second = open_sheet(other.new_page(), "olga")
    count_one(page, "4001", 7)
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    second.reload()
    expect(second.locator("[data-part=figures]")).to_have_text("1 of 2 counted")
    scan(second, "4001")
    expect(second.locator("[data-facts]")).to_contain_text("7 counted before")
    other.close()


@pytest.mark.parametrize("typed", ["", "1o", "-3", "2.5"])
def test_what_is_no_quantity_is_refused_and_the_one_before_it_is_not_sent(page, open_sheet, typed):
    open_sheet(page)
    scan(page, "4001")
    quantity(page).fill(typed)
    page.get_by_role("button", name="Next").click()
    expect(page.locator("[data-part=unclear]")).to_have_text("Type a whole number, for example 12.")
    expect(quantity(page)).to_be_focused()
    scan(page, "R1")
    expect(page.locator("[data-part=current] [data-name]")).to_have_text("Brown bread")
    quantity(page).fill("3")
    expect(page.locator("[data-part=unclear]")).to_be_hidden()
    page.get_by_role("button", name="Next").click()
    expect(page.locator(WAITING)).to_have_text("Everything is sent")
    assert kept() == [("B1", 3.0)]


def test_an_answer_of_the_server_leaves_alone_what_is_being_typed(page, open_sheet):
    open_sheet(page)
    held = Held(page, "**/entries/")
    count_one(page, "R1", 2)
    scan(page, "4001")
    expect(quantity(page)).to_have_value("1")
    quantity(page).fill("")
    held.wait_for(1)
    held.let_go()
    expect(page.locator("[data-entry=sent]")).to_have_count(1)
    expect(quantity(page)).to_have_value("")


def test_plus_goes_on_from_a_quantity_with_a_comma(page, open_sheet):
    open_sheet(page)
    scan(page, "R1")
    quantity(page).fill("4,25")
    page.get_by_role("button", name="One more").click()
    expect(quantity(page)).to_have_value("5.25")
