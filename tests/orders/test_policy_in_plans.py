"""What rules do to a plan: classes, targets, bounds and phases, each told with the reason."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import InvalidInput
from inventory.models import Sku
from orders.models import Outcome, PolicyRule, ReorderLevel, ReplenishmentProposal
from orders.selectors.why import why
from orders.services.planning import check_reorder
from orders.services.policy import Scope, Targets, set_rule
from tests.orders.conftest import NOW, TODAY, add_stock, make_terms

pytestmark = pytest.mark.django_db


def rule(firm, targets, **scope):
    return set_rule(scope=Scope(**scope), targets=Targets(**targets), actor=None, now=NOW)


def level(sku):
    return ReorderLevel.objects.get(sku=sku)


def quantity(sku):
    found = ReplenishmentProposal.objects.filter(sku=sku, state="open").first()
    return found.quantity if found else None


def reason_of(sku):
    rows = ReplenishmentProposal.objects.get(sku=sku, state="open").reason["lines"]
    return {row[0]: row[1] for row in rows}


def test_the_night_classes_what_it_plans_and_a_check_keeps_the_class(firm, plan):
    plan()
    # Tea asks for 6 a day, salt for 3: of 9 the first 80 % begin with tea and reach into salt.
    assert [level(sku).value_class for sku in (firm.tea, firm.salt, firm.soap)] == ["A", "A", "C"]
    assert level(firm.soap).steadiness == "Z"
    before = level(firm.tea).steadiness
    assert before in "XYZ"
    check_reorder(location_id=firm.shop.pk, sku_ids=[firm.tea.pk], now=NOW)
    assert (level(firm.tea).value_class, level(firm.tea).steadiness) == ("A", before)


def test_a_rule_of_a_class_and_one_of_a_supplier(firm, plan):
    rule(firm, {"cycle_service_level": Decimal("0.99")}, value_class="A")
    plan()
    assert level(firm.tea).reorder_point == 12
    kept = rule(firm, {"cycle_service_level": Decimal("0.5")}, supplier_id=firm.acme.pk)
    plan()
    assert (level(firm.tea).reorder_point, level(firm.tea).rule) == (6, kept)
    assert reason_of(firm.tea)["rule"] == "Acme"


def test_minimum_and_maximum_hold_without_a_forecast(firm, plan):
    rule(firm, {"target": "min_max", "minimum": Decimal(4), "maximum": Decimal(10)}, sku_id=firm.soap.pk)
    add_stock(firm.soap, firm.shop, 4)
    plan()
    assert (level(firm.soap).outcome, quantity(firm.soap)) == (Outcome.PROPOSED, 6)
    assert reason_of(firm.soap)["maximum_level"] == "10.0"
    add_stock(firm.soap, firm.shop, 1)
    plan()
    assert level(firm.soap).outcome == Outcome.ENOUGH


def test_what_is_new_follows_its_numbers_until_there_is_a_forecast(firm, plan):
    new = {"phase": "new", "minimum": Decimal(4), "maximum": Decimal(12)}
    rule(firm, new, category_id=firm.category.pk)
    plan()
    assert quantity(firm.soap) == 12
    assert (level(firm.tea).reorder_point, level(firm.tea).order_up_to_level) == (10, 24)


def test_the_end_of_life_buys_nothing_and_says_so(firm, plan):
    rule(firm, {"phase": "end_of_life"}, sku_id=firm.tea.pk)
    plan()
    assert level(firm.tea).outcome == Outcome.ENDING
    assert why(sku=firm.tea, location=firm.shop, now=NOW).code == Outcome.ENDING


def test_a_phase_out_buys_what_is_still_sold_and_never_a_pack_more(firm, plan):
    ending = {"phase": "phase_out", "ends_on": TODAY + timedelta(days=6)}
    rule(firm, ending, sku_id=firm.tea.pk)
    plan()
    # 14 are asked for in 7 days; packs of 6.
    assert quantity(firm.tea) == 12
    assert reason_of(firm.tea)["phase_out"] == "7"
    assert reason_of(firm.tea)["packs_down"] == "6.000"


@pytest.mark.parametrize(("capacity", "bought"), [(30, 24), (20, 18), (5, None)])
def test_no_more_is_bought_than_has_room(firm, plan, capacity, bought):
    rule(firm, {"capacity": Decimal(capacity)}, sku_id=firm.tea.pk)
    plan()
    assert quantity(firm.tea) == bought
    if bought is None:
        assert why(sku=firm.tea, location=firm.shop, now=NOW).code == Outcome.NO_ROOM


def test_what_spoils_is_rounded_down_but_never_below_a_pack(firm, plan):
    Sku.objects.filter(pk=firm.tea.pk).update(shelf_life_days=3)
    plan()
    assert quantity(firm.tea) == 12
    assert {"need", "packs_down"} <= reason_of(firm.tea).keys()
    firm.acme.terms.filter(sku=firm.tea).update(pack_size=Decimal(40))
    plan()
    assert quantity(firm.tea) == 40
    assert "pack_size" in reason_of(firm.tea)


def test_a_fill_rate_says_which_certainty_follows(firm, plan):
    rule(firm, {"target": "fill", "fill_rate": Decimal("0.99")}, sku_id=firm.tea.pk)
    plan()
    lines = reason_of(firm.tea)
    assert "service_level" not in lines
    assert 0.5 < float(lines["certainty"]) < 1
    assert lines["fill_rate"] == "0.99"


def test_why_nothing_names_the_rule_of_a_level_without_a_proposal(firm, plan):
    rule(firm, {"capacity": Decimal(20)}, sku_id=firm.tea.pk)
    add_stock(firm.tea, firm.shop, 30)
    plan()
    lines = {line.code: line.value for line in why(sku=firm.tea, location=firm.shop, now=NOW).lines}
    assert (lines["rule"], lines["capacity"], lines["classes"][0]) == ("Name of tea", 20, "A")


@pytest.mark.parametrize(
    ("targets", "field"),
    [
        ({"target": "min_max", "maximum": Decimal(3)}, "minimum"),
        ({"target": "min_max", "minimum": Decimal(4), "maximum": Decimal(3)}, "maximum"),
        ({"phase": "new"}, "minimum"),
        ({"phase": "phase_out"}, "ends_on"),
        ({"target": "fill", "fill_rate": Decimal(1)}, "fill_rate"),
        ({"presentation": Decimal(9), "capacity": Decimal(8)}, "capacity"),
        ({"disappointment": Decimal(-1)}, "disappointment"),
        ({"target": "guess"}, "target"),
    ],
)
def test_what_does_not_belong_together_is_refused(firm, targets, field):
    with pytest.raises(InvalidInput) as refusal:
        rule(firm, targets)
    assert refusal.value.details[0]["field"] == field
    if field != "capacity":
        with pytest.raises(IntegrityError), transaction.atomic():
            PolicyRule.objects.create(**targets)


def test_a_supplier_of_second_choice_does_not_rule(firm, plan):
    make_terms(firm.best, firm.tea, priority=2)
    rule(firm, {"is_stopped": True}, supplier_id=firm.best.pk)
    plan()
    assert level(firm.tea).outcome == Outcome.PROPOSED
