"""People in the API: the same doors as on the pages, versions on edits, acts done once, and what a key may not."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent, PasswordLink, User
from accounts.services.api_keys import create_api_key
from tests.people.conftest import client_of, make_user, places_of

PEOPLE = "/api/v1/people/"


@pytest.fixture
def ask(house):
    """ask(who, method, path, body) as somebody signed in; with `key=True` as a program of theirs."""

    def send(who, method, path="", body=None, *, key=False, **headers):
        user = getattr(house, who)
        client = Client() if key else client_of(user)
        if key:
            headers["Authorization"] = f"Api-Key {create_api_key(user=user, name='hr', now=timezone.now())[1]}"
        headers = {"Idempotency-Key": "k", **{name.replace("_", "-"): value for name, value in headers.items()}}
        return getattr(client, method)(f"{PEOPLE}{path}", body, content_type="application/json", headers=headers)

    return send


def new(house, **fields):
    return {"username": "nora", "display_name": "Nora", "role": "staff", "locations": [house.north.pk], **fields}


def test_listed_and_read(house, ask):
    listed = ask("boss", "get").json()
    assert [row["username"] for row in listed["results"]] == ["boss", "chief", "mia", "pat", "sam", "sue"]
    assert ask("mia", "get").json()["count"] == 1
    assert ask("boss", "get", "?is_active=false").json()["count"] == 0
    sam = ask("boss", "get", f"{house.sam.pk}/").json()
    assert sam == {
        "id": house.sam.pk, "username": "sam", "display_name": "Sam", "email": "sam@example.com", "role": "staff",
        "language": "", "sees_all_locations": False, "locations": [house.north.pk], "is_active": True,
        "has_password": True, "last_sign_in": None,
    }  # fmt: skip


def test_the_number_of_queries_does_not_grow(house, ask):
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            ask("boss", "get")
        counts.append(len(queries))
        for extra in range(10):
            make_user(f"n{number}-{extra}", "staff", house.north, house.south)
    assert counts[0] == counts[1]


def test_added_once(house, ask):
    first, again = (ask("boss", "post", body=new(house)) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    nora = User.objects.get(username="nora")
    assert not nora.has_usable_password() and places_of(nora) == ["NORTH"]
    assert AuditEvent.objects.filter(action="user.created").count() == 1


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"username": "SAM"}, 422, "username"),
        ({"role": "king"}, 400, "role"),
        ({"locations": [0]}, 400, "locations[0]"),
        ({"locations": [2**62]}, 422, "locations"),
        ({"locations": []}, 422, "locations"),
        ({"language": "xx"}, 400, "language"),
    ],
)
def test_what_is_wrong_is_named(house, ask, fields, status, field):
    answer = ask("boss", "post", body=new(house, **fields))
    assert answer.status_code == status
    assert answer.json()["errors"][0]["field"].startswith(field.partition("[")[0])


def test_an_edit_says_what_it_has_seen(house, ask):
    path, change = f"{house.sam.pk}/", {"role": "manager"}
    assert ask("boss", "patch", path, change).status_code == 428
    assert ask("boss", "patch", path, change, If_Match='"x"').status_code == 412
    tag = ask("boss", "get", path)["ETag"]
    changed = ask("boss", "patch", path, change, If_Match=tag)
    assert (changed.status_code, changed.json()["role"]) == (200, "manager")
    assert changed["ETag"] != tag


def test_naming_locations_means_these(house, ask):
    answer = ask("boss", "patch", f"{house.pat.pk}/", {"locations": [house.south.pk]}, If_Match="*").json()
    assert (answer["sees_all_locations"], answer["locations"]) == (False, [house.south.pk])


def test_off_and_on(house, ask):
    path = f"{house.sam.pk}/"
    assert ask("boss", "post", f"{path}deactivate/").json()["is_active"] is False
    on = ask("boss", "post", f"{path}reactivate/").json()
    assert (on["is_active"], on["has_password"]) == (True, False)
    assert ask("boss", "post", f"{house.boss.pk}/deactivate/").status_code == 403
    assert ask("boss", "delete", path).status_code in (403, 405)


def test_a_link_can_be_read_once(house, ask):
    made = ask("mia", "post", f"{house.sam.pk}/password-link/")
    assert made.status_code == 201 and "/password/" in made.json()["address"]
    assert ask("mia", "post", f"{house.sam.pk}/password-link/").json() != made.json()


@pytest.mark.parametrize("who", ["pat", "sam"])
def test_other_roles_reach_nothing(house, ask, who):
    assert ask(who, "get").status_code == 403
    assert ask(who, "post", body=new(house)).status_code == 403


def test_a_manager_reaches_nobody_above_nor_elsewhere(house, ask):
    for person in (house.boss, house.mia, house.sue):
        assert ask("mia", "patch", f"{person.pk}/", {"role": "staff"}, If_Match="*").status_code == 404
    assert ask("mia", "post", body=new(house, role="purchaser")).status_code == 422
    assert ask("mia", "post", body=new(house, sees_all_locations=True)).status_code == 422


def test_a_key_adds_and_changes_but_makes_no_way_in(house, ask):
    assert ask("boss", "post", body=new(house), key=True).status_code == 201
    sam, chief = f"{house.sam.pk}/", f"{house.chief.pk}/"
    assert ask("boss", "patch", sam, {"role": "manager"}, key=True, If_Match="*").status_code == 200
    refused = [
        ask("boss", "post", body=new(house, username="evil", role="administrator"), key=True),
        ask("boss", "patch", sam, {"role": "administrator"}, key=True, If_Match="*"),
        ask("boss", "patch", sam, {"email": "evil@example.com"}, key=True, If_Match="*"),
        ask("boss", "patch", chief, {"role": "staff"}, key=True, If_Match="*"),
        ask("boss", "post", f"{chief}deactivate/", key=True),
        ask("boss", "post", f"{sam}password-link/", key=True),
    ]
    assert [answer.status_code for answer in refused] == [403] * 6
    assert "Sign in" in refused[0].json()["title"]
    assert not PasswordLink.objects.exists()
