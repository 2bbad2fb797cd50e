"""The database breaks off one of two transactions that wait for each other: the whole act is done again, unseen."""

import threading
from decimal import Decimal

import pytest
from django.db import OperationalError, connection, transaction
from rest_framework.test import APIClient

from accounts.collisions import again_when_collided
from accounts.models import IdempotencyRecord, User
from inventory.locks import lock_levels
from inventory.models import Movement
from inventory.selectors.ledger_check import check_ledger
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


def is_somebody_waiting():
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0] > 0


@pytest.fixture
def rival(firm, stock):
    """Holds the second level, and takes the first one, in the wrong order, as soon as somebody waits for the second."""
    for sku in (firm.apple, firm.bread):
        stock(sku, firm.shop, 5)
    is_held, raised = threading.Event(), []

    def cross():
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL deadlock_timeout = '20s'")
                    cursor.execute("SET LOCAL lock_timeout = 0")
                lock_levels([(firm.bread.pk, firm.shop.pk)])
                is_held.set()
                wait_until(is_somebody_waiting)
                lock_levels([(firm.apple.pk, firm.shop.pk)])
        except OperationalError as error:
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=cross)
    thread.start()
    assert is_held.wait(30)
    yield raised
    thread.join()


def sell_both():
    client = APIClient()
    client.force_authenticate(User.objects.create_user("till", sees_all_locations=True))
    lines = [{"sku": "apple", "quantity": "1"}, {"sku": "bread", "quantity": "1"}]
    body = {"location": "SHOP", "lines": lines}
    return client.post("/api/v1/sales/", body, format="json", headers={"Idempotency-Key": "k"})


def test_a_sale_that_the_database_broke_off_is_done_again(firm, tools, rival):
    with connection.cursor() as cursor:
        cursor.execute("SET deadlock_timeout = '100ms'")
    assert sell_both().status_code == 201
    with connection.cursor() as cursor:
        cursor.execute("RESET deadlock_timeout")
    assert rival == []
    assert [tools.level_of(sku, firm.shop) for sku in (firm.apple, firm.bread)] == [Decimal(4), Decimal(4)]
    assert (Movement.objects.filter(kind="sale").count(), IdempotencyRecord.objects.count()) == (2, 1)
    assert not any(result.count for result in check_ledger(now=tools.NOW))


def fail(state):
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '{state}'; END $$")


@pytest.mark.parametrize(("state", "times"), [("40P01", 4), ("40001", 4), ("55P03", 1), ("23514", 1)])
def test_only_collisions_are_tried_again_and_not_for_ever(state, times):
    tries = []

    def act():
        tries.append(1)
        fail(state)

    with pytest.raises(Exception, match="made up"):
        again_when_collided(act)
    assert len(tries) == times


def test_inside_a_transaction_of_somebody_else_nothing_is_repeated():
    tries = []

    def act():
        tries.append(1)
        fail("40P01")

    with pytest.raises(OperationalError), transaction.atomic():
        again_when_collided(act)
    assert len(tries) == 1
