"""What a typed quantity would do, told beside the field before it is kept."""

from decimal import Decimal

import pytest
from django.urls import reverse

from inventory.models import Sku
from orders.selectors.consequence import consequence_of
from tests.orders.conftest import NOW, add_stock
from tests.pages.buying import planned_firm, text_of


@pytest.fixture
def world(db):
    return planned_firm()


def asked(world, quantity):
    return text_of(world.buyer.get(reverse("orders:consequence", args=[world.tea.pk]), {"quantity": quantity}))


def test_cost_cover_and_risk_of_the_typed_quantity(world):
    page = asked(world, "24")
    assert "costs <b>€48.00</b>" in page
    assert "lasts <b>12 days</b>" in page
    few, many = (consequence_of(world.tea, Decimal(units), now=NOW).risk for units in (6, 24))
    assert few > many


def test_what_will_expire_before_it_is_asked_for_is_told(world):
    """Two a day: of 60 units that come after 2 days and keep 8, 20 are asked for until then."""
    assert "will expire" not in asked(world, "60")
    Sku.objects.filter(pk=world.tea.sku_id).update(shelf_life_days=8)
    assert "about <b>40</b> will expire before anybody asks for them: they keep 8 days" in asked(world, "60")
    assert "will expire" not in asked(world, "18")


def test_an_order_that_comes_too_late_says_so_whatever_is_typed(world):
    for quantity in ("6", "600"):
        assert "however much is ordered" in asked(world, quantity)
    add_stock(world.firm.tea, world.firm.shop, 40)
    assert consequence_of(world.tea, Decimal(6), now=NOW).early_risk < Decimal("0.05")
    assert "however much is ordered" not in asked(world, "6")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Type how many units to order."),
        ("0", "must be more than 0"),
        ("-6", "must be more than 0"),
        ("many", "as a number"),
        ("1000000000", "more than can be ordered in one line"),
        ("99999999999999", "more than can be ordered in one line"),
        ("6.0001", "at most three places"),
    ],
)
def test_what_is_no_quantity_is_told_with_its_reason_and_no_figure_shown(world, typed, told):
    page = asked(world, typed)
    assert told in page
    assert "costs" not in page


def test_packs_are_reminded_of(world):
    assert "they deliver in packs of 6" in asked(world, "7")
