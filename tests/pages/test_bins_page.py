"""Bins: made by the dozen, renamed, closed when empty, seen by those of the store only."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from inventory.domain.variants import expand_codes, value_codes
from inventory.models import Location
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine, sell
from tests.pages.conftest import make_user, signed_in

PAGE = reverse("inventory:bins")


def make(client, parent, codes):
    return client.post(reverse("inventory:new_bins"), {"parent": parent.pk, "codes": codes})


def change(client, place, **fields):
    return client.post(reverse("inventory:edit_bin", args=[place.pk]), fields)


def codes_below(parent):
    return list(Location.objects.filter(parent=parent).order_by("code").values_list("code", flat=True))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("A-01..A-03, B", ["A-01", "A-02", "A-03", "B"]),
        ("A-08..11", ["A-08", "A-09", "A-10", "A-11"]),
        ("A，A\nB", ["A", "B"]),
        ("A-1、A-2；A-3\tA-4\r\nA-5", ["A-1", "A-2", "A-3", "A-4", "A-5"]),
        ("3..1", ["3..1"]),
        ("1..99999", ["1..99999"]),
    ],
)
def test_ranges_are_written_out(text, codes):
    assert expand_codes(text) == codes


def test_codes_of_values_are_short_ascii_and_all_different():
    assert value_codes(["Dark red", "dark-red", "红", "XL"]) == ["DARKRED", "DARKRED02", "03", "XL"]


def test_a_column_of_codes_can_be_pasted(manager, shop):
    """A field of one line makes one long code of it."""
    assert '<textarea class="input" id="codes"' in manager.get(PAGE).content.decode()
    make(manager, shop.here, "A-1\r\nA-2")
    assert codes_below(shop.here) == ["A-1", "A-2"]


def test_bins_inside_a_store_and_inside_a_bin(manager, shop):
    make(manager, shop.here, "A-01..A-02")
    inner = Location.objects.get(code="A-01")
    make(manager, inner, "A-01-1")
    assert (codes_below(shop.here), codes_below(inner)) == (["A-01", "A-02"], ["A-01-1"])
    depths = [[node.depth for node in each.page] for each in manager.get(PAGE).context["shown"]]
    assert depths == [[1, 2, 1], []]


def test_of_thousands_the_page_shows_those_of_one_place_at_a_time(manager, shop):
    make(manager, shop.here, "A-001..A-150")
    make(manager, shop.there, "B-001..B-150")
    make(manager, shop.there, "C-001..C-051")
    page = manager.get(PAGE).content.decode()
    assert "Show its 150 bins" in page and "Show its 201 bins" in page and "A-001" not in page
    there = f"{PAGE}?inside={shop.there.pk}"
    page = manager.get(there).content.decode()
    assert "C-050" in page and "C-051" not in page and "1 to 200 of 201" in page and "A-001" not in page
    last = Location.objects.get(code="C-051")
    assert "C-051" in manager.get(f"{there}&page=2").content.decode()
    address = reverse("inventory:edit_bin", args=[last.pk])
    answer = manager.post(f"{address}?inside={shop.there.pk}&page=2", {"name": "By the door"})
    assert answer["Location"] == f"{there}&page=2"


def test_a_place_that_is_not_ones_own_is_not_opened(staff, manager, shop):
    make(manager, shop.there, "B-001..B-150")
    assert "B-001" not in staff.get(f"{PAGE}?inside={shop.there.pk}").content.decode()


def test_all_codes_that_are_taken_are_named_at_once(manager, shop):
    make(manager, shop.here, "A-01..A-12")
    said = make(manager, shop.here, "A-02, B, A-01").content.decode()
    assert "with these codes already: A-01, A-02. Leave them out" in said
    assert "A-10, ..." in make(manager, shop.here, "A-01..A-12").content.decode()


@pytest.mark.parametrize("codes", ["", "HERE", "x" * 41, "B, HERE"])
def test_a_code_that_is_none_or_taken_makes_none(manager, shop, codes):
    assert make(manager, shop.here, codes).status_code == 422
    assert codes_below(shop.here) == []


def test_a_bin_with_stock_or_open_bins_is_not_closed(manager, shop):
    make(manager, shop.here, "A, B")
    full, outer = Location.objects.get(code="A"), Location.objects.get(code="B")
    make(manager, outer, "B1")
    goods = [GoodsLine(shop.bread.pk, Decimal(1))]
    receive_goods(location=full, lines=goods, key=None, user=None, now=shop.bread.created_at)
    assert "still holds stock" in change(manager, full, switch="off").content.decode()
    assert "open bins in B" in change(manager, outer, switch="off").content.decode()
    assert change(manager, Location.objects.get(code="B1"), switch="off").status_code == 302
    assert change(manager, outer, switch="off").status_code == 302


def test_renaming_keeps_the_code(manager, shop):
    make(manager, shop.here, "A")
    place = Location.objects.get(code="A")
    assert change(manager, place, name="By the door").status_code == 302
    place.refresh_from_db()
    assert (place.code, place.name, place.is_active) == ("A", "By the door", True)


def test_bins_of_another_store_are_not_there(manager, shop):
    make(manager, shop.here, "SECRET-1")
    place = Location.objects.get(code="SECRET-1")
    stranger = signed_in(make_user("tom", Role.MANAGER, shop.there))
    assert "SECRET-1" not in stranger.get(PAGE).content.decode()
    assert change(stranger, place, name="x").status_code == make(stranger, shop.here, "C").status_code == 404
    assert make(stranger, place, "C").status_code == 404


@pytest.mark.parametrize("role", [Role.STAFF, Role.PURCHASER])
def test_others_look_but_do_not_change(as_role, shop, role):
    client = as_role(role)
    assert client.get(PAGE).status_code == 200
    assert make(client, shop.here, "A").status_code == 403


def test_a_shop_is_told_that_it_may_sell_before_it_books(manager, staff, shop):
    address = reverse("inventory:edit_place", args=[shop.here.pk])
    assert staff.post(address, {"switch": "on"}).status_code == 403
    assert "Sells only what is booked" in staff.get(PAGE).content.decode()
    assert manager.post(address, {"switch": "on"}).status_code == 302
    assert "May sell before goods are booked" in staff.get(PAGE).content.decode()
    sell(location=shop.here, lines=[GoodsLine(shop.bread.pk, Decimal(11))], key=None, user=None, now=timezone.now())
    refused = manager.post(address, {"switch": "off"})
    assert (refused.status_code, "B1 (-1)" in refused.content.decode()) == (422, True)
