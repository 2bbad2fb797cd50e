"""Every address against every role, nobody, and users of another store."""

import pytest
from django.db import transaction
from django.urls import URLResolver, get_resolver, reverse

from tests.access.addresses import ADDRESSES, ALL, PUBLIC
from tests.access.world import MARK, client_of, make_world

REFUSED = {401, 403}
BY_NAME = {address.name: address for address in ADDRESSES}
GUARDED = [address for address in ADDRESSES if PUBLIC not in address.allowed.values()]
IN_A_STORE = [address for address in GUARDED if address.is_store]
LISTS = [address for address in GUARDED if not address.object and "GET" in address.allowed]


def names_of(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names_of(pattern.url_patterns, inner)
        else:
            yield f"{prefix}{pattern.name}"


@pytest.fixture
def world(db):
    return make_world()


def ask(world, address, method, user):
    """The answer to one request, whose effect is rolled back."""
    client = client_of(world, user)
    ids = world.objects.get(address.object, {})
    if address.object == "own_api_key":
        ids = {"pk": 0}
    if address.name == "dashboards:sku":
        ids = {"sku_id": ids["pk"]}
    url = reverse(address.name, kwargs=ids)
    with transaction.atomic():
        is_api = address.name.startswith("api:")
        body = ("{}", "application/json") if is_api else ()
        answer = client.generic(method, url, *body, headers={"Idempotency-Key": "once"} if is_api else {})
        transaction.set_rollback(True)
    return answer


def is_sent_to_sign_in(answer):
    return answer.status_code in REFUSED or (answer.status_code == 302 and "/sign-in/" in answer["Location"])


def test_every_address_is_on_the_list():
    assert set(names_of(get_resolver().url_patterns)) == set(BY_NAME)


def test_nobody_reaches_anything_without_signing_in(world):
    reached = [
        (address.name, method)
        for address in GUARDED
        for method in address.allowed
        if not is_sent_to_sign_in(ask(world, address, method, None))
    ]
    assert reached == []


@pytest.mark.parametrize("letter", ALL)
def test_each_role_reaches_what_it_may_and_nothing_else(world, letter):
    wrong = []
    for address in GUARDED:
        for method, allowed in address.allowed.items():
            status = ask(world, address, method, world.users[MARK][letter]).status_code
            is_found = not address.object or address.object.startswith("own_") or letter not in allowed or status != 404
            if status >= 500 or (status not in REFUSED) != (letter in allowed) or not is_found:
                wrong.append((address.name, method, status))
    assert wrong == []


def test_methods_that_are_not_on_the_list_change_nothing(world):
    """A page that only reads may take a POST for a GET; nothing else answers to a method that is not on the list."""
    admin, wrong = world.users[MARK]["A"], []
    for address in GUARDED:
        for method in sorted({"PUT", "PATCH", "DELETE"} - set(address.allowed)):
            status = ask(world, address, method, admin).status_code
            is_page = not address.name.startswith("api:")
            if status not in {*REFUSED, 404, 405} and not (is_page and status in (200, 302, 400, 422)):
                wrong.append((address.name, method, status))
    assert wrong == []


@pytest.mark.parametrize("letter", ALL)
def test_an_object_of_another_store_does_not_exist(world, letter):
    found = [
        (address.name, method)
        for address in IN_A_STORE
        for method, allowed in address.allowed.items()
        if letter in allowed and ask(world, address, method, world.users["BETA"][letter]).status_code != 404
    ]
    assert found == []


@pytest.mark.parametrize("letter", ALL)
def test_lists_show_nothing_of_another_store(world, letter):
    readable = [address for address in LISTS if letter in address.allowed["GET"]]
    answers = {address.name: ask(world, address, "GET", world.users["BETA"][letter]) for address in readable}
    assert [name for name, answer in answers.items() if MARK in answer.content.decode()] == []


@pytest.mark.parametrize(
    "name", ["dashboards:stock", "api:stock_levels", "api:purchase-order-list", "orders:transfers"]
)
def test_the_mark_is_seen_by_those_of_the_store(world, name):
    """Shows that the test above can fail."""
    assert MARK in ask(world, BY_NAME[name], "GET", world.users[MARK]["M"]).content.decode()


def test_a_person_who_was_disabled_is_out_at_once(world):
    user = world.users[MARK]["A"]
    user.is_active = False
    user.save()
    assert is_sent_to_sign_in(ask(world, BY_NAME["dashboards:home"], "GET", user))
