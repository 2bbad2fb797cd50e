"""What is shown once can be copied with one press, also where the browser keeps no clipboard for the page."""

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from tests.pages.conftest import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("script", ["", "Object.defineProperty(navigator, 'clipboard', { value: undefined })"])
def test_the_key_of_a_program_is_copied(browser, live_server, shop, script):
    make_user("ada", Role.ADMINISTRATOR)
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.add_init_script(script)
    page.goto(f"{live_server.url}/sign-in/?next=/settings/api-keys/")
    page.fill("[name=username]", "ada")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.fill("[name=name]", "till")
    page.locator("main form button[type=submit]").last.click()
    page.get_by_role("button", name="Copy the key").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    if not script:
        assert page.evaluate("navigator.clipboard.readText()") == page.locator("#secret").inner_text()
    context.close()
