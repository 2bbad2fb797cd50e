"""On a phone bars stand at the foot of a form: what the browser jumps to must not end under them."""

import pytest
from playwright.sync_api import expect

from orders.services.receipts import receive_order
from tests.orders.conftest import NOW
from tests.pages.buying import ordered_firm

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_field_that_was_left_empty_is_seen(page, live_server):
    world = ordered_firm()
    receive_order(order_id=world.order.pk, key="r", user=None, now=NOW)
    page.set_viewport_size({"width": 375, "height": 500})
    page.context.add_cookies(
        [{"name": name, "value": cookie.value, "url": live_server.url} for name, cookie in world.staff.cookies.items()]
    )
    page.goto(f"{live_server.url}/orders/{world.order.pk}/return/")
    page.get_by_role("button", name="Send back").click()
    field, bar = page.locator("[name=reason]"), page.locator(".thumb-bar")
    expect(field).to_be_focused()
    page.wait_for_function(
        "([f, b]) => f.getBoundingClientRect().bottom <= b.getBoundingClientRect().top + 1",
        arg=[field.element_handle(), bar.element_handle()],
    )
