"""The sale page: scan, sell once, and be told what is short without losing the entry."""

from decimal import Decimal

import pytest
from django.urls import reverse

from inventory.models import LostSale, Movement, Posting, StockLevel

SELL = reverse("inventory:sell")
KEY = "0" * 32


def post(client, shop, do, lines=(), **fields):
    data = {
        "location": shop.here.pk,
        "key": KEY,
        "do": do,
        "line_code": [code for code, _quantity in lines],
        "line_quantity": [quantity for _code, quantity in lines],
        **fields,
    }
    return client.post(SELL, data)


def lines_of(response):
    return [(line.code, line.typed) for line in response.context["entry"].lines]


def on_hand(shop):
    return StockLevel.objects.get(sku=shop.bread, location=shop.here).on_hand


def sales():
    return Posting.objects.filter(kind="sale").count()


def test_one_store_is_chosen_by_itself(staff, shop):
    page = staff.get(SELL)
    assert page.status_code == 200
    assert page.context["entry"].location == shop.here


@pytest.mark.parametrize(
    ("code", "quantity"), [("4001", "1"), ("B1", "1"), ("b1", "1"), ("4012", "12"), ("brown", "1")]
)
def test_a_scan_adds_what_the_code_stands_for(staff, shop, code, quantity):
    assert lines_of(post(staff, shop, "add", code=code)) == [("B1", quantity)]


def test_the_same_scan_again_adds_one_more(staff, shop):
    page = post(staff, shop, "add", [("B1", "2"), ("R1", "0,5")], code="4001")
    assert lines_of(page) == [("B1", "3"), ("R1", "0,5")]


def test_an_unknown_code_is_said_and_stays_in_the_field(staff, shop):
    page = post(staff, shop, "add", [("B1", "2")], code="9999")
    assert page.status_code == 422
    assert "9999" in page.context["entry"].problem
    assert page.context["entry"].typed_code == "9999"
    assert lines_of(page) == [("B1", "2")]


def test_a_name_that_fits_several_offers_them(staff, shop):
    page = post(staff, shop, "add", code="r")
    assert {row.sku.code for row in page.context["entry"].suggestions} == {"B1", "R1"}


def test_a_sale_moves_stock_once_however_often_it_is_sent(staff, shop):
    first = post(staff, shop, "post", [("B1", "3")])
    again = post(staff, shop, "post", [("B1", "3")])
    assert (first.status_code, again.status_code) == (302, 302)
    assert on_hand(shop) == 7
    assert sales() == 1


def test_a_line_can_be_taken_off(staff, shop):
    assert lines_of(post(staff, shop, "remove:B1", [("B1", "3"), ("R1", "1")])) == [("R1", "1")]


@pytest.mark.parametrize("wrong", ["", "two", "0", "-1", "1.5", "NaN", "1e99"])
def test_a_wrong_quantity_marks_its_line_and_keeps_the_entry(staff, shop, wrong):
    page = post(staff, shop, "post", [("R1", "0.5"), ("B1", wrong)])
    assert page.status_code == 422
    assert [bool(line.error) for line in page.context["entry"].lines] == [False, True]
    assert lines_of(page) == [("R1", "0.5"), ("B1", wrong)]
    assert sales() == 0


def test_an_empty_entry_is_not_posted(staff, shop):
    page = post(staff, shop, "post")
    assert page.status_code == 422
    assert page.context["entry"].problem


def test_too_many_are_refused_whole_with_the_line_and_what_is_there(staff, shop):
    page = post(staff, shop, "post", [("R1", "1"), ("B1", "12")])
    wrong = page.context["entry"].lines[1]
    assert page.status_code == 422
    assert "10" in wrong.error and "12" in wrong.error
    assert page.context["entry"].can_cut
    assert Movement.objects.filter(kind="sale").count() == 0
    assert LostSale.objects.get().quantity == 2


def test_what_is_there_can_be_sold_and_the_loss_counts_once(staff, shop):
    post(staff, shop, "post", [("B1", "12")])
    answer = post(staff, shop, "cut", [("B1", "12")])
    assert answer.status_code == 302
    assert on_hand(shop) == 0
    assert LostSale.objects.get().quantity == Decimal(2)


def test_nothing_left_offers_no_cut(staff, shop):
    post(staff, shop, "post", [("B1", "10")])
    page = post(staff, shop, "post", [("B1", "1")], key="1" * 32)
    assert not page.context["entry"].can_cut


def test_another_store_is_never_sold_from(staff, shop):
    page = post(staff, shop, "post", [("B1", "1")], location=shop.there.pk)
    assert page.status_code == 422 and page.context["entry"].problem
    assert not Movement.objects.filter(source=shop.there).exists()
    # Nor is the sale quietly taken from a store that was not meant.
    assert on_hand(shop) == 10


def test_htmx_gets_the_lines_alone(staff, shop):
    page = staff.post(SELL, {"location": shop.here.pk, "do": "add", "code": "4001"}, headers={"HX-Request": "true"})
    assert b"<html" not in page.content
    assert b'id="entry"' in page.content
