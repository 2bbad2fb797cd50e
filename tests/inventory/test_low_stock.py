"""Low stock is found by bands: they never hide a level that is lower than what was asked for."""

from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.models import User
from inventory.domain.bands import band_of
from inventory.models import StockLevel

LEVELS = "/api/v1/stock-levels/"
quantities = st.decimals(Decimal(-20_000), Decimal(20_000), places=3)


@given(one=quantities, other=quantities)
def test_whoever_has_less_is_in_no_higher_band(one, other):
    low, high = sorted([one, other])
    assert band_of(low) <= band_of(high)
    assert (band_of(low) == 0) == (low <= 0)


@pytest.mark.django_db
@pytest.mark.parametrize("quantity", ["0.001", "1", "1.001", "2", "3", "5.5", "10946", "10946.001", "99999"])
def test_the_trigger_counts_as_the_domain_does(firm, stock, quantity):
    stock(firm.rice, firm.shop, quantity)
    assert StockLevel.objects.get(sku=firm.rice).available_band == band_of(Decimal(quantity))


@pytest.fixture
def client(db):
    client = APIClient()
    client.force_authenticate(User.objects.create_user("boss", sees_all_locations=True))
    return client


def codes(client, **query):
    return [row["sku"] for row in client.get(LEVELS, query).json()["results"]]


def test_what_is_below_is_found_and_nothing_else(firm, stock, client):
    stock(firm.apple, firm.shop, 2)
    stock(firm.bread, firm.shop, 3)
    stock(firm.rice, firm.shop, "2.999")
    assert codes(client, available_below="3", location="SHOP") == ["apple", "rice"]
    assert codes(client, available_below="3.001") == ["apple", "bread", "rice"]
    assert codes(client, available_below="2") == codes(client, available_below="9", location="NONE") == []
    assert codes(client, sku="bread") == ["bread"]


def test_reserved_units_are_not_available(firm, stock, client):
    stock(firm.apple, firm.shop, 10)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_stocklevel SET reserved = 8 WHERE on_hand = 10")
    assert codes(client, available_below="3", sku="apple") == ["apple"]
    assert codes(client, available_below="2", sku="apple") == []
