"""S5: many identical calls at once have one effect; every other answer is the first one again, or "still at work"."""

from collections import Counter
from uuid import uuid4

import pytest
from django.test import Client

from accounts.api import idempotency
from accounts.models import User
from inventory.models import Movement
from tests.inventory.test_deadlocks import in_threads
from tests.sizes import report, size

pytestmark = pytest.mark.django_db(transaction=True)
SALES, RETURNS = "/api/v1/sales/", "/api/v1/returns/"


def send(user, key, address=SALES, quantity="1"):
    client = Client(raise_request_exception=False)
    client.force_login(user)
    body = {"location": "SHOP", "lines": [{"sku": "apple", "quantity": quantity}]}
    return client.post(address, body, "application/json", headers={"Idempotency-Key": key})


def test_identical_calls_at_once_have_one_effect(house, stock):
    keys, calls = size("repeat_keys"), size("repeat_calls")
    stock(house.apple, house.shop, keys)
    for key in (uuid4().hex for _number in range(keys)):
        answers = []
        assert in_threads(calls, lambda _number, key=key, told=answers: told.append(send(house.ada, key))) == []
        told = Counter(answer.status_code for answer in answers)
        assert set(told) <= {201, 409}, told
        assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert Movement.objects.filter(kind="sale").count() == keys
    report("S5", "keys x identical calls at once", f"{keys} x {calls}", "1 effect each")


def test_a_key_belongs_to_a_person_a_route_and_a_body(house, stock):
    stock(house.apple, house.shop, 9)
    assert send(house.ada, "k").status_code == 201
    assert send(house.ada, "k", quantity="2").status_code == 422
    assert send(house.bob, "k").status_code == 201
    assert send(house.ada, "k", address=RETURNS).status_code == 201
    assert Movement.objects.exclude(kind="receipt").count() == 3


def test_a_replay_is_for_those_who_still_may(house, stock):
    stock(house.apple, house.shop, 9)
    assert send(house.ada, "k").status_code == 201
    User.objects.filter(pk=house.ada.pk).update(role="purchaser")
    assert send(User.objects.get(pk=house.ada.pk), "k").status_code == 403


def test_without_the_record_calls_repeat_their_effect(house, stock, monkeypatch):
    """The control: neither the record of the key nor the key of the posting."""
    stock(house.apple, house.shop, 9)
    monkeypatch.setattr(idempotency, "answer_once", lambda act, **given: act())
    monkeypatch.setattr(idempotency.Once, "act_key", property(lambda once: uuid4().hex))
    assert [send(house.ada, "k").status_code for _time in range(2)] == [201, 201]
    assert Movement.objects.filter(kind="sale").count() == 2
