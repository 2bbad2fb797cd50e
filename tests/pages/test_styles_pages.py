"""Styles: made, changed, shown as a matrix, and their missing variants made from it."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Role
from inventory.models import AxisValue, Listing, Sku, Style, Variant
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine
from tests.pages.conftest import make_user, signed_in
from tests.pages.styling import make_shirt

CARD = {
    "code": "CAP", "name": "Cap", "price": "9", "cost": "3",
    "axis_1": "Colour", "values_1": "Red, Blue", "axis_2": "Size", "values_2": "S，L",
}  # fmt: skip


@pytest.fixture
def shirt(shop):
    return make_shirt(places=[shop.here])


def page_of(client, style, **query):
    return client.get(reverse("inventory:style", args=[style.pk]), query)


def test_a_style_is_made_with_its_axes_in_order(manager):
    assert manager.post(reverse("inventory:new_style"), CARD).status_code == 302
    matrix = page_of(manager, Style.objects.get(code="CAP")).context["matrix"]
    assert [row.value.name for row in matrix.layers[0].rows] == ["Red", "Blue"]
    assert [column.name for column in matrix.columns] == ["S", "L"]
    assert matrix.missing == 4


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"values_1": ""}, "has no values yet"),
        ({"axis_1": "", "axis_2": "", "values_1": "", "values_2": ""}, "one to 3 axes"),
        ({"axis_2": "colour"}, "same name"),
        ({"values_1": "Red, red"}, "a value twice"),
        ({"values_1": ",".join(f"c{n}" for n in range(201)), "values_2": "S,M"}, "at most 400 cells"),
        ({"code": "shirt"}, "belongs to another style"),
    ],
)
def test_what_makes_no_matrix_is_refused(manager, shirt, fields, words):
    page = manager.post(reverse("inventory:new_style"), {**CARD, **fields})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert Style.objects.count() == 1


def edit(client, shirt, names, orders, added=""):
    sizes = AxisValue.objects.filter(axis__style=shirt.style, axis__position=2).order_by("position")
    colours = AxisValue.objects.filter(axis__style=shirt.style, axis__position=1).order_by("position")
    data = {
        "code": "SHIRT", "name": "Shirt", "price": "20", "cost": "8", "axis_1": "Colour", "axis_2": "Size",
        "value_1": [row.pk for row in colours], "name_1": [row.name for row in colours], "order_1": ["1", "2"],
        "value_2": [row.pk for row in sizes], "name_2": names, "order_2": orders, "values_2": added,
    }  # fmt: skip
    return client.post(reverse("inventory:edit_style", args=[shirt.style.pk]), data)


def test_values_are_renamed_reordered_and_added(manager, shirt):
    assert edit(manager, shirt, ["M", "S", "XL"], ["2", "1", "3"], "XXL").status_code == 302
    matrix = page_of(manager, shirt.style).context["matrix"]
    assert [column.name for column in matrix.columns] == ["S", "M", "XL", "XXL"]
    # What was called S is M now, and still the same variant.
    assert Variant.objects.get(sku=shirt.sku["Red-S"]).second.name == "M"


def test_a_value_without_variants_goes_and_one_with_them_stays(manager, shirt):
    assert edit(manager, shirt, ["S", "M", ""], ["1", "2", "3"]).status_code == 302
    page = edit(manager, shirt, ["", "M"], ["1", "2"])
    assert page.status_code == 422
    assert "S cannot go" in page.content.decode()


def test_the_matrix_adds_up_the_places_of_the_user(manager, shirt, shop):
    for place, count in ((shop.here, 5), (shop.there, 2)):
        line = GoodsLine(shirt.sku["Red-M"].pk, Decimal(count))
        receive_goods(location=place, lines=[line], key=None, user=None, now=shirt.style.created_at)
    assert page_of(manager, shirt.style).context["matrix"].available == 7
    assert page_of(manager, shirt.style, location=shop.there.pk).context["matrix"].available == 2
    own = signed_in(make_user("sue", Role.STAFF, shop.here))
    assert page_of(own, shirt.style).context["matrix"].available == 5


def test_a_style_of_another_store_is_not_there(shirt, shop):
    stranger = signed_in(make_user("tom", Role.MANAGER, shop.there))
    assert page_of(stranger, shirt.style).status_code == 404
    assert "SHIRT" not in stranger.get(reverse("inventory:styles")).content.decode()


def test_ticked_cells_become_skus_on_sale_where_the_style_is(manager, shirt, shop):
    address = reverse("inventory:make_variants", args=[shirt.style.pk])
    assert manager.post(address, {"cell": [shirt.key("Blue-XL")]}).status_code == 302
    sku = Sku.objects.get(code="SHIRT-BLUE-XL")
    assert (sku.name, sku.price, sku.cost) == ("Shirt Blue XL", 20, 8)
    assert [row.location for row in Listing.objects.filter(sku=sku)] == [shop.here]


def test_all_that_are_missing_are_made_once(manager, shirt):
    address = reverse("inventory:make_variants", args=[shirt.style.pk])
    for _again in range(2):
        manager.post(address, {"all": "1"})
    assert Sku.objects.filter(code__startswith="SHIRT-").count() == 6


def test_a_code_that_is_taken_makes_none_of_them(manager, shirt):
    Sku.objects.create(code="SHIRT-BLUE-S", name="Old", created_at=shirt.style.created_at)
    page = manager.post(reverse("inventory:make_variants", args=[shirt.style.pk]), {"all": "1"}, follow=True)
    assert "belongs to another SKU" in page.content.decode()
    assert Variant.objects.count() == 3


def test_a_card_is_put_into_a_free_cell_only(manager, shirt, shop):
    def choose(colour, size):
        values = {"style": shirt.style.pk, "value_1": shirt.value[colour].pk, "value_2": shirt.value[size].pk}
        card = {"name": "Brown bread", "unit": "each", "price": "1", "cost": "1", "is_active": "on", "parts": "1"}
        return manager.post(reverse("inventory:sku_edit", args=[shop.bread.pk]), {**card, **values})

    assert "SHIRT-RED-S is that variant already" in choose("Red", "S").content.decode()
    assert choose("Blue", "S").status_code == 302
    assert Variant.objects.get(sku=shop.bread).first.name == "Blue"


@pytest.mark.parametrize("role", [Role.STAFF, Role.PURCHASER])
def test_others_look_but_do_not_change(as_role, shirt, role):
    client = as_role(role)
    assert page_of(client, shirt.style).status_code == 200
    assert client.get(reverse("inventory:new_style")).status_code == 403
    assert client.post(reverse("inventory:make_variants", args=[shirt.style.pk]), {"all": "1"}).status_code == 403


def test_values_without_a_name_and_a_value_twice_are_told_by_what_was_typed(manager, shop):
    page = manager.post(reverse("inventory:new_style"), {**CARD, "axis_1": "", "axis_2": ""}).content.decode()
    assert "Say what “Red, Blue” are" in page
    page = manager.post(reverse("inventory:new_style"), {**CARD, "values_2": "S, M, m"}).content.decode()
    assert "Size has a value twice: m." in page
    assert 'value="S, M, m"' in page


def test_making_the_ticked_ones_with_none_ticked_says_so(manager, shirt):
    address = reverse("inventory:make_variants", args=[shirt.style.pk])
    before = Variant.objects.count()
    page = manager.post(address, {}, follow=True).content.decode()
    assert "No cell is ticked." in page
    assert Variant.objects.count() == before


def test_the_list_counts_each_variant_once_for_staff_too(staff, manager, shirt):
    count = Variant.objects.filter(style=shirt.style).count()
    assert count > 1
    for client in (staff, manager):
        rows = client.get(reverse("inventory:styles")).context["page"].object_list
        assert [row.variant_count for row in rows] == [count]
