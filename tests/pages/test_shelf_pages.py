"""Receive, adjust and count at the shelf, and the suggestions under the field."""

import pytest
from django.urls import reverse

from accounts.models import Role
from inventory.models import Posting, StockLevel
from tests.pages.conftest import make_user, signed_in

ACTS = ["inventory:sell", "inventory:receive", "inventory:adjust", "inventory:count"]


def post(client, shop, act, quantity, **fields):
    data = {"location": shop.here.pk, "key": "0" * 32, "do": "post", "line_code": "B1", "line_quantity": quantity}
    return client.post(reverse(f"inventory:{act}"), {**data, **fields})


def on_hand(shop):
    return StockLevel.objects.get(sku=shop.bread, location=shop.here).on_hand


def test_goods_that_arrive_are_put_on_stock_with_their_note(staff, shop):
    assert post(staff, shop, "receive", "5", note="Note 17").status_code == 302
    assert on_hand(shop) == 15
    assert Posting.objects.get(note="Note 17").posted_by == staff.user


@pytest.mark.parametrize(("direction", "left"), [("off", 7), ("on", 13)])
def test_an_adjustment_goes_the_way_that_was_said(staff, shop, direction, left):
    answer = post(staff, shop, "adjust", "3", direction=direction, reason="other")
    assert answer.status_code == 302
    assert on_hand(shop) == left


@pytest.mark.parametrize("fields", [{"direction": "off", "reason": "nonsense"}, {"direction": "", "reason": "damaged"}])
def test_an_adjustment_without_reason_or_direction_is_refused(staff, shop, fields):
    page = post(staff, shop, "adjust", "3", **fields)
    assert page.status_code == 422
    assert page.context["entry"].problem
    assert on_hand(shop) == 10


def test_a_count_corrects_the_level_and_may_find_nothing(staff, shop):
    assert post(staff, shop, "count", "0").status_code == 302
    assert on_hand(shop) == 0


def test_a_count_that_differs_in_nothing_posts_nothing(staff, shop):
    before = Posting.objects.count()
    assert post(staff, shop, "count", "10").status_code == 302
    assert Posting.objects.count() == before


def test_an_entry_that_was_changed_after_it_was_sent_is_sent_once_more_on_demand(staff, shop):
    post(staff, shop, "sell", "3")
    page = post(staff, shop, "sell", "2")
    entry = page.context["entry"]
    assert (page.status_code, "Sent before" in entry.problem, on_hand(shop)) == (422, True, 7)
    assert entry.lines[0].available == 7
    assert post(staff, shop, "sell", "2", key=entry.key).status_code == 302
    assert on_hand(shop) == 5


@pytest.mark.parametrize("act", ACTS)
def test_a_purchaser_enters_nothing_at_the_shelf(as_role, act):
    assert as_role(Role.PURCHASER).get(reverse(act)).status_code == 403


@pytest.mark.parametrize("act", ACTS)
def test_nobody_enters_without_signing_in(client, db, act):
    assert client.get(reverse(act)).url.startswith("/sign-in/")


@pytest.mark.parametrize("act", ACTS)
def test_a_person_without_a_store_is_told_so(shop, act):
    user = make_user("new", Role.STAFF, shop.here)
    user.location_access.all().delete()
    page = signed_in(user).get(reverse(act))
    assert page.status_code == 200
    assert "administrator" in page.content.decode()


def test_suggestions_show_what_is_there(staff, shop):
    page = staff.get(reverse("inventory:suggestions"), {"code": "bro", "location": shop.here.pk})
    assert "Brown bread" in page.content.decode()
    assert "10 there" in page.content.decode()


@pytest.mark.parametrize("location", ["there", "", "x"])
def test_suggestions_of_another_store_are_not_there(staff, shop, location):
    place = shop.there.pk if location == "there" else location
    assert staff.get(reverse("inventory:suggestions"), {"code": "bro", "location": place}).status_code == 404
