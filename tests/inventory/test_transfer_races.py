"""Two who send the same arrival at the same moment: a form without script, or a phone that lost the answer."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, transaction

from inventory.locks import lock_transfer
from inventory.models import Posting, TransferLine
from inventory.services.sales import GoodsLine
from inventory.services.transfers import Arrival, create_transfer, receive_transfer, ship_transfer
from tests.inventory.conftest import NOW, level_of
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def shipped(firm, stock):
    stock(firm.apple, firm.depot, 10)
    lines = [GoodsLine(firm.apple.pk, Decimal(10))]
    made = create_transfer(source=firm.depot, destination=firm.shop, lines=lines, user=None, now=NOW)
    return ship_transfer(transfer_id=made.pk, user=None, now=NOW)


def waiting():
    with connection.cursor() as cursor:
        # A transaction otherwise sees others as they were when it first looked.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(WAITING)
        return cursor.fetchone()[0]


def twice_at_once(transfer, act):
    """Both have begun before either may go on."""

    def run():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '25s'")
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            lock_transfer(transfer.pk)
            runs = [pool.submit(run) for _twice in range(2)]
            wait_until(lambda: waiting() == 2)
        return [run.result() for run in runs]


@pytest.mark.parametrize(("came", "state"), [(4, "shipped"), (10, "received")])
def test_an_arrival_that_is_sent_twice_at_once_counts_once(firm, shipped, came, state):
    def receive():
        return receive_transfer(
            transfer_id=shipped.pk, key="one", user=None, now=NOW, received=[Arrival(firm.apple.pk, Decimal(came))]
        )

    assert [answer.state for answer in twice_at_once(shipped, receive)] == [state, state]
    assert Posting.objects.filter(key="one").count() == 1
    assert (level_of(firm.apple, firm.shop), TransferLine.objects.get().received) == (came, came)
