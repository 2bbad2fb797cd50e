"""A person is told of by full name, by user name where there is none; programs know them by the user name."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from inventory.models import Posting
from orders.models import Delegation, PurchaseOrder
from orders.services.decisions import approve_proposals
from orders.services.order_words import approved_note
from tests.orders.conftest import NOW, ask_for, build_firm
from tests.pages.conftest import signed_in


@pytest.fixture
def firm(db):
    firm = build_firm()
    User.objects.filter(pk=firm.buyer.pk).update(first_name="Ann", last_name="Smith")
    firm.buyer.refresh_from_db()
    return firm


@pytest.fixture
def order(firm):
    asked = ask_for(firm, firm.tea, 6)
    return approve_proposals(proposal_ids=[asked.pk], user=firm.buyer, now=NOW).orders[0]


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [("Ann", "Smith", "Ann Smith"), ("小明", "", "小明"), ("", "Smith", "Smith"), ("", "", "ann7"), (" ", " ", "ann7")],
)
def test_what_a_person_is_called(first, last, shown):
    assert str(User(username="ann7", first_name=first, last_name=last)) == shown


def test_the_page_of_an_order_names_them_in_full(firm, order):
    page = signed_in(firm.buyer).get(reverse("orders:purchase_order", args=[order.pk])).content.decode()
    assert "<dt>Made by</dt><dd>Ann Smith</dd>" in page and "<dt>Approved by</dt><dd>Ann Smith</dd>" in page
    assert page.count("Ann Smith") >= 3 and "buyer" not in page


def test_without_a_name_the_user_name_is_shown(firm, order):
    User.objects.filter(pk=firm.buyer.pk).update(first_name="", last_name="")
    page = signed_in(firm.buyer).get(reverse("orders:purchase_order", args=[order.pk])).content.decode()
    assert "<dt>Made by</dt><dd>buyer</dd>" in page


def test_chats_and_the_ledger_name_them_in_full(firm, order):
    order.refresh_from_db()
    assert "By Ann Smith." in approved_note(order).text
    client = signed_in(firm.buyer)
    client.post(reverse("orders:receive", args=[order.pk]), {"key": "k", f"line-{order.lines.get().pk}": "6"})
    assert Posting.objects.get().posted_by == firm.buyer
    page = client.get(reverse("inventory:movements")).content.decode()
    assert 'data-label="By">Ann Smith</td>' in page


def test_who_may_stand_in_is_told_apart_from_somebody_of_the_same_name(firm):
    User.objects.create_user("ann2", role=Role.PURCHASER, sees_all_locations=True, first_name="Ann", last_name="Smith")
    User.objects.create_user("plain", role=Role.PURCHASER, sees_all_locations=True)
    page = signed_in(firm.buyer).get(reverse("orders:rules")).content.decode()
    assert ">Ann Smith (ann2)</option>" in page and ">plain</option>" in page


def test_the_list_of_those_who_stand_in_names_both(firm):
    other = User.objects.create_user("otto", role=Role.PURCHASER, sees_all_locations=True, first_name="Otto")
    Delegation.objects.create(
        giver=firm.buyer,
        taker=other,
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate(),
        created_at=NOW,
        created_by=firm.buyer,
    )
    page = signed_in(firm.buyer).get(reverse("orders:rules")).content.decode()
    assert "Otto for Ann Smith" in page


def test_programs_get_ids_and_user_names_as_before(firm, order):
    client = signed_in(firm.buyer)
    shown = client.get(reverse("api:purchase-order-detail", args=[order.pk])).json()
    assert (shown["created_by"], PurchaseOrder.objects.get().created_by) == (firm.buyer.pk, firm.buyer)
    me = client.get("/api/v1/me/").json()
    assert (me["username"], me["first_name"], me["last_name"]) == ("buyer", "Ann", "Smith")
