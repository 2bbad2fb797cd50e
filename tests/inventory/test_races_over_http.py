"""Buyers race for the last units against a real server: exactly so many are served, and nobody sees an error."""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
import requests
from django.db import connection

from accounts.models import User
from accounts.services.api_keys import create_api_key
from inventory.models import Movement
from inventory.selectors.ledger_check import check_ledger
from inventory.services.posting import post_movements
from tests.sizes import report, size

BUYERS, UNITS, ROUNDS = size("race_buyers"), size("race_units"), size("race_rounds")
ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def serve(application):
    """Granian with two processes on the database of the tests; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {**os.environ, "DATABASE_URL": urlunsplit(database), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "8", "--no-ws", "--log-level", "error", application]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/api/v1/categories/", server)
        yield f"http://127.0.0.1:{port}/api/v1/"
    finally:
        server.terminate()
        server.wait(20)


def wait_for(address, server):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            requests.get(address, timeout=5)
        except (requests.ConnectionError, requests.Timeout):
            with suppress(subprocess.TimeoutExpired):
                server.wait(0.1)
        else:
            return
    raise RuntimeError("The server did not start.")


@pytest.fixture
def headers(tools):
    user = User.objects.create_user("till", role="staff", sees_all_locations=True)
    _key, token = create_api_key(user=user, name="till", now=tools.NOW)
    return {"Authorization": f"Api-Key {token}"}


def at_once(count, act):
    """Runs act(0), act(1), ... in as many threads at the same moment; gives what they returned."""
    barrier, answers = threading.Barrier(count), [None] * count

    def run(number):
        barrier.wait()
        answers[number] = act(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@contextmanager
def buyers(address, headers):
    """Gives what lets all buyers ask at once for an apple each, and counts the answers; they keep their connections, as
    tills do."""
    place = urlsplit(address)
    tills = [http.client.HTTPConnection(place.hostname, place.port, timeout=60) for _number in range(BUYERS)]
    body = json.dumps({"location": "SHOP", "lines": [{"sku": "apple", "quantity": "1"}]})

    def buy(round_number, key, number):
        sent = {**headers, "Idempotency-Key": key or f"{round_number}/{number}", "Content-Type": "application/json"}
        tills[number].request("POST", f"{place.path}sales/", body, sent)
        answer = tills[number].getresponse()
        answer.read()
        return answer.status

    try:
        yield lambda round_number, key=None: Counter(at_once(BUYERS, partial(buy, round_number, key)))
    finally:
        for till in tills:
            till.close()


def bring(firm, tools, round_number):
    """Leaves exactly `UNITS` apples in the shop."""
    missing = UNITS - tools.level_of(firm.apple, firm.shop)
    if missing:
        line = tools.line(firm.apple, firm.supplier, firm.shop, missing)
        post_movements(lines=[line], kind="receipt", key=f"bring/{round_number}", now=tools.NOW)


def test_the_last_units_are_sold_once_each(firm, tools, headers):
    with serve("config.wsgi:application") as address, buyers(address, headers) as buy:
        for round_number in range(ROUNDS):
            bring(firm, tools, round_number)
            answers = buy(round_number)
            assert answers == {201: UNITS, 409: BUYERS - UNITS}, f"round {round_number}"
            assert tools.level_of(firm.apple, firm.shop) == 0
    report("R1", "buyers x last units x rounds over HTTP", f"{BUYERS} x {UNITS} x {ROUNDS}", "0 oversold, 0 errors")
    assert Movement.objects.filter(kind="sale").count() == ROUNDS * UNITS
    assert not any(result.count for result in check_ledger(now=tools.NOW))


def test_without_the_lock_the_race_is_noticed(firm, tools, headers):
    with serve("tests.inventory.unguarded_wsgi:application") as address, buyers(address, headers) as buy:
        for round_number in range(ROUNDS):
            bring(firm, tools, round_number)
            if buy(round_number) != {201: UNITS, 409: BUYERS - UNITS}:
                return
    pytest.fail("The race test has no power: it did not notice that nothing was locked.")


def test_fifty_repeats_of_one_sale_at_once_sell_once(firm, tools, headers):
    with serve("config.wsgi:application") as address, buyers(address, headers) as buy:
        bring(firm, tools, 0)
        answers = buy(0, key="the same")
    assert set(answers) <= {201, 409}
    assert answers[201] >= 1
    assert tools.level_of(firm.apple, firm.shop) == UNITS - 1
