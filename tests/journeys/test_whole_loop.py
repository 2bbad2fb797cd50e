"""The whole loop in the browser: sold until low, warned, proposed overnight, approved, received, calm again."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import expect
from standardwebhooks import Webhook

from alerts.models import Alert
from inventory.models import StockLevel
from jobs.models import JobRun
from orders.models import PurchaseOrder, ReorderLevel, ReplenishmentProposal
from tests.journeys.conftest import SECRET
from tests.journeys.steps import Person
from tests.waiting import wait_until

HEAP_OF_TEA = 52


@pytest.fixture
def person(new_context, live_server, shop):
    return lambda name, **options: Person(new_context, live_server.url, name, **options)


def test_from_the_last_teas_to_a_full_shelf(shop, webhook, running, mailbox, httpserver, person):
    wait_until(lambda: JobRun.objects.filter(job="nightly", state="done").exists())
    assert 10 <= ReorderLevel.objects.get().reorder_point <= 30
    assert not ReplenishmentProposal.objects.exists()
    sell_until_low(person("staff", phone=True), shop)
    manager = person("manager")
    warned(manager, mailbox, httpserver)
    manager.open("/import/")
    manager.page.get_by_role("button", name="Forecast now").click()
    wait_until(lambda: JobRun.objects.filter(job="nightly", state="done").count() == 2)
    order = buy(person("purchaser"), mailbox)
    receive(person("staff", phone=True), order)
    manager.no_longer_sees("/alerts/", "Green tea")
    assert Alert.objects.get().state == "closed"
    everything_ran(person("administrator"))
    call_command("check_ledger", stdout=StringIO())


def everything_ran(administrator):
    """The administrator sees the nights that ran and what the webhook was sent."""
    administrator.sees("/jobs/", "Night: forecast, proposals and alerts")
    administrator.sees("/settings/webhooks/", "/hook")
    expect(administrator.page.locator("main")).not_to_contain_text("Given up")


def sell_until_low(staff, shop):
    staff.sells("4001", HEAP_OF_TEA)
    assert StockLevel.objects.get(sku=shop.tea).on_hand == 60 - HEAP_OF_TEA


def warned(manager, mailbox, httpserver):
    manager.sees("/alerts/", "Green tea")
    manager.sees("/", "Green tea")
    wait_until(lambda: any("manager@example.com" in mail.rcpt_tos for mail in mailbox.mails))
    wait_until(lambda: "alert.opened" in event_types(httpserver))
    assert Alert.objects.filter(state="open").count() == 1


def event_types(httpserver):
    """Types of the events that came in, each with a signature that holds."""
    received = [request for request, _answer in httpserver.log]
    for request in received:
        Webhook(SECRET).verify(request.get_data(), dict(request.headers))
    return [json.loads(request.get_data())["type"] for request in received]


def buy(purchaser, mailbox):
    """Reads why, approves; the supplier's mail arrives."""
    purchaser.open("/proposals/")
    purchaser.page.get_by_text("Why this number").first.click()
    expect(purchaser.page.locator(".line__panel")).to_contain_text("On hand")
    purchaser.page.locator("#inbox form button", has_text="Approve").first.click()
    purchaser.page.get_by_role("dialog").get_by_role("button", name="Yes").click()
    wait_until(lambda: any("farm@example.com" in mail.rcpt_tos for mail in mailbox.mails))
    order = PurchaseOrder.objects.get()
    quantity = order.lines.get().quantity
    assert quantity % 12 == 0
    assert ReplenishmentProposal.objects.get().state == "approved"
    return order


def receive(staff, order):
    """First twelve, then the rest."""
    for part in (12, None):
        staff.open(f"/orders/{order.pk}/receive/")
        field = staff.page.locator("input[inputmode=decimal]").first
        if part:
            field.fill(str(part))
        staff.page.locator("main form button[type=submit]").last.click()
        staff.page.wait_for_url(f"**/orders/{order.pk}/")
    order.refresh_from_db()
    assert order.state == "received"
    assert StockLevel.objects.get().on_hand == 60 - HEAP_OF_TEA + order.lines.get().quantity
