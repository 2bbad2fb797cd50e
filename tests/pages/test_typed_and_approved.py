"""In the browser a line is approved only with the quantity that stands in its field."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from orders.models import PurchaseOrder
from tests.pages.buying import planned_firm
from tests.pages.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def panel(page, live_server, db):
    """The line of tea, 24 proposed in packs of 6, open on the page of its own."""
    world = planned_firm()
    world.firm.buyer.set_password(PASSWORD)
    world.firm.buyer.save()
    address = reverse("orders:proposal", args=[world.tea.pk])
    page.goto(f"{live_server.url}/sign-in/?next={address}")
    page.fill("[name=username]", world.firm.buyer.username)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    return page.locator(".panel")


def test_typing_elsewhere_is_no_fault_of_the_page(page, panel):
    faults = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    panel.locator("summary").filter(has_text="Reject").click()
    panel.locator("[name=note]").fill("Too much")
    expect(panel.locator("[name=note]")).to_have_value("Too much")
    assert faults == []


def test_what_is_typed_is_kept_before_it_is_approved(page, panel):
    approve = panel.locator("[data-approves]")
    expect(approve).to_be_enabled()
    panel.locator("[data-step]").last.click()
    expect(approve).to_be_disabled()
    expect(panel.locator("[data-unkept]")).to_be_visible()
    panel.locator(".stepper__input").fill("abc")
    panel.get_by_role("button", name="Keep this quantity").click()
    expect(panel.locator(".field__error")).to_be_visible()
    panel.locator(".stepper__input").fill("24")
    expect(approve).to_be_enabled()
    expect(panel.locator("[data-unkept]")).to_be_hidden()
    approve.click()
    expect(page.locator("#messages")).to_contain_text("Approved")
    assert PurchaseOrder.objects.get().lines.get().quantity == 24
