"""Rules: who they hold for, what they change, and who may set them."""

from decimal import Decimal
from uuid import uuid4

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from stockpyl.eoq import economic_order_quantity

from accounts.errors import InvalidInput
from accounts.models import AuditEvent, Role, User
from inventory.models import LocationAccess
from orders.domain.lots import lot_days
from orders.domain.policy import DEFAULT, Policy, Rules
from orders.models import PolicyRule, ReorderLevel
from orders.services.policy import Scope, Targets, drop_rule, set_rule
from tests.orders.conftest import NOW

URL = "/api/v1/policy-rules/"


def rule(level, scope=None):
    targets = Targets(cycle_service_level=Decimal(level))
    return set_rule(scope=scope or Scope(), targets=targets, actor=None, now=NOW)


N = None
TEA = (1, 2, 5, "A", "X", 3)


@pytest.mark.parametrize(
    ("keys", "winner"),
    [
        ([], None),
        ([(N, N, N, N, N, N)], 0),
        ([(N, N, N, N, N, N), (N, N, N, N, N, 3)], 1),
        ([(N, 2, N, N, N, N), (N, N, N, N, N, 3)], 0),
        ([(N, 2, N, N, N, N), (N, 2, N, N, N, 3)], 1),
        ([(1, N, N, N, N, N), (N, 2, N, N, N, 3)], 0),
        ([(N, N, 5, N, N, N), (N, N, N, "A", "X", 3)], 0),
        ([(N, N, N, "A", N, N), (N, N, N, "A", "X", N)], 1),
        ([(N, N, N, N, "X", N), (N, N, N, "B", N, N)], 0),
        ([(9, N, N, N, N, N), (N, 9, N, N, N, N), (N, N, 9, N, N, N), (N, N, N, N, N, 9)], None),
    ],
)
def test_the_most_specific_rule_wins(keys, winner):
    rules = {key: Policy(lot_days=index + 10) for index, key in enumerate(keys)}
    assert Rules(rules).of(TEA) == (DEFAULT if winner is None else rules[keys[winner]])


def test_a_series_without_a_supplier_is_not_ruled_by_one():
    rules = {(N, 2, 5, N, N, N): Policy(lot_days=10), (N, 2, N, N, N, 3): Policy(lot_days=20)}
    assert Rules(rules).of((1, 2, N, "A", "X", 3)).lot_days == 20
    assert Rules(rules).of(TEA).lot_days == 10


def lots(daily, cost, per_line, fixed=7, most=60):
    arrays = [np.array([float(value)]) for value in (daily, cost, per_line, 0.25, fixed, most)]
    names = ("daily_demand", "unit_cost", "ordering_cost", "holding_rate", "fixed_days", "most_days")
    return lot_days(**dict(zip(names, arrays, strict=True)))[0]


@pytest.mark.parametrize(("daily", "cost", "per_line"), [(5, 10, 1), (50, 2, 3), (0.5, 40, 2)])
def test_an_economic_lot_is_the_textbook_quantity(daily, cost, per_line):
    quantity, _cost = economic_order_quantity(per_line, 0.25 * cost, daily * 365)
    assert lots(daily, cost, per_line) == round(quantity / daily)


def test_a_lot_without_ordering_cost_is_fixed_and_spoiling_caps_it():
    assert lots(5, 10, 0, fixed=9) == 9
    assert lots(5, 10, 0, fixed=9, most=4) == 4
    assert lots(0.01, 0.10, 5) == 60
    assert lots(1000, 100, 0.01) == 1
    assert lots(0, 10, 1) == 7


@pytest.mark.django_db
def test_a_rule_changes_the_next_plan(firm, plan):
    rule("0.990")
    plan()
    # The 99% quantile of Poisson(6) is 12.
    assert ReorderLevel.objects.get(sku=firm.tea).reorder_point == 12


@pytest.mark.django_db
def test_an_ordering_cost_changes_the_lot_of_the_next_plan(firm, plan):
    set_rule(scope=Scope(sku_id=firm.tea.pk), targets=Targets(ordering_cost=Decimal(1)), actor=None, now=NOW)
    plan()
    tea = ReorderLevel.objects.get(sku=firm.tea)
    # sqrt(2 * 1 * 730 / 0.5) is 54 units, 27 days of 2.
    assert (tea.lot_days, tea.order_up_to_level - tea.reorder_point) == (27, 54)


@pytest.mark.django_db
def test_a_rule_is_replaced_dropped_and_noted(firm):
    first, second = rule("0.900"), rule("0.980")
    assert (first.pk, second.cycle_service_level) == (second.pk, Decimal("0.98"))
    for _ in range(2):
        drop_rule(rule_id=first.pk, actor=None, now=NOW)
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["policy.created", "policy.changed", "policy.dropped"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cycle_service_level", Decimal("0.4")),
        ("cycle_service_level", Decimal(1)),
        ("review_period_days", 0),
        ("lot_days", 0),
        ("ordering_cost", Decimal(-1)),
        ("holding_rate", Decimal(0)),
    ],
)
def test_odd_targets_are_refused_by_the_service_and_the_database(field, value):
    with pytest.raises(InvalidInput) as refusal:
        set_rule(scope=Scope(), targets=Targets(**{field: value}), actor=None, now=NOW)
    assert refusal.value.details[0]["field"] == field
    if field != "lot_days":
        with pytest.raises(IntegrityError), transaction.atomic():
            PolicyRule.objects.create(**{field: value})


def client_of(role, *places, **fields):
    user = User.objects.create_user(uuid4().hex, role=role, **fields)
    LocationAccess.objects.bulk_create(LocationAccess(user=user, location=place) for place in places)
    client = Client()
    client.force_login(user)
    return client


def send(client, body):
    return client.post(URL, body, content_type="application/json", headers={"Idempotency-Key": uuid4().hex})


def test_the_api_sets_lists_and_drops_rules(firm):
    buyer = client_of(Role.PURCHASER, sees_all_locations=True)
    made = send(buyer, {"category": firm.category.pk, "cycle_service_level": "0.98"})
    assert (made.status_code, made.json()["cycle_service_level"]) == (201, "0.980")
    assert buyer.get(URL).json()["count"] == 1
    one = f"{URL}{made.json()['id']}/"
    assert buyer.delete(one, headers={"If-Match": buyer.get(one)["ETag"]}).status_code == 204
    assert send(buyer, {"cycle_service_level": "0.2"}).status_code == 422


def test_a_local_purchaser_rules_their_own_places_only(firm):
    everywhere = rule("0.900")
    local = client_of(Role.PURCHASER, firm.shop)
    assert send(local, {"location": firm.shop.pk}).status_code == 201
    assert send(local, {"location": firm.other.pk}).status_code == 400
    assert send(local, {}).status_code == 400
    assert local.get(URL).json()["count"] == 2
    assert local.delete(f"{URL}{everywhere.pk}/").status_code == 404


def test_staff_read_rules_and_do_not_set_them(firm):
    staff = client_of(Role.STAFF, firm.shop)
    assert staff.get(URL).status_code == 200
    assert send(staff, {"location": firm.shop.pk}).status_code == 403
