"""What a plan rounds up to has a limit, so that one slip of some digits does not end the plan of a whole place."""

from decimal import Decimal

import pytest

from accounts.errors import InvalidInput
from inventory.domain.movements import PLANNED_LIMIT
from orders.models import PolicyRule, ReplenishmentProposal
from orders.services.policy import Scope, Targets, set_rule
from suppliers.models import SupplierTerms
from suppliers.services.terms import Terms, set_terms
from tests.orders.conftest import NOW

MORE = PLANNED_LIMIT + Decimal("0.001")


def agree(firm, **fields):
    terms = Terms(**{"price": Decimal(2), "pack_size": Decimal(6), **fields})
    set_terms(supplier_id=firm.acme.pk, sku_id=firm.tea.pk, terms=terms, actor=None, now=NOW)


def rule(firm, **fields):
    set_rule(scope=Scope(sku_id=firm.tea.pk), targets=Targets(**fields), actor=None, now=NOW)


@pytest.mark.parametrize("field", ["pack_size", "minimum_quantity"])
def test_terms_beyond_it_are_refused_by_name(firm, field):
    with pytest.raises(InvalidInput, match="At most 100000000 units") as refusal:
        agree(firm, **{field: MORE})
    assert [row["field"] for row in refusal.value.details] == [field]
    assert SupplierTerms.objects.get(supplier=firm.acme, sku=firm.tea).minimum_quantity == 0


@pytest.mark.parametrize("fields", [{"presentation": MORE}, {"maximum": MORE}, {"minimum": MORE, "maximum": MORE}])
def test_rules_beyond_it_are_refused_by_name(firm, fields):
    with pytest.raises(InvalidInput) as refusal:
        rule(firm, **fields)
    assert {row["field"] for row in refusal.value.details} == set(fields)
    assert not PolicyRule.objects.exists()


def test_at_the_limit_the_place_is_still_planned(firm, plan):
    agree(firm, pack_size=PLANNED_LIMIT - 1, minimum_quantity=PLANNED_LIMIT)
    rule(firm, presentation=PLANNED_LIMIT)
    plan()
    found = dict(ReplenishmentProposal.objects.values_list("sku__code", "quantity"))
    assert found["tea"] % (PLANNED_LIMIT - 1) == 0 and found["salt"] < 100
