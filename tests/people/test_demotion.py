"""Whose new role approves nothing lends nothing and stands in for nobody, and that does not come back with the role."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from accounts.errors import InvalidInput
from accounts.models import AuditEvent
from orders.models import AutoApprovalRule, Delegation
from orders.selectors.approvals import givers_of
from orders.services.delegations import delegate
from people.services.people import change_person
from tests.people.conftest import NOW, client_of

TODAY = NOW.date()


def change(house, who, role, actor="boss"):
    return change_person(person_id=getattr(house, who).pk, changes={"role": role}, actor=getattr(house, actor), now=NOW)


def lend(giver, taker, ends_on=TODAY + timedelta(days=5)):
    return delegate(giver=giver, taker=taker, starts_on=TODAY, ends_on=ends_on, actor=giver, now=NOW, today=TODAY)


@pytest.mark.parametrize(("giver", "taker", "other"), [("pat", "chief", "Chief"), ("chief", "pat", "Chief")])
def test_what_they_lend_and_take_ends_and_is_told(house, giver, taker, other):
    lend(getattr(house, giver), getattr(house, taker))
    left = change(house, "pat", "staff")
    assert (left.person.role, left.standing_in) == ("staff", [other])
    assert Delegation.objects.get().ended_at == NOW
    assert AuditEvent.objects.filter(action="delegation.ended", actor=house.boss).count() == 1


def test_it_does_not_come_back_with_the_role(house):
    lend(house.pat, house.chief)
    change(house, "pat", "staff")
    change(house, "pat", "purchaser")
    assert givers_of(house.chief, TODAY) == []


def test_a_role_that_approves_as_well_goes_on_lending_at_its_own_limit(house):
    lend(house.pat, house.chief)
    assert not change(house, "pat", "manager").standing_in
    assert [giver.role for giver in givers_of(house.chief, TODAY)] == ["manager"]


def test_rules_in_their_name_are_told_where_the_new_role_buys_nothing(house):
    AutoApprovalRule.objects.create(
        name="Small orders", author=house.pat, order_up_to=Decimal(5), daily_cap=Decimal(9), created_at=NOW
    )
    assert not change(house, "pat", "administrator").rules
    assert change(house, "pat", "manager").rules == ["Small orders"]
    assert AutoApprovalRule.objects.get().is_active


def test_the_page_says_what_ended(house):
    lend(house.pat, house.chief)
    client, address = client_of(house.boss), reverse("people:person", args=[house.pat.pk])
    with time_machine.travel(NOW, tick=False):
        page = client.get(address)
        form = page.context["form"]
        body = {name: form[name].value() or "" for name in form.fields if name != "locations"}
        body["version"] = page.context["version"]
        said = client.post(address, {**body, "role": "staff"}, follow=True).content.decode()
    assert "Saved." in said and "Standing in has ended with: Chief" in said


def test_a_refused_change_ends_nothing(house):
    lend(house.boss, house.chief)
    with pytest.raises(InvalidInput):
        change_person(person_id=house.boss.pk, changes={"role": "no such role"}, actor=house.chief, now=NOW)
    assert Delegation.objects.get().ended_at is None
