"""An answer to one line of the inbox leaves the other lines as they are: open, ticked, with what was typed."""

import pytest
from playwright.sync_api import expect

from orders.models import ReplenishmentProposal
from tests.pages.buying import planned_firm
from tests.pages.conftest import signed_in
from tests.pages.late_answers import signed_in_page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def inbox(page, live_server, db):
    """Tea and salt, both open; 24 of tea are proposed in packs of 6."""
    world = planned_firm()
    page.world = world
    signed_in_page(page, live_server, signed_in(world.firm.buyer)).goto(f"{live_server.url}/proposals/")
    for row in page.locator(".line").all():
        row.locator("summary").first.click()
        expect(row.locator(".panel")).to_be_visible()
    return page


def line(page, sku):
    return page.locator(".line").filter(has_text=sku.name)


def test_a_kept_quantity_leaves_what_is_typed_in_another_line(inbox):
    tea, salt = (line(inbox, sku) for sku in (inbox.world.firm.tea, inbox.world.firm.salt))
    salt.locator(".stepper__input").fill("60")
    salt.locator("input.tick").check()
    tea.locator(".stepper__input").fill("30")
    tea.get_by_role("button", name="Keep this quantity").click()

    expect(inbox.locator("#messages")).to_contain_text("the quantity is changed")
    expect(tea.locator(".line__quantity")).to_contain_text("30")
    expect(salt.locator(".stepper__input")).to_have_value("60")
    expect(salt.locator("[data-unkept]")).to_be_visible()
    expect(salt.locator("input.tick")).to_be_checked()
    # The line that was changed shows its new figures when it is opened again.
    tea.locator("summary").first.click()
    expect(tea.locator("[data-approves]")).to_contain_text("30")

    salt.get_by_role("button", name="Keep this quantity").click()
    expect(salt.locator(".line__quantity")).to_contain_text("60")
    assert ReplenishmentProposal.objects.get(sku=inbox.world.firm.salt).quantity == 60


def test_an_approved_line_goes_and_the_other_stays_open(inbox):
    tea, salt = (line(inbox, sku) for sku in (inbox.world.firm.tea, inbox.world.firm.salt))
    salt.locator(".stepper__input").fill("60")
    tea.locator("[data-approves]").click()

    expect(tea).to_have_count(0)
    expect(salt.locator(".stepper__input")).to_have_value("60")
    salt.locator("summary.button--danger").click()
    salt.locator("[name=note]").fill("No room")
    salt.get_by_role("button", name="Reject this line").click()
    expect(salt).to_have_count(0)


def test_a_refused_approval_leaves_the_ticks(inbox):
    tea, salt = (line(inbox, sku) for sku in (inbox.world.firm.tea, inbox.world.firm.salt))
    for row in (tea, salt):
        row.locator("input.tick").check()
    salt.locator(".stepper__input").fill("60")
    ReplenishmentProposal.objects.filter(sku=inbox.world.firm.tea).update(state="withdrawn")
    inbox.get_by_role("button", name="Approve ticked").click()

    expect(inbox.locator(".notice--error")).to_be_visible()
    expect(salt.locator("input.tick")).to_be_checked()
    expect(salt.locator(".stepper__input")).to_have_value("60")
