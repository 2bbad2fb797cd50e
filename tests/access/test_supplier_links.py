"""Pages without an account: a link opens its own order of its own supplier and nothing else, whatever is sent."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from accounts.link_tokens import token_of
from accounts.models import AuditEvent
from orders.models import PurchaseOrder, SupplierLink
from orders.services.supplier_links import LINK_PATH, make_links
from orders.views.without_account import MOST_ANSWERS, MOST_GUESSES
from suppliers.models import Supplier
from tests.access.world import MARK, NOW, make_world

pytestmark = pytest.mark.django_db
SECRET = "ONLYBETAFARM"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def links(db, settings):
    """Addresses of supplier A and of supplier B, each for an order of their own."""
    world = make_world()
    settings.SITE_URL = "http://testserver"
    other = Supplier.objects.create(code=SECRET, name=SECRET, currency="USD", email="b@example.com")
    sent = PurchaseOrder.objects.exclude(state="draft")
    first = sent.get()
    sent.update(expected_on="2099-01-01")
    second = PurchaseOrder.objects.create(
        number=f"PO-{SECRET}", supplier=other, location=world.alpha, state="sent", currency="USD", total=5,
        ordered_on=NOW.date(), expected_on="2099-01-01", created_at=NOW,
    )  # fmt: skip
    second.lines.create(sku=world.sku, quantity=7, unit_price=1)
    orders = list(sent.order_by("pk"))
    made = make_links(orders=orders, user=None, now=NOW)
    SupplierLink.objects.update(expires_at="2100-01-01T00:00Z")
    return {"A": (first, address(made[first.pk])), "B": (second, address(made[second.pk])), "world": world}


def address(link):
    return f"{LINK_PATH}{token_of(link.name)}/"


def answer(line, how="none", **more):
    return {f"line-{line.pk}-how": how, **{f"line-{line.pk}-{name}": value for name, value in more.items()}}


def test_supplier_a_never_sees_b(links):
    page = Client().get(links["A"][1]).content.decode()
    assert MARK in page
    assert SECRET not in page
    assert SECRET in Client().get(links["B"][1]).content.decode()


def test_ids_in_the_body_are_ignored(links):
    (mine, url), (theirs, _) = links["A"], links["B"]
    line, foreign = mine.lines.get(), theirs.lines.get()
    body = {**answer(line), **answer(foreign), "order": theirs.pk, "link": 2, "supplier": theirs.supplier_id}
    assert Client().post(url, body).status_code == 302
    line.refresh_from_db()
    foreign.refresh_from_db()
    assert (line.confirmed_quantity, foreign.confirmed_quantity) == (0, None)
    assert AuditEvent.objects.filter(action="purchase_order.answered").get().object_id == str(mine.pk)


def test_no_session_is_begun_and_nothing_is_kept(links):
    client = Client()
    got = client.get(links["A"][1])
    client.post(links["A"][1], answer(links["A"][0].lines.get()))
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    assert "no-store" in got["Cache-Control"]
    assert got["X-Robots-Tag"] == "noindex, nofollow"
    assert client.get("/orders/").status_code == 302


def test_a_forged_form_is_refused(links):
    order, url = links["A"]
    client = Client(enforce_csrf_checks=True)
    client.get(url)
    body = answer(order.lines.get())
    assert client.post(url, body).status_code == 403
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    assert client.post(url, {**body, "csrfmiddlewaretoken": token}).status_code == 302


def test_somebody_signed_in_at_another_store_sees_the_page_by_the_link_alone(links):
    client = Client()
    client.force_login(links["world"].users["BETA"]["S"])
    assert client.get(links["A"][1]).status_code == 200


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(links, method):
    assert getattr(Client(), method)(links["A"][1]).status_code == 405


def test_a_wrong_token_is_not_found_and_guessing_is_stopped(links):
    url = links["A"][1]
    wrong = f"{url[:-2]}{'a' if url[-2] != 'a' else 'b'}/"
    client = Client()
    assert [client.get(wrong).status_code for _ in range(MOST_GUESSES)] == [404] * MOST_GUESSES
    stopped = client.get(wrong)
    assert (stopped.status_code, stopped["Retry-After"]) == (429, "600")
    assert client.get(url).status_code == 200


def test_answers_are_limited_by_link(links):
    client, url = Client(), links["A"][1]
    statuses = [client.post(url, {}).status_code for _ in range(MOST_ANSWERS + 1)]
    assert statuses == [422] * MOST_ANSWERS + [429]
    assert client.post(links["B"][1], {}).status_code == 422


@pytest.mark.parametrize("fields", [{"revoked_at": NOW}, {"expires_at": "2026-03-10T12:00:01Z"}])
def test_a_link_that_is_over_says_so_and_shows_nothing(links, fields):
    SupplierLink.objects.update(**fields)
    gone = Client().get(links["A"][1])
    assert gone.status_code == 410
    assert MARK not in gone.content.decode()
    assert Client().post(links["A"][1], answer(links["A"][0].lines.get())).status_code == 410
    assert links["A"][0].lines.get().confirmed_quantity is None


def test_the_order_of_another_supplier_by_now_is_closed_to_the_old_one(links):
    PurchaseOrder.objects.filter(pk=links["A"][0].pk).update(supplier=links["B"][0].supplier)
    assert Client().get(links["A"][1]).status_code == 410


def test_the_page_speaks_the_supplier_s_language_unless_another_is_chosen(links):
    Supplier.objects.update(language="zh-hans")
    assert 'lang="zh-hans"' in Client().get(links["A"][1]).content.decode()
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert 'lang="en"' in client.get(links["A"][1]).content.decode()
    chinese = Client(headers={"accept-language": "zh-CN"})
    assert 'lang="zh-hans"' in chinese.get(f"{LINK_PATH}x/").content.decode()
