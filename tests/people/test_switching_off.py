"""Switched off: signed out at once and for good, keys ended, nobody's work lost, and nobody deleted."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.errors import IllegalStateChange, NotAllowed
from accounts.models import ApiKey, AuditEvent, User
from accounts.services.api_keys import create_api_key
from accounts.services.profiles import change_password
from orders.models import AutoApprovalRule, Delegation, PurchaseOrder
from orders.selectors.approvals import awaiting_orders, fault_of, givers_of
from orders.services.approvals import approve_order
from people.services.activity import deactivate_person, reactivate_person
from people.services.passwords import set_password
from suppliers.models import Supplier
from tests.people.conftest import NOW, PASSWORD, client_of, last_event

TODAY = NOW.date()


def switch_off(house, who, actor="boss"):
    return deactivate_person(person_id=getattr(house, who).pk, actor=getattr(house, actor), now=NOW)


def switch_on(house, who, actor="boss"):
    return reactivate_person(person_id=getattr(house, who).pk, actor=getattr(house, actor), now=NOW)


def lend(giver, taker, **fields):
    days = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=5), "created_at": NOW, **fields}
    return Delegation.objects.create(giver=giver, taker=taker, **days)


def waiting_order(house, maker):
    supplier = Supplier.objects.create(code="FARM", name="Farm", currency="USD")
    return PurchaseOrder.objects.create(
        number="PO-1", supplier=supplier, location=house.north, state="awaiting_approval", currency="USD", total=5,
        home_total=Decimal(5), counted_total=Decimal(5), needs_second=True, created_by=maker, submitted_at=NOW,
        ordered_on=TODAY, expected_on=TODAY, created_at=NOW,
    )  # fmt: skip


def test_the_session_ends_at_once_and_does_not_come_back(house):
    client = client_of(house.sam)
    other = client_of(house.sue)
    switch_off(house, "sam")
    assert client.get("/").status_code == 302
    switch_on(house, "sam")
    assert client.get("/").status_code == 302
    assert other.get("/").status_code == 200


def test_nobody_signs_in_with_the_old_password(house):
    switch_off(house, "sam")
    form = {"username": "sam", "password": PASSWORD}
    assert Client().post(reverse("accounts:sign_in"), form).status_code == 422
    switch_on(house, "sam")
    assert Client().post(reverse("accounts:sign_in"), form).status_code == 422


def test_api_keys_end_at_once_and_do_not_come_back(house):
    _key, token = create_api_key(user=house.sam, name="till", now=NOW)
    headers = {"Authorization": f"Api-Key {token}"}
    assert Client().get("/api/v1/me/", headers=headers).status_code == 200
    switch_off(house, "sam")
    assert Client().get("/api/v1/me/", headers=headers).status_code == 401
    switch_on(house, "sam")
    assert Client().get("/api/v1/me/", headers=headers).status_code == 401
    assert ApiKey.objects.get().revoked_at == NOW


def test_a_request_that_is_under_way_makes_no_key_that_would_live_on(house):
    asking = User.objects.get(pk=house.sam.pk)
    switch_off(house, "sam")
    with pytest.raises(NotAllowed, match="switched off"):
        create_api_key(user=asking, name="till", now=NOW)
    assert not ApiKey.objects.exists()


def test_a_request_that_is_under_way_gives_no_password_that_would_live_on(house):
    asking = User.objects.get(pk=house.sam.pk)
    switch_off(house, "sam")
    with pytest.raises(NotAllowed, match="switched off"):
        change_password(user=asking, password="another-long-password", now=NOW)
    assert not User.objects.get(pk=house.sam.pk).has_usable_password()


def test_whoever_proved_an_old_password_does_not_undo_the_one_that_was_just_given(house):
    asking = User.objects.get(pk=house.sam.pk)
    set_password(person_id=house.sam.pk, password="given-by-the-boss", actor=house.boss, now=NOW)
    with pytest.raises(IllegalStateChange, match="changed meanwhile"):
        change_password(user=asking, password="another-long-password", now=NOW)
    assert User.objects.get(pk=house.sam.pk).check_password("given-by-the-boss")


def test_the_history_says_before_and_after(house):
    create_api_key(user=house.sam, name="till", now=NOW)
    switch_off(house, "sam", actor="mia")
    event = last_event()
    assert (event.action, event.actor, event.object_id) == ("user.deactivated", house.mia, str(house.sam.pk))
    assert event.data["before"]["is_active"] and event.data["after"] == {"is_active": False}
    assert event.data["keys_revoked"] == 1
    assert User.objects.filter(pk=house.sam.pk).exists()


def test_a_repeat_changes_nothing(house):
    for act in (switch_off, switch_off, switch_on, switch_on):
        act(house, "sam")
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["user.deactivated", "user.reactivated"]


def test_nobody_switches_themselves_off(house):
    with pytest.raises(NotAllowed, match="themselves"):
        switch_off(house, "boss")
    answer = client_of(house.boss).post(reverse("people:deactivate", args=[house.boss.pk]), follow=True)
    assert "Ask another administrator" in answer.content.decode()


@pytest.mark.parametrize("who", ["pat", "sue", "chief"])
def test_a_manager_switches_off_no_others(house, who):
    with pytest.raises(NotAllowed):
        switch_off(house, who, actor="mia")
    assert client_of(house.mia).post(reverse("people:deactivate", args=[getattr(house, who).pk])).status_code == 404


def test_delegations_of_both_sides_end_and_are_told(house):
    lend(house.chief, house.pat)
    lend(house.pat, house.boss)
    over = lend(house.pat, house.chief, starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=3))
    with time_machine.travel(NOW, tick=False):
        client = client_of(house.boss)
        page = client.post(reverse("people:deactivate", args=[house.pat.pk]), follow=True).content.decode()
    assert "Standing in has ended with: Chief, Boss" in page
    assert [row.pk for row in Delegation.objects.filter(ended_at=None)] == [over.pk]
    assert givers_of(house.boss, TODAY) == []
    assert AuditEvent.objects.filter(action="delegation.ended", actor=house.boss).count() == 2


def test_rules_in_their_name_are_told_and_stay(house):
    AutoApprovalRule.objects.create(name="Small orders", author=house.pat, order_up_to=5, daily_cap=9, created_at=NOW)
    assert switch_off(house, "pat").rules == ["Small orders"]
    assert AutoApprovalRule.objects.get().is_active


def test_orders_that_wait_for_a_second_person_are_still_approved_by_others(house):
    order = waiting_order(house, house.pat)
    lend(house.boss, house.mia)
    switch_off(house, "pat")
    assert order in awaiting_orders(house.mia)
    assert fault_of(order, house.mia, TODAY)[0] is None
    approved = approve_order(order_id=order.pk, user=house.boss, now=NOW)
    assert (approved.created_by, approved.approved_by) == (house.pat, house.boss)
