"""What an override would do is shown in the browser as soon as it is known, before a reason is written."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role
from tests.orders.conftest import foresee, make_run
from tests.pages.conftest import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_effect_is_shown_while_the_reason_is_still_empty(page, live_server, shop):
    foresee(make_run(as_of=timezone.localdate() - timedelta(days=1)), shop.bread, shop.here, 2.0)
    make_user("mia", Role.MANAGER)
    page.goto(f"{live_server.url}/sign-in/?next=/planning/overrides/new/")
    page.fill("[name=username]", "mia")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.fill("[name=sku]", "B1")
    page.fill("[name=amount]", "50")
    expect(page.locator("#effect")).to_contain_text("With the override")
    expect(page.locator("#effect")).to_contain_text("+50%")
    expect(page.locator("[name=reason]")).to_have_value("")
