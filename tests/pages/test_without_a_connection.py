"""Without a connection a page of ours says so, in the reader's language; nothing of anybody's is kept for it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Role
from tests.pages.conftest import make_user, signed_in
from tests.pages.late_answers import signed_in_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser_context_args(service_workers="allow")]
KEPT = """async () => {
  const found = [];
  for (const name of (await caches.keys()).filter((name) => name.startsWith("youhuo-offline-"))) {
    for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
  }
  return found;
}"""


@pytest.fixture
def open_home(page, live_server, shop):
    """open_home(language) opens the home page, whose worker keeps what it needs."""

    def start(language="en"):
        client = signed_in(make_user("sam", Role.STAFF, shop.here))
        client.cookies["django_language"] = language
        signed_in_page(page, live_server, client).goto(live_server.url)
        is_kept = f"(await ({KEPT})()).includes('/offline/')"
        page.evaluate(f"async () => {{ while (!({is_kept})) await new Promise(requestAnimationFrame); }}")
        return page

    return start


def test_any_page_says_that_the_connection_is_gone_and_opens_when_it_is_back(open_home, live_server):
    page = open_home()
    page.reload()
    page.context.set_offline(True)
    for path in ("/stock/", "/orders/"):
        page.goto(live_server.url + path)
        expect(page.get_by_role("heading", name="The connection is gone")).to_be_visible()
        assert page.locator("body").evaluate("(body) => getComputedStyle(body).fontFamily") != "serif"
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="The connection is gone")).to_be_visible()

    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Orders")).to_be_visible()


def test_it_is_told_in_the_language_of_the_reader(open_home, live_server):
    page = open_home("zh-hans")
    page.context.set_offline(True)
    page.goto(f"{live_server.url}/stock/")
    expect(page.get_by_role("heading", name="网络连接已断开")).to_be_visible()


def test_nothing_of_anybodys_is_kept(open_home, live_server):
    page = open_home()
    page.goto(f"{live_server.url}/stock/")
    kept = page.evaluate(KEPT)
    assert [path for path in kept if not path.startswith("/static/")] == ["/offline/"]


@pytest.mark.django_db
def test_the_page_is_the_same_for_everybody(client, staff, shop):
    address = reverse("offline_page")
    stranger, ours = client.get(address), staff.get(address)
    assert stranger.status_code == ours.status_code == 200
    assert stranger.content == ours.content
    assert "sam" not in ours.content.decode() and "csrf" not in ours.content.decode()
    assert client.post(address).status_code == 405
