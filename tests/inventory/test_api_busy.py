"""Somebody holds the stock for too long: the caller is asked to come again, and nothing was done."""

import threading

import pytest
from django.db import connection, transaction
from rest_framework.test import APIClient

from accounts.models import IdempotencyRecord, User
from inventory.locks import lock_levels
from inventory.models import Movement


@pytest.fixture
def held(firm, stock):
    """Another connection locks the apples of the shop until the test ends."""
    stock(firm.apple, firm.shop, 5)
    is_held, may_go = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            lock_levels([(firm.apple.pk, firm.shop.pk)])
            is_held.set()
            may_go.wait(60)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_held.wait(30)
    yield
    may_go.set()
    holder.join()


@pytest.mark.django_db(transaction=True)
def test_a_wait_that_takes_too_long_ends_in_try_again(firm, held):
    client = APIClient()
    client.force_authenticate(User.objects.create_user("till", sees_all_locations=True))
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    body = {"location": "SHOP", "lines": [{"sku": "apple", "quantity": "1"}]}
    answer = client.post("/api/v1/sales/", body, format="json", headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.json()["type"] == "urn:youhuo:problem:busy"
    assert not Movement.objects.filter(kind="sale").exists()
    assert not IdempotencyRecord.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")
