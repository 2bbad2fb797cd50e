"""While a file of movements goes in, the shop sells on; what it sold is reckoned with in the end."""

import threading
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from imports.domain.errors import FileRefused
from imports.services.run_import import import_file
from inventory.domain.goods import GoodsLine
from inventory.models import Location, Movement, Sku, StockLevel
from inventory.services import bulk_posting
from inventory.services.sales import sell
from tests.journeys.conftest import import_text

HEAD = "date,kind,sku,location,quantity\n"


@pytest.fixture
def shop(transactional_db):
    now = timezone.now()
    import_text("locations", "code,name,time_zone\nMAIN,Main,UTC\n", now)
    import_text("skus", "code,name\nA,Apple\n", now)
    import_text("stock", "sku,location,quantity\nA,MAIN,10\n", now)
    return Location.objects.get(code="MAIN")


@pytest.fixture
def halfway(monkeypatch):
    """(the movements are written, the levels are not yet): two events, the second lets the load go on."""
    reached, go_on = threading.Event(), threading.Event()
    check = bulk_posting._check_references

    def wait():
        check()
        reached.set()
        assert go_on.wait(30)

    monkeypatch.setattr(bulk_posting, "_check_references", wait)
    return reached, go_on


def load_in_thread(text, ended):
    def load():
        try:
            report = import_file(
                kind_name="movements", data=(HEAD + text).encode(), file_name="m.csv", user=None, now=timezone.now(),
                time_zone="UTC",
            )  # fmt: skip
            ended.append(report.changed_count)
        except FileRefused as refused:
            ended.extend(error.code for error in refused.errors)
        finally:
            connection.close()

    thread = threading.Thread(target=load)
    thread.start()
    return thread


def sell_now(shop, quantity):
    line = GoodsLine(Sku.objects.get().pk, Decimal(quantity))
    sell(location=shop, lines=[line], key=None, user=None, now=timezone.now())


def test_a_sale_does_not_wait_for_the_file(shop, halfway):
    reached, go_on = halfway
    ended = []
    thread = load_in_thread("2026-02-01,receipt,A,MAIN,5\n2026-02-02,sale,A,MAIN,2\n", ended)
    assert reached.wait(30)
    sell_now(shop, 4)
    assert StockLevel.objects.get().on_hand == 6
    go_on.set()
    thread.join(30)
    assert ended == [2]
    assert StockLevel.objects.get().on_hand == 9


def test_what_was_sold_meanwhile_can_refuse_the_file(shop, halfway):
    reached, go_on = halfway
    ended = []
    thread = load_in_thread("2026-02-02,sale,A,MAIN,8\n", ended)
    assert reached.wait(30)
    sell_now(shop, 4)
    go_on.set()
    thread.join(30)
    assert ended == ["below_zero"]
    assert StockLevel.objects.get().on_hand == 6
    assert Movement.objects.filter(kind="sale").count() == 1
