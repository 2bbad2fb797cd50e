"""The ledger of one place is a short walk, page by page the same as a look at every movement."""

import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import User
from inventory.models import Movement
from inventory.selectors.ledger import LAST_ID, NEWEST_AT, ledger_rows, newest_at
from inventory.services.posting import post_movements


@pytest.fixture
def boss(db):
    return User.objects.create_user("boss", role="administrator", sees_all_locations=True)


@pytest.fixture
def shipped(firm, stock, tools):
    """Five receipts at the shop, then as many at the other shop, then two from the shop to the other."""
    for place in (firm.shop, firm.other):
        for number in range(5):
            stock(firm.apple, place, 1 + number)
    for _number in range(2):
        line = tools.line(firm.apple, firm.shop, firm.other, 1)
        post_movements(lines=[line], kind="transfer", key=None, now=tools.NOW)
    return firm


def slow_ids(place):
    """The readable twin: every movement is looked at."""
    touched = [row.pk for row in Movement.objects.all() if place.pk in (row.source_id, row.destination_id)]
    return sorted(touched, reverse=True)


def test_a_walk_finds_what_left_and_what_came(shipped):
    for place in (shipped.shop, shipped.other, shipped.depot):
        everything = slow_ids(place)
        assert newest_at(place.pk, before=None, limit=50) == everything
        assert newest_at(place.pk, before=None, limit=3) == everything[:3]
        before = everything[3] if everything else 0
        assert newest_at(place.pk, before=before, limit=2) == everything[4:6]


def test_pages_of_the_page_and_of_the_api_are_those_of_the_slow_twin(shipped, boss):
    first = ledger_rows(boss, location_id=shipped.shop.pk, limit=4)
    second = ledger_rows(boss, location_id=shipped.shop.pk, limit=4, before=first.next_before)
    assert [row.pk for row in first.rows + second.rows] == slow_ids(shipped.shop)
    client = APIClient()
    client.force_authenticate(user=boss)
    seen, address = [], "/api/v1/movements/?location=SHOP&page_size=2"
    while address:
        answer = client.get(address).json()
        seen += [row["id"] for row in answer["results"]]
        address = answer["next"]
    assert seen == slow_ids(shipped.shop)
    back = client.get(client.get("/api/v1/movements/?location=SHOP&page_size=2").json()["next"]).json()["previous"]
    assert [row["id"] for row in client.get(back).json()["results"]] == seen[:2]


MANY_ELSEWHERE = """
INSERT INTO inventory_movement (posting_id, line, kind, sku_id, source_id, destination_id, quantity, occurred_at,
    business_date)
SELECT posting_id, 1 + n, kind, sku_id, source_id, destination_id, quantity, occurred_at, business_date
FROM (SELECT * FROM inventory_movement WHERE destination_id = %s LIMIT 1) one, generate_series(1, 5000) n
"""


def test_the_walk_meets_nothing_of_other_places(shipped):
    given = {"place": shipped.shop.pk, "before": LAST_ID, "limit": 5}
    with connection.cursor() as cursor:
        cursor.execute(MANY_ELSEWHERE, [shipped.other.pk])
        cursor.execute("ANALYZE inventory_movement")
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {NEWEST_AT}", given)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Rows Removed" not in plan
    assert "Seq Scan" not in plan
