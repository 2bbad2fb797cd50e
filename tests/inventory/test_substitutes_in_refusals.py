"""Whatever is refused for want of stock names what may be had there instead, in as many statements for many lines."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from inventory.models import Substitute

APPLE = {"sku": "apple", "quantity": "2"}
OFFERED = [{"sku": "bread", "available": "5"}]


@pytest.fixture
def api(firm, stock):
    """Bread, of which five are at the shop, may be had instead of apple, of which there is none."""
    Substitute.objects.create(sku=firm.apple, substitute=firm.bread, rank=1)
    stock(firm.bread, firm.shop, 5)
    client = APIClient()
    client.force_authenticate(User.objects.create_user("boss", role="manager", sees_all_locations=True))
    keys = iter(range(99))

    def post(path, body=None):
        headers = {"Idempotency-Key": f"k{next(keys)}"}
        return client.post(f"/api/v1/{path}/", body or {}, format="json", headers=headers)

    return SimpleNamespace(post=post)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("sales", {"location": "SHOP", "lines": [APPLE]}),
        ("reservations", {"location": "SHOP", "lines": [APPLE]}),
        ("adjustments", {"location": "SHOP", "reason": "damage", "lines": [{"sku": "apple", "quantity": "-2"}]}),
        ("movements", {"lines": [{"kind": "consumption", "location": "SHOP", **APPLE}]}),
        ("production", {"location": "SHOP", "used": [APPLE]}),
    ],
)
def test_every_act_that_takes_stock_offers_what_is_there(api, path, body):
    refused = api.post(path, body)
    assert refused.status_code == 409, refused.json()
    assert refused.json()["errors"][0]["substitutes"] == OFFERED


def test_a_transfer_that_cannot_be_shipped_does_too(api):
    draft = api.post("transfers", {"source": "SHOP", "destination": "DEPOT", "lines": [APPLE]}).json()
    refused = api.post(f"transfers/{draft['id']}/ship")
    assert refused.status_code == 409
    assert refused.json()["errors"][0]["substitutes"] == OFFERED


def test_a_reservation_that_finds_too_little_elsewhere_does_too(api, firm, stock):
    stock(firm.apple, firm.depot, 2)
    (row,) = api.post("reservations", {"location": "DEPOT", "lines": [APPLE]}).json()["reservations"]
    refused = api.post(f"reservations/{row['id']}/reassign", {"location": "SHOP"})
    assert refused.status_code == 409
    assert refused.json()["errors"][0]["substitutes"] == OFFERED


def test_many_short_lines_take_no_more_statements_than_one(api, firm, tools):
    others = [tools.make_sku(f"s{number}") for number in range(20)]
    Substitute.objects.bulk_create(Substitute(sku=sku, substitute=firm.bread, rank=1) for sku in others)

    def statements(lines):
        with CaptureQueriesContext(connection) as done:
            refused = api.post("movements", {"lines": lines})
        assert all(row["substitutes"] == OFFERED for row in refused.json()["errors"])
        return len(done), len(refused.json()["errors"])

    one = {"kind": "consumption", "location": "SHOP", "quantity": "2"}
    few, _count = statements([{**one, "sku": "s0"}])
    assert statements([{**one, "sku": sku.code} for sku in others]) == (few, 20)


def test_a_substitute_of_another_place_is_not_offered(api, firm, stock, tools):
    far = tools.make_sku("far")
    Substitute.objects.create(sku=firm.rice, substitute=far, rank=1)
    stock(far, firm.depot, 9)
    refused = api.post("reservations", {"location": "SHOP", "lines": [{"sku": "rice", "quantity": "1"}]})
    assert refused.json()["errors"][0]["substitutes"] == []


def test_a_kit_is_refused_with_what_may_be_had_instead_of_the_kit(api, firm, tools):
    from_parts = tools.make_sku("kit", is_kit=True)
    from_parts.kit_parts.create(part=firm.apple, quantity=1)
    Substitute.objects.create(sku=from_parts, substitute=firm.bread, rank=1)
    Substitute.objects.filter(sku=firm.apple).delete()
    refused = api.post("sales", {"location": "SHOP", "lines": [{"sku": "kit", "quantity": "1"}]})
    assert refused.json()["errors"][0]["substitutes"] == OFFERED
