"""So many calls a minute: of a key, of a user, and of wrong keys from one address. Counted in a real Redis."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
import redis
import time_machine
from django.utils import timezone

from accounts import call_counts
from accounts.call_counts import count_call
from accounts.models import ApiKey, Role, User
from accounts.services.api_keys import create_api_key

pytestmark = pytest.mark.django_db
ME = "/api/v1/me/"


@pytest.fixture(autouse=True)
def counters(settings):
    """Ids come back from one test to the next, so the counters go."""
    server = redis.Redis.from_url(settings.REDIS_URL)
    for name in server.scan_iter("youhuo:calls:*"):
        server.delete(name)
    call_counts._Pause.until = 0.0
    yield server
    call_counts._Pause.until = 0.0


@pytest.fixture
def user():
    return User.objects.create_user("mia", role=Role.MANAGER, sees_all_locations=True)


@pytest.fixture
def call(client, user):
    """call() asks with a new key of the user; call(token=...) with that one."""
    _key, own = create_api_key(user=user, name="till", now=timezone.now())

    def ask(token=own, address=ME, **extra):
        return client.get(address, headers={"Authorization": f"Api-Key {token}"}, **extra)

    return ask


def at(second):
    return time_machine.travel(f"2026-03-02T12:00:{second:02}+00:00", tick=False)


def test_the_call_that_is_one_too_many_is_refused_until_the_minute_ends(call, settings):
    settings.API_CALLS_A_MINUTE = 3
    with at(20):
        assert [call().status_code for _time in range(4)] == [200, 200, 200, 429]
        refusal = call()
    assert (refusal["Retry-After"], refusal["Content-Type"]) == ("40", "application/problem+json")
    assert refusal.json()["type"] == "urn:youhuo:problem:too_many_calls" and refusal.json()["status"] == 429
    with time_machine.travel("2026-03-02T12:01:00+00:00", tick=False):
        assert call().status_code == 200


def test_each_key_counts_for_itself(call, user, settings):
    settings.API_CALLS_A_MINUTE = 1
    _key, other = create_api_key(user=user, name="report", now=timezone.now())
    with at(0):
        assert [call().status_code, call().status_code, call(token=other).status_code] == [200, 429, 200]


def test_a_user_who_is_signed_in_is_counted_apart_from_their_keys(client, call, user, settings):
    settings.API_CALLS_A_MINUTE = 1
    with at(0):
        assert call().status_code == 200
        client.force_login(user)
        assert [client.get(ME).status_code for _time in range(2)] == [200, 429]


def test_without_a_limit_nobody_is_asked(call, settings, counters):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert settings.API_CALLS_A_MINUTE == 0
    assert [call().status_code for _time in range(3)] == [200, 200, 200]
    assert call_counts._Pause.until == 0.0 and not list(counters.scan_iter("youhuo:calls:*"))


def test_calls_pass_while_redis_is_away_and_it_is_left_alone(call, settings):
    settings.API_CALLS_A_MINUTE = 1
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert [call().status_code for _time in range(3)] == [200, 200, 200]
    assert call_counts._Pause.until > 0


def test_counting_is_one_trip_and_leaves_nothing_for_ever(counters, settings):
    count_call("key:1")
    before = counters.info("commandstats")
    (name,) = counters.scan_iter("youhuo:calls:*")
    assert 0 < counters.ttl(name) <= 120
    count_call("key:1")
    after = counters.info("commandstats")
    trips = {word: after[word]["calls"] - before[word]["calls"] for word in ("cmdstat_exec", "cmdstat_incrby")}
    assert trips == {"cmdstat_exec": 1, "cmdstat_incrby": 1}


def test_many_at_once_are_counted_once_each(settings):
    who = f"key:{uuid4()}"
    with at(0), ThreadPoolExecutor(8) as pool:
        counts = [count.calls for count in pool.map(lambda _number: count_call(who), range(200))]
    assert sorted(counts) == list(range(1, 201))


def test_wrong_keys_from_an_address_are_slowed_and_right_ones_go_on(call, settings):
    settings.API_WRONG_KEYS_A_MINUTE = 2
    with at(50):
        assert [call(token=f"nobody.{number}").status_code for number in range(4)] == [401, 401, 429, 429]
        assert call(token="nobody.9")["Retry-After"] == "10"
        assert call().status_code == 200
        assert call(token="nobody.9", REMOTE_ADDR="203.0.113.9").status_code == 401


def test_a_revoked_key_is_a_wrong_one(call, settings):
    settings.API_WRONG_KEYS_A_MINUTE = 1
    ApiKey.objects.update(revoked_at=timezone.now())
    with at(0):
        assert [call().status_code for _time in range(2)] == [401, 429]


def test_wrong_keys_may_be_left_uncounted(call, settings, counters):
    settings.API_WRONG_KEYS_A_MINUTE = 0
    assert {call(token="nobody.1").status_code for _time in range(3)} == {401}
    assert not list(counters.scan_iter("youhuo:calls:*"))


def test_the_schema_says_so_of_every_call(client):
    paths = client.get("/api/schema/?format=json").json()["paths"]
    for methods in paths.values():
        for operation in methods.values():
            assert "Retry-After" in operation["responses"]["429"]["headers"]
