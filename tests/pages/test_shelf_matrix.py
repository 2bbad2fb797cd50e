"""A whole style entered at once: received, counted, adjusted, sent and sold as a matrix."""

from decimal import Decimal

import pytest
from django.urls import reverse

from inventory.models import Movement, Posting, StockLevel, Transfer
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine
from tests.pages.styling import make_shirt


@pytest.fixture
def shirt(shop):
    made = make_shirt(places=[shop.here])
    lines = [GoodsLine(sku.pk, Decimal(4)) for sku in made.sku.values()]
    receive_goods(location=shop.here, lines=lines, key=None, user=None, now=made.style.created_at)
    return made


def enter(client, shop, shirt, act, cells, do="post", **fields):
    typed = {f"cell_{shirt.sku[name].pk}": value for name, value in cells.items()}
    data = {"location": shop.here.pk, "key": "0" * 32, "do": do, "style": shirt.style.pk}
    return client.post(reverse(f"inventory:{act}"), {**data, **typed, **fields})


def levels(shop, shirt):
    rows = StockLevel.objects.filter(location=shop.here, sku__in=shirt.sku.values())
    on_hand = dict(rows.values_list("sku_id", "on_hand"))
    return [on_hand[shirt.sku[name].pk] for name in ("Red-S", "Red-M", "Blue-M")]


@pytest.mark.parametrize("typed", ["SHIRT", "shirt"])
def test_the_code_of_a_style_opens_its_matrix(staff, shop, shirt, typed):
    page = staff.post(reverse("inventory:receive"), {"location": shop.here.pk, "do": "add", "code": typed})
    body = page.content.decode()
    assert all(f'name="cell_{sku.pk}"' in body for sku in shirt.sku.values())
    assert 'scope="row">Red' in body


def test_the_style_page_links_to_the_open_matrix(staff, shop, shirt):
    page = staff.get(reverse("inventory:count"), {"style": shirt.style.pk, "location": shop.here.pk})
    assert [grid.style.pk for grid in page.context["entry"].grids] == [shirt.style.pk]


@pytest.mark.parametrize(
    ("act", "fields", "left"),
    [
        ("receive", {}, [6, 4, 5]),
        ("sell", {}, [2, 4, 3]),
        ("count", {}, [2, 4, 1]),
        ("adjust", {"direction": "off", "reason": "damage"}, [2, 4, 3]),
    ],
)
def test_filled_cells_are_posted_and_empty_ones_left_alone(staff, shop, shirt, act, fields, left):
    assert enter(staff, shop, shirt, act, {"Red-S": "2", "Red-M": "", "Blue-M": "1"}, **fields).status_code == 302
    assert levels(shop, shirt) == left


def test_a_counted_zero_is_not_an_empty_cell(staff, shop, shirt):
    enter(staff, shop, shirt, "count", {"Red-S": "0", "Red-M": ""})
    assert levels(shop, shirt) == [0, 4, 4]


def test_a_matrix_is_sent_to_another_place(staff, shop, shirt):
    answer = enter(staff, shop, shirt, "send", {"Red-S": "1", "Blue-M": "2"}, destination=shop.there.pk)
    assert answer.status_code == 302
    assert Transfer.objects.get().lines.count() == 2


def test_a_refusal_stands_below_the_matrix_and_nothing_is_posted(staff, shop, shirt):
    before = Posting.objects.count()
    page = enter(staff, shop, shirt, "sell", {"Red-S": "9", "Blue-M": "1"})
    assert page.status_code == 422
    assert "Red / S: Only 4 there, 9 asked." in page.content.decode()
    assert f'name="cell_{shirt.sku["Blue-M"].pk}" value="1"' in page.content.decode()
    assert Posting.objects.count() == before


def test_a_scan_counts_in_its_cell(staff, shop, shirt):
    page = enter(staff, shop, shirt, "receive", {"Red-S": "2"}, do="add", code="SHIRT-RED-S")
    assert f'name="cell_{shirt.sku["Red-S"].pk}" value="3"' in page.content.decode()
    assert page.context["entry"].listed_lines == []


def test_a_matrix_and_a_list_are_posted_together(staff, shop, shirt):
    both = {"line_code": "B1", "line_quantity": "7", "line_pack": ""}
    enter(staff, shop, shirt, "receive", {"Red-S": "2"}, **both)
    last = Posting.objects.order_by("-pk").first()
    assert {row.quantity for row in Movement.objects.filter(posting=last)} == {2, 7}


def test_closing_the_matrix_takes_its_lines_off(staff, shop, shirt):
    page = enter(staff, shop, shirt, "receive", {"Red-S": "2"}, do=f"close:{shirt.style.pk}")
    assert (page.context["entry"].lines, page.context["entry"].grids) == ([], [])


@pytest.mark.parametrize("wish", ["open:999", "open:x", "open:" + "9" * 5000])
def test_a_style_that_is_not_there_is_said(staff, shop, shirt, wish):
    assert enter(staff, shop, shirt, "receive", {}, do=wish).status_code == 422
