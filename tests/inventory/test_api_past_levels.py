"""What was on hand at a moment that has passed, and movements of one place, for programs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from inventory.models import LocationAccess
from inventory.services.sales import GoodsLine, sell

ADDRESS = "/api/v1/stock-levels/as-of/"


@pytest.fixture
def client(firm, stock, tools):
    """A clerk of the shop: 10 apples came in, 4 were sold an hour later."""
    stock(firm.apple, firm.shop, 10)
    stock(firm.apple, firm.other, 5)
    later = tools.NOW + timedelta(hours=1)
    sell(location=firm.shop, lines=[GoodsLine(firm.apple.pk, Decimal(4))], key=None, user=None, now=later)
    user = User.objects.create_user("clerk", role="staff")
    LocationAccess.objects.create(user=user, location=firm.shop)
    found = APIClient()
    found.force_authenticate(user)
    return found


def ask(client, firm, moment, **change):
    return client.get(ADDRESS, {"location": firm.shop.code, "sku": [firm.apple.code], "at": moment} | change)


@pytest.mark.parametrize(("hours", "on_hand"), [(-30 * 24, "0"), (0.5, "10"), (1, "6")])
def test_the_level_is_the_one_after_the_last_movement_up_to_the_moment(client, firm, tools, hours, on_hand):
    answer = ask(client, firm, (tools.NOW + timedelta(hours=hours)).isoformat())
    assert answer.status_code == 200, answer.json()
    assert [(row["sku"], Decimal(row["on_hand"])) for row in answer.json()] == [(firm.apple.code, Decimal(on_hand))]


def test_a_moment_to_come_an_unknown_sku_and_a_foreign_place_are_named(client, firm, tools):
    now = tools.NOW.isoformat()
    for change, field in (
        ({"at": "2999-01-01T00:00:00Z"}, "at"),
        ({"at": "yesterday"}, "at"),
        ({"sku": ["nothing"]}, "sku"),
        ({"location": firm.other.code}, "location"),
    ):
        answer = ask(client, firm, now, **change)
        assert answer.status_code == 400
        assert field in str(answer.json())


def test_movements_of_one_place_are_listed_without_those_of_others(client, firm):
    mine = client.get("/api/v1/movements/", {"location": firm.shop.code}).json()["results"]
    assert len(mine) == 2
    assert client.get("/api/v1/movements/", {"location": firm.other.code}).json()["results"] == []
