"""The first day of somebody new, on a phone: added, handed a link, a password chosen, signed in and at work."""

import pytest
from django.conf import settings

from tests.people.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "another-long-password"
PHONE = {"viewport": {"width": 375, "height": 800}}


def sign_in(page, url, name, password):
    page.goto(f"{url}/sign-in/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{url}/")


@pytest.fixture
def phone(browser):
    opened = []

    def open_one():
        opened.append(browser.new_context(**PHONE))
        return opened[-1].new_page()

    yield open_one
    for context in opened:
        context.close()


def add_nora(page, url):
    page.goto(f"{url}/settings/people/new/")
    for name, text in (("username", "nora"), ("display_name", "Nora Wu")):
        page.fill(f"[name={name}]", text)
    page.get_by_label("North").check()
    page.get_by_role("button", name="Add", exact=True).click()
    return page.locator("#address").input_value().removeprefix(settings.SITE_URL)


def test_from_nothing_to_work(phone, live_server, committed_house):
    url, office, hers = live_server.url, phone(), phone()
    sign_in(office, url, "boss", PASSWORD)
    link = add_nora(office, url)
    hers.goto(f"{url}{link}")
    for name in ("new_password1", "new_password2"):
        hers.fill(f"[name={name}]", NEW)
    hers.get_by_role("button", name="Save the password").click()
    hers.wait_for_url(f"{url}/sign-in/")
    sign_in(hers, url, "nora", NEW)
    assert hers.goto(f"{url}/stock/sell/").status == 200
    office.goto(f"{url}/settings/people/?search=nora")
    office.get_by_role("link", name="Nora Wu").click()
    office.get_by_role("button", name="Switch off").click()
    office.get_by_role("button", name="Yes, go on").click()
    office.get_by_text("is switched off, signed out everywhere").wait_for()
    hers.goto(f"{url}/stock/sell/")
    hers.wait_for_url(f"{url}/sign-in/**")
