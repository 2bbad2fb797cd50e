"""Why this number, and why nothing, for any SKU."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from inventory.models import Listing, Sku, Substitute
from inventory.services.listings import list_skus
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine
from orders.models import Budget, PolicyRule, ReplenishmentProposal
from orders.selectors.why import why
from orders.services.decisions import approve_proposals, reject_proposal
from tests.orders.conftest import NOW, TODAY, add_stock, make_sku

pytestmark = pytest.mark.django_db


def ask(firm, sku, now=NOW):
    sku.refresh_from_db()
    return why(sku=sku, location=firm.shop, now=now)


def values(answer):
    return {line.code: line.value for line in answer.lines}


def test_each_line_of_a_proposal_says_what_it_is_and_where_it_comes_from(firm, plan):
    add_stock(firm.tea, firm.shop, 5)
    plan()
    answer = ask(firm, firm.tea)
    seen = values(answer)
    assert answer.code == "proposed"
    assert (seen["on_hand"], seen["position"], seen["reorder_point"], seen["order_up_to_level"]) == (5, 5, 10, 24)
    assert (seen["interval_demand"], seen["safety_stock"], seen["need"], seen["pack_size"]) == (6, 4, 19, 6)
    assert (seen["quantity"], seen["supplier"], seen["unit_price"]) == (24, "Acme", 2)
    assert {line.source for line in answer.lines} >= {"ledger", "promise", "rule", "forecast", "terms", "sum"}


def test_enough(firm, plan):
    add_stock(firm.tea, firm.shop, 11)
    plan()
    answer = ask(firm, firm.tea)
    assert (answer.code, values(answer)["position"], values(answer)["reorder_point"]) == ("enough", 11, 10)


@pytest.mark.parametrize(("room", "said"), [(5, "though it may run out"), (8, "there is enough")])
def test_what_is_enough_only_for_the_shelf_is_not_called_enough(firm, plan, room, said):
    """6 are asked for until the next delivery."""
    PolicyRule.objects.create(sku=firm.tea, location=firm.shop, capacity=Decimal(room))
    add_stock(firm.tea, firm.shop, room + 1)
    plan()
    answer = ask(firm, firm.tea)
    assert (answer.code, values(answer)["reorder_point"]) == ("enough", room)
    assert said in answer.answer


def test_after_the_approval_the_order_counts(firm, plan):
    plan()
    proposal = ReplenishmentProposal.objects.get(sku=firm.tea)
    approve_proposals(proposal_ids=[proposal.pk], user=None, now=NOW)
    answer = ask(firm, firm.tea)
    assert (answer.code, values(answer)["on_order"]) == ("enough", 24)


def test_not_enough_data(firm, plan):
    plan()
    answer = ask(firm, firm.soap)
    assert answer.code == "no_forecast"
    assert "reorder_point" not in values(answer)


def test_a_rejection_says_until_when_and_why(firm, plan):
    plan()
    proposal = ReplenishmentProposal.objects.get(sku=firm.tea)
    reject_proposal(proposal_id=proposal.pk, note="Festival is over", user=None, now=NOW, snooze_days=9)
    # At once, and after a plan that knows of it.
    for look in (lambda: None, plan):
        look()
        answer = ask(firm, firm.tea)
        assert (answer.code, answer.note) == ("snoozed", "Festival is over")
        assert answer.snoozed_until == TODAY + timedelta(days=9)


def test_what_a_budget_holds_back_is_not_said_to_be_ordered(firm, plan):
    plan()
    budget = Budget.objects.create(
        name="Tea", period="week", starts_on=TODAY, amount=1, created_at=NOW, author=firm.buyer
    )
    held = ReplenishmentProposal.objects.filter(sku=firm.tea)
    held.update(cut_quantity=6, cut_by=budget, cut_cost=1)
    assert "an order is proposed" in ask(firm, firm.tea).answer
    held.update(cut_quantity=0)
    answer = ask(firm, firm.tea)
    assert answer.code == "proposed" and "a budget holds all of it back" in answer.answer


def test_nothing_for_what_the_night_does_not_look_at(firm):
    listing = Listing.objects.get(sku=firm.tea)
    assert ask(firm, firm.tea).code == "not_planned"
    listing.listed_on = date(2026, 5, 1)
    listing.save()
    assert ask(firm, firm.tea).code == "not_yet_listed"
    Listing.objects.filter(pk=listing.pk).update(listed_on=date(2026, 1, 1), delisted_on=TODAY)
    assert ask(firm, firm.tea).code == "delisted"
    assert ask(firm, make_sku("other")).code == "not_listed"
    Sku.objects.filter(pk=firm.tea.pk).update(is_active=False)
    assert ask(firm, firm.tea).code == "inactive"


def test_a_rule_that_stops_it(firm, plan):
    PolicyRule.objects.create(category=firm.category, is_stopped=True)
    plan()
    assert ask(firm, firm.tea).code == "stopped"


def test_what_is_out_is_answered_with_what_may_be_had_instead(firm, plan):
    plan()
    out, other = make_sku("out"), make_sku("other")
    Substitute.objects.create(sku=out, substitute=other, rank=1)
    list_skus(sku_ids=[out.pk], location_ids=[firm.shop.pk], listed_on=NOW.date(), now=NOW)
    goods = [GoodsLine(other.pk, Decimal(4))]
    receive_goods(location=firm.shop, lines=goods, key=None, user=None, now=NOW)
    assert [(offer.code, offer.available) for offer in ask(firm, out).offers] == [("other", 4)]
    add_stock(out, firm.shop, 1)
    assert not ask(firm, out).offers
