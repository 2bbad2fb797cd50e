"""Staff are faster than the answers: no scan runs into another, and nothing typed meanwhile is written over."""

import re

import pytest
from playwright.sync_api import expect

from tests.pages.late_answers import Held, signed_in_page
from tests.pages.scanner_gun import shoot

pytestmark = pytest.mark.django_db(transaction=True)
ANSWERS = re.compile("/stock/receive/$")


@pytest.fixture
def receiving(page, live_server, manager):
    """A page of receiving with one line of bread."""
    signed_in_page(page, live_server, manager).goto(f"{live_server.url}/stock/receive/?code=B1")
    page.locator("#code").focus()
    return page


def amount(page, code="B1"):
    return page.locator(f".entry__line:has([name=line_code][value={code}]) [name=line_quantity]")


def test_scans_that_wait_for_an_answer_stay_apart(receiving):
    held = Held(receiving, ANSWERS)
    for code in ("4001", "4012", "R1"):
        receiving.locator("#code").press_sequentially(code)
        receiving.locator("#code").press("Enter")
        expect(receiving.locator("#code")).to_have_value("")
    held.let_go()
    expect(amount(receiving)).to_have_value("14")
    expect(amount(receiving, "R1")).to_have_value("1")


def test_what_is_typed_before_the_answer_stands_and_keeps_the_cursor(receiving):
    held = Held(receiving, ANSWERS)
    shoot(receiving, "R1")
    held.wait_for(1)
    amount(receiving).fill("5")
    receiving.locator("[name=note]").press_sequentially("torn box")
    held.let_go()
    expect(amount(receiving, "R1")).to_have_value("1")
    expect(amount(receiving)).to_have_value("5")
    expect(receiving.locator("[name=note]")).to_have_value("torn box")
    expect(receiving.locator("[name=note]")).to_be_focused()


def test_taps_before_the_answer_come_on_top_of_it(receiving):
    held = Held(receiving, ANSWERS)
    shoot(receiving, "4001")
    held.wait_for(1)
    for _tap in range(2):
        receiving.get_by_role("button", name="One more").click()
    held.let_go()
    expect(amount(receiving)).to_have_value("4")


def test_suggestions_for_letters_that_are_gone_do_not_come(receiving):
    held = Held(receiving, "**/suggestions/**")
    receiving.locator("#code").press_sequentially("brow")
    held.wait_for(1)
    receiving.locator("#code").fill("4001")
    receiving.locator("#code").press("Enter")
    expect(amount(receiving)).to_have_value("2")
    held.let_go()
    expect(receiving.locator("#suggestions button")).to_have_count(0)


def test_codes_that_did_not_arrive_come_back_one_after_the_other(receiving):
    code = receiving.locator("#code")
    receiving.context.set_offline(True)
    for scanned in ("4001", "4012"):
        shoot(receiving, scanned)
        expect(code).to_have_value(scanned)
    receiving.context.set_offline(False)
    code.press("Enter")
    expect(amount(receiving)).to_have_value("13")
    expect(code).to_have_value("4001")
    code.press("Enter")
    expect(amount(receiving)).to_have_value("14")
    expect(code).to_have_value("")
