"""Between two tests the tables are emptied only when nobody is at work in them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path

from inventory.models import Location
from tests.underway import holders, wait_for_answers, wait_for_holders

pytestmark = pytest.mark.django_db(transaction=True)
IS_ASKED, MAY_ANSWER = threading.Event(), threading.Event()


def slow(request):
    IS_ASKED.set()
    MAY_ANSWER.wait(60)
    return HttpResponse("at last")


urlpatterns = [path("slow/", slow)]


def test_an_answer_that_is_still_made_is_waited_for(live_server, settings):
    settings.ROOT_URLCONF = __name__
    with ThreadPoolExecutor(2) as pool:
        answer = pool.submit(requests.get, f"{live_server.url}/slow/", timeout=60)
        assert IS_ASKED.wait(60)
        emptying = pool.submit(wait_for_answers)
        assert not emptying.done()
        MAY_ANSWER.set()
        emptying.result()
        assert answer.result().text == "at last"


def hold(is_held, may_end):
    with transaction.atomic():
        Location.objects.exists()
        is_held.set()
        may_end.wait(60)
    connection.close()


def test_a_table_that_somebody_holds_is_waited_for():
    is_held, may_end = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(hold, is_held, may_end)
        assert is_held.wait(60)
        assert holders(connection) == 1
        may_end.set()
        wait_for_holders(connection)
    assert holders(connection) == 0
