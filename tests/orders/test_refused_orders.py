"""Who made an order that was refused, or that nobody approved in time, is told by whom, why, and how to go on."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from orders.services.approvals import refuse_order
from orders.services.decisions import approve_proposals
from orders.services.expiry import expire_orders
from orders.services.purchase_orders import cancel_order
from tests.orders.conftest import ask_for, make_person, make_sku, make_terms, set_limits
from tests.pages.buying import text_of
from tests.pages.conftest import signed_in

pytestmark = pytest.mark.django_db
HOME = reverse("dashboards:home")


@pytest.fixture
def mia(firm):
    set_limits(0, 0)
    set_limits(0, 1000, role=Role.MANAGER)
    return make_person("mia", Role.MANAGER)


@pytest.fixture
def wait_for_second(firm, mia):
    """wait_for_second("pan") is an order of the buyer, made just now, that waits."""

    def make(code, days_ago=0):
        sku = make_sku(code, category=firm.category)
        make_terms(firm.acme, sku, price=1)
        now = timezone.now() - timedelta(days=days_ago)
        asked = ask_for(firm, sku, 100)
        (order,) = approve_proposals(proposal_ids=[asked.pk], user=firm.buyer, now=now).orders
        return order

    return make


def refuse(order, mia):
    return refuse_order(order_id=order.pk, note="Half will do", user=mia, now=timezone.now())


def page_of(order):
    return reverse("orders:purchase_order", args=[order.pk])


def test_the_page_says_who_refused_it_why_and_where_its_need_is_now(firm, mia, wait_for_second):
    order = wait_for_second("pan")
    assert "Proposals of Acme for Shop" not in text_of(signed_in(firm.buyer).get(page_of(order)))
    refuse(order, mia)
    page = text_of(signed_in(firm.buyer).get(page_of(order)))
    assert "Refused by mia" in page and ": Half will do" in page
    where = f"{reverse('orders:proposals')}?supplier={firm.acme.pk}&amp;location={firm.shop.pk}"
    assert f'href="{where}">Proposals of Acme for Shop' in page


def test_the_first_page_tells_its_maker_alone(firm, mia, wait_for_second):
    order = wait_for_second("pan")
    refuse(order, mia)
    home = text_of(signed_in(firm.buyer).get(HOME))
    assert f"mia refused your order {order.number}" in home and "Half will do · Acme · Shop" in home
    assert "refused your order" not in text_of(signed_in(mia).get(HOME))
    assert "refused your order" not in text_of(signed_in(make_person("paula")).get(HOME))


def test_what_nobody_approved_in_time_is_told_too(firm, wait_for_second):
    order = wait_for_second("pan", days_ago=30)
    expire_orders(now=timezone.now())
    client = signed_in(firm.buyer)
    assert f"Nobody approved your order {order.number} in time" in text_of(client.get(HOME))
    assert "Nobody approved it in time, so it is void" in text_of(client.get(page_of(order)))


def test_what_its_maker_took_back_is_no_news(firm, wait_for_second):
    order = wait_for_second("pan")
    cancel_order(order_id=order.pk, user=firm.buyer, now=timezone.now())
    client = signed_in(firm.buyer)
    assert order.number not in text_of(client.get(HOME))
    assert "Proposals of Acme for Shop" not in text_of(client.get(page_of(order)))


def test_after_a_week_it_is_told_no_more(firm, mia, wait_for_second):
    order = wait_for_second("pan", days_ago=9)
    refuse_order(order_id=order.pk, note="No", user=mia, now=timezone.now() - timedelta(days=8))
    assert "refused your order" not in text_of(signed_in(firm.buyer).get(HOME))


def test_the_first_page_asks_as_much_for_many_as_for_one(firm, mia, wait_for_second):
    counts, client = [], signed_in(firm.buyer)
    for codes in (["pan"], ["pot", "lid"]):
        for code in codes:
            refuse(wait_for_second(code), mia)
        with CaptureQueriesContext(connection) as queries:
            client.get(HOME)
        counts.append(len(queries))
    assert counts[0] == counts[1]
