"""A rule for a category holds for what lies in it, and the nearest one wins."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.domain.category_tree import CategoryTree
from inventory.models import Category
from orders.domain.policy import DEFAULT, Policy, Rules
from orders.models import ReorderLevel, ReplenishmentProposal
from orders.selectors.inbox import InboxFilter, open_proposals
from orders.selectors.rules import load_rules
from orders.selectors.why import why
from orders.services.policy import Scope, Targets, set_rule
from tests.orders.conftest import NOW

N = None
# Green tea (3) lies in tea (2), that in drinks (1); crisps (9) lie elsewhere.
TREE = CategoryTree({1: None, 2: 1, 3: 2, 9: None}, {1: "Drinks", 2: "Tea", 3: "Green tea", 9: "Crisps"})
GREEN = (7, 3, 5, "A", "X", 4)


@pytest.mark.parametrize(
    ("keys", "winner"),
    [
        ([(N, 1, N, N, N, N)], 0),
        ([(N, 1, N, N, N, N), (N, 2, N, N, N, N)], 1),
        ([(N, 2, N, N, N, N), (N, 3, N, N, N, N)], 1),
        # The nearer category wins over one farther away that names more besides.
        ([(N, 1, 5, N, N, 4), (N, 2, N, N, N, N)], 1),
        ([(N, 2, N, N, N, 4), (N, 2, N, N, N, N)], 0),
        ([(7, N, N, N, N, N), (N, 3, N, N, N, N)], 0),
        ([(N, 9, N, N, N, N), (N, N, N, N, N, 4)], 1),
        ([(N, 9, N, N, N, N)], None),
    ],
)
def test_the_nearest_category_wins(keys, winner):
    rules = {key: Policy(lot_days=index + 10) for index, key in enumerate(keys)}
    assert Rules(rules, TREE).of(GREEN).lot_days == (DEFAULT if winner is None else rules[keys[winner]]).lot_days


def test_it_says_on_which_way_the_rule_came():
    rules = Rules({(N, 1, N, N, N, N): Policy(title="Drinks")}, TREE)
    assert rules.of(GREEN).through == "Drinks › Tea › Green tea"
    assert rules.of((7, 1, 5, "A", "X", 4)).through == ""
    assert rules.of(GREEN) is rules.of((8, 3, N, N, N, 4))


def test_a_ring_of_categories_ends():
    ring = CategoryTree({1: 2, 2: 1})
    assert ring.chain(1) == (1, 2)
    assert Rules({(N, 9, N, N, N, N): Policy()}, ring).of((1, 1, N, N, N, N)) is DEFAULT


@pytest.fixture
def above(firm):
    above = Category.objects.create(code="ABOVE", name="Above")
    firm.category.parent = above
    firm.category.save()
    return above


def rule(level, **scope):
    targets = Targets(cycle_service_level=Decimal(level))
    return set_rule(scope=Scope(**scope), targets=targets, actor=None, now=NOW)


@pytest.mark.django_db
def test_a_plan_follows_the_category_above_and_says_so(firm, plan, above):
    kept = rule("0.99", category_id=above.pk)
    plan()
    level = ReorderLevel.objects.get(sku=firm.tea)
    assert (level.reorder_point, level.rule) == (12, kept)
    lines = ReplenishmentProposal.objects.get(sku=firm.tea, state="open").reason["lines"]
    assert {row[0]: row[1] for row in lines}["through"] == f"Above › {firm.category.name}"
    ReplenishmentProposal.objects.all().delete()
    answer = why(sku=firm.tea, location=firm.shop, now=NOW)
    assert [line.value for line in answer.lines if line.code == "through"] == [f"Above › {firm.category.name}"]
    nearer = rule("0.5", category_id=firm.category.pk)
    plan()
    assert ReorderLevel.objects.get(sku=firm.tea).rule == nearer


@pytest.mark.django_db
def test_the_tree_is_read_only_where_a_rule_names_a_category(firm, above):
    with CaptureQueriesContext(connection) as plain:
        load_rules(firm.shop.pk)
    rule("0.99", category_id=above.pk)
    with CaptureQueriesContext(connection) as with_tree:
        load_rules(firm.shop.pk)
    assert (len(plain), len(with_tree)) == (1, 2)


@pytest.mark.django_db
def test_the_inbox_of_a_category_shows_what_lies_in_it(firm, plan, above):
    plan()
    here = open_proposals(firm.buyer, InboxFilter(category_id=firm.category.pk)).count()
    assert here > 0
    assert open_proposals(firm.buyer, InboxFilter(category_id=above.pk)).count() == here
