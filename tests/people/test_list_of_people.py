"""The list: whom one administers, found by name, the active ones unless others are asked for."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.services.activity import deactivate_person
from tests.people.conftest import NOW, client_of, make_user

LIST = reverse("people:list")


def names(client, **query):
    return [person.username for person in client.get(LIST, query).context["page"]]


def test_an_administrator_of_the_firm_sees_everybody(house):
    assert names(client_of(house.boss)) == ["boss", "chief", "mia", "pat", "sam", "sue"]


def test_a_manager_sees_the_staff_of_their_own_places(house):
    make_user("both", "staff", house.north, house.south)
    make_user("everywhere", "staff")
    assert names(client_of(house.mia)) == ["sam"]


def test_an_administrator_of_one_place_sees_nobody_of_another(house):
    local = make_user("local", "administrator", house.north)
    assert names(client_of(local)) == ["local", "mia", "sam"]


@pytest.mark.parametrize("who", ["pat", "sam"])
def test_other_roles_see_no_list_and_no_entry_in_the_menu(house, who):
    client = client_of(getattr(house, who))
    assert client.get(LIST).status_code == 403
    assert LIST not in client.get("/").content.decode()
    assert LIST in client_of(house.mia).get("/").content.decode()


@pytest.mark.parametrize("search", ["SUE", "sue@exam"])
def test_searched_by_name_and_address(house, search):
    assert names(client_of(house.boss), search=search) == ["sue"]


def test_those_switched_off_are_shown_when_asked_for(house):
    deactivate_person(person_id=house.sam.pk, actor=house.boss, now=NOW)
    client = client_of(house.boss)
    assert "sam" not in names(client)
    assert names(client, state="off") == ["sam"]
    assert len(names(client, state="all")) == len(names(client, state="nonsense")) + 1 == 6


def test_each_row_says_what_one_looks_for(house):
    page = client_of(house.boss).get(LIST).content.decode()
    for text in ("sam@example.com", "Store staff", "North", "Whole firm", "never"):
        assert text in page


def test_the_number_of_queries_does_not_grow_with_the_people(house):
    client = client_of(house.boss)
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
        for extra in range(20):
            make_user(f"n{number}-{extra}", "staff", house.north)
    assert counts[0] == counts[1] <= 5


def test_without_anybody_the_page_says_what_to_do(house):
    deactivate_person(person_id=house.sam.pk, actor=house.boss, now=NOW)
    assert "Add the people who work with you" in client_of(house.mia).get(LIST).content.decode()
