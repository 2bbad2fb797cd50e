"""Who waits for a lock decides on the row as it is then, with the supplier and the author that it has by then, and on
people as they are by then."""

import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction

from accounts.errors import DomainError, InvalidInput
from accounts.models import Role
from orders.locks import lock_auto_rule, lock_proposals
from orders.models import Delegation, PurchaseOrder
from orders.services.auto_approval import AutoConditions, set_auto_rule, switch_auto_rule
from orders.services.auto_run import AutoApproval, approve_by_rules
from orders.services.decisions import approve_proposals
from orders.services.delegations import delegate
from people.services.activity import deactivate_person
from people.services.people import change_person
from tests.orders.conftest import NOW, TODAY, ask_for, make_person, set_limits
from tests.orders.test_at_once import wait_until_somebody_waits_for_us

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = AutoConditions(name="Small", order_up_to=Decimal(100), daily_cap=Decimal(100))


def while_we_hold(change, act):
    """`act` begins while what `change` did is not committed yet, and waits for it; what it answers."""
    answers = []

    def run():
        try:
            answers.append(act())
        except DomainError as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    other = threading.Thread(target=run)
    with transaction.atomic():
        change()
        other.start()
        wait_until_somebody_waits_for_us()
    other.join(timeout=20)
    return answers[0]


@pytest.fixture
def firm(committed_firm):
    set_limits(None)
    committed_firm.asked = ask_for(committed_firm, committed_firm.tea, 60)
    committed_firm.rule = set_auto_rule(conditions=SMALL, author=committed_firm.buyer, now=NOW)
    committed_firm.second = make_person("second")
    return committed_firm


def take_over(firm):
    """Whoever changes a rule becomes its author."""
    lock_auto_rule(firm.rule.pk)
    set_auto_rule(conditions=SMALL, author=firm.second, now=NOW, rule_id=firm.rule.pk)


def test_a_rule_that_got_a_new_author_approves_in_their_name(firm):
    done = while_we_hold(lambda: take_over(firm), lambda: approve_by_rules(location_ids=[firm.shop.pk], now=NOW))
    assert done == AutoApproval(orders=1, proposals=1)
    assert PurchaseOrder.objects.get().created_by == firm.second


def test_a_rule_that_got_a_new_author_can_be_switched_off(firm):
    rule = while_we_hold(
        lambda: take_over(firm),
        lambda: switch_auto_rule(rule_id=firm.rule.pk, is_active=False, actor=firm.buyer, now=NOW),
    )
    assert (rule.is_active, rule.author) == (False, firm.second)


def test_an_approval_buys_of_the_supplier_that_a_plan_has_just_chosen(firm):
    def choose_another():
        (proposal,) = lock_proposals([firm.asked.pk])
        proposal.supplier = firm.best
        proposal.save(update_fields=["supplier"])

    approval = while_we_hold(
        choose_another, lambda: approve_proposals(proposal_ids=[firm.asked.pk], user=firm.buyer, now=NOW)
    )
    assert [order.supplier for order in approval.orders] == [firm.best]


def test_a_rule_leaves_what_a_plan_has_just_given_to_a_supplier_it_does_not_name(firm):
    set_auto_rule(
        conditions=AutoConditions(
            name="Acme", order_up_to=Decimal(100), daily_cap=Decimal(100), supplier_id=firm.acme.pk
        ),
        author=firm.buyer, now=NOW, rule_id=firm.rule.pk,
    )  # fmt: skip

    def choose_another():
        (proposal,) = lock_proposals([firm.asked.pk])
        proposal.supplier = firm.best
        proposal.save(update_fields=["supplier"])

    done = while_we_hold(choose_another, lambda: approve_by_rules(location_ids=[firm.shop.pk], now=NOW))
    assert done == AutoApproval(orders=0, proposals=0)


def switch_off(person):
    deactivate_person(person_id=person.pk, actor=None, now=NOW)


def demote(person):
    change_person(person_id=person.pk, changes={"role": Role.STAFF}, actor=None, now=NOW)


@pytest.mark.parametrize("leave", [switch_off, demote])
@pytest.mark.parametrize("leaver", ["giver", "taker"])
def test_nobody_lends_to_or_from_a_person_who_is_just_losing_the_right(committed_firm, leaver, leave):
    """It would hold again as soon as they come back."""
    people = {"giver": make_person("mia", Role.MANAGER), "taker": committed_firm.buyer}

    def lend():
        return delegate(**people, starts_on=TODAY, ends_on=TODAY, actor=people["giver"], now=NOW, today=TODAY)

    refused = while_we_hold(lambda: leave(people[leaver]), lend)
    assert isinstance(refused, InvalidInput)
    assert [detail["field"] for detail in refused.details] == [leaver]
    assert not Delegation.objects.exists()
