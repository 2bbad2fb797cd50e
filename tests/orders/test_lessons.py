"""A rejection that teaches: the rule of this SKU at this place, one step from what holds there now."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.errors import InvalidInput
from orders.models import Outcome, PolicyRule, ReorderLevel, ReplenishmentProposal
from orders.services.decisions import reject_proposal
from orders.services.policy import Scope, Targets, set_rule
from tests.orders.conftest import AS_OF, NOW
from tests.pages.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea(firm, plan):
    plan()
    return ReplenishmentProposal.objects.get(sku=firm.tea)


def reject(proposal, lesson):
    reject_proposal(proposal_id=proposal.pk, note="Too much", user=None, now=NOW, lesson=lesson)
    return PolicyRule.objects.get(sku=proposal.sku, location=proposal.location)


def rule(targets, **scope):
    set_rule(scope=Scope(**scope), targets=targets, actor=None, now=NOW)


def test_stop_is_final_until_somebody_changes_the_rule(firm, plan, tea):
    assert reject(tea, "stop").is_stopped
    plan(as_of=AS_OF + timedelta(days=2), now=NOW + timedelta(days=2))
    assert ReorderLevel.objects.get(sku=firm.tea).outcome == Outcome.STOPPED
    assert not ReplenishmentProposal.objects.filter(sku=firm.tea, state="open").exists()
    assert ReplenishmentProposal.objects.filter(sku=firm.salt, state="open").exists()


def test_less_sure_doubles_the_risk_and_lowers_the_reorder_point(firm, plan, tea):
    before = ReorderLevel.objects.get(sku=firm.tea).reorder_point
    assert reject(tea, "less_sure").cycle_service_level == Decimal("0.900")
    plan(now=NOW + timedelta(minutes=1))
    assert ReorderLevel.objects.get(sku=firm.tea).reorder_point < before


def test_it_starts_from_the_rule_that_holds_there_and_keeps_the_rest(firm, plan):
    rule(Targets(cycle_service_level=Decimal("0.99"), lot_days=20, review_period_days=3), category_id=firm.category.pk)
    plan()
    tea = ReplenishmentProposal.objects.get(sku=firm.tea)
    taught = reject(tea, "smaller_lots")
    assert (taught.lot_days, taught.cycle_service_level, taught.review_period_days) == (10, Decimal("0.99"), 3)


def test_a_lot_that_follows_from_its_cost_is_halved_by_a_quarter_of_it(firm, plan):
    rule(Targets(ordering_cost=Decimal(8)), location_id=firm.shop.pk)
    plan()
    assert reject(ReplenishmentProposal.objects.get(sku=firm.tea), "smaller_lots").ordering_cost == 2


@pytest.mark.parametrize(
    ("targets", "lesson"),
    [(Targets(lot_days=1), "smaller_lots"), (Targets(target="economic"), "less_sure"), (Targets(), "dance")],
)
def test_what_cannot_be_learned_rejects_nothing(firm, plan, targets, lesson):
    rule(targets, location_id=firm.shop.pk)
    plan()
    tea = ReplenishmentProposal.objects.get(sku=firm.tea)
    with pytest.raises(InvalidInput):
        reject(tea, lesson)
    tea.refresh_from_db()
    assert tea.state == "open"


def test_without_a_lesson_no_rule_is_made(tea):
    reject_proposal(proposal_id=tea.pk, note="Not now", user=None, now=NOW)
    assert not PolicyRule.objects.exists()


def test_it_is_chosen_on_the_page(firm, tea):
    buyer = signed_in(firm.buyer)
    assert "Never propose it here again" in buyer.get(reverse("orders:proposal", args=[tea.pk])).content.decode()
    typed = {"note": "No", "snooze_days": "7", "lesson": "stop"}
    buyer.post(reverse("orders:reject", args=[tea.pk]), typed)
    assert PolicyRule.objects.get().is_stopped
