"""Changing somebody: role, places, address and language, never beyond what one may give, and never one's own rights."""

import pytest
from django.urls import reverse

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, Role, User
from inventory.models import Location
from people.services.people import change_person
from tests.people.conftest import NOW, client_of, last_event, make_user, places_of


def change(house, who, actor="boss", **changes):
    return change_person(person_id=getattr(house, who).pk, changes=changes, actor=getattr(house, actor), now=NOW)


def address(person):
    return reverse("people:person", args=[person.pk])


def entry(client, person):
    page = client.get(address(person))
    form = page.context["form"]
    return {name: form[name].value() or "" for name in form.fields} | {"version": page.context["version"]}


def test_role_and_places_with_before_and_after_in_the_history(house):
    change(house, "sam", role="manager", locations=[house.north.pk, house.south.pk], email="new@example.com")
    house.sam.refresh_from_db()
    assert (house.sam.role, house.sam.email, places_of(house.sam)) == ("manager", "new@example.com", ["NORTH", "SOUTH"])
    event = last_event()
    assert (event.action, event.actor) == ("user.changed", house.boss)
    assert event.data["before"]["role"] == "staff" and event.data["before"]["locations"] == ["NORTH"]
    assert event.data["after"]["role"] == "manager" and event.data["after"]["locations"] == ["NORTH", "SOUTH"]


def test_the_same_change_again_leaves_no_trace(house):
    change(house, "sam", display_name="Sam", locations=[house.north.pk])
    assert not AuditEvent.objects.exists()


def test_to_the_whole_firm_and_back(house):
    change(house, "sam", sees_all_locations=True)
    house.sam.refresh_from_db()
    assert house.sam.sees_all_locations and places_of(house.sam) == []
    change(house, "sam", locations=[house.south.pk])
    house.sam.refresh_from_db()
    assert not house.sam.sees_all_locations and places_of(house.sam) == ["SOUTH"]
    with pytest.raises(InvalidInput, match="at least one"):
        change(house, "sam", locations=[])


def test_access_to_a_place_that_is_closed_stays(house):
    change(house, "sam", locations=[house.north.pk, house.south.pk])
    Location.objects.filter(pk=house.south.pk).update(is_active=False)
    change(house, "sam", locations=[house.north.pk])
    assert places_of(house.sam) == ["NORTH", "SOUTH"]


def test_a_page_saves_and_keeps_both_parts_of_a_name(house):
    User.objects.filter(pk=house.sam.pk).update(first_name="Sam", last_name="Doe")
    client = client_of(house.mia)
    body = entry(client, house.sam)
    assert client.post(address(house.sam), {**body, "language": "zh-hans"}).status_code == 302
    house.sam.refresh_from_db()
    assert (house.sam.language, house.sam.first_name, house.sam.last_name) == ("zh-hans", "Sam", "Doe")


def test_an_edit_that_came_too_late_shows_both(house):
    client = client_of(house.boss)
    body = entry(client, house.sam)
    change(house, "sam", display_name="Samuel", actor="chief")
    refused = client.post(address(house.sam), {**body, "display_name": "Sammy"})
    assert refused.status_code == 422
    assert "Samuel" in refused.content.decode() and 'value="Sammy"' in refused.content.decode()


def test_signing_in_meanwhile_makes_no_edit_too_late(house):
    client = client_of(house.boss)
    body = entry(client, house.sam)
    client_of(house.sam)
    assert client.post(address(house.sam), {**body, "display_name": "Sammy"}).status_code == 302


def test_nobody_changes_their_own_role_or_places(house):
    for changes in ({"role": "staff"}, {"sees_all_locations": False, "locations": [house.north.pk]}):
        with pytest.raises(NotAllowed, match="their own"):
            change(house, "boss", **changes)
    client = client_of(house.boss)
    body = {**entry(client, house.boss), "role": "staff", "display_name": "Big boss"}
    assert client.post(address(house.boss), body).status_code == 302
    house.boss.refresh_from_db()
    assert (house.boss.role, house.boss.get_full_name()) == (Role.ADMINISTRATOR, "Big boss")


@pytest.mark.parametrize("who", ["boss", "mia", "pat", "sue"])
def test_a_manager_reaches_nobody_above_nor_elsewhere(house, who):
    with pytest.raises(NotAllowed, match="do not administer"):
        change(house, who, actor="mia", email="x@example.com")
    assert client_of(house.mia).post(address(getattr(house, who)), {}).status_code == 404


def test_a_manager_raises_nobody(house):
    with pytest.raises(InvalidInput, match="store staff"):
        change(house, "sam", actor="mia", role="manager")
    with pytest.raises(InvalidInput, match="whole firm"):
        change(house, "sam", actor="mia", sees_all_locations=True)
    with pytest.raises(InvalidInput, match="not yours"):
        change(house, "sam", actor="mia", locations=[house.south.pk])


def test_an_administrator_of_one_place_does_not_reach_the_whole_firm(house):
    house.local = make_user("local", "administrator", house.north)
    with pytest.raises(NotAllowed):
        change(house, "boss", actor="local", role="staff")
    with pytest.raises(InvalidInput, match="whole firm yourself"):
        change(house, "local", actor="local", sees_all_locations=True, locations=[])


@pytest.mark.parametrize("field", ["username", "is_superuser", "password", "is_active"])
def test_other_fields_are_refused(house, field):
    with pytest.raises(InvalidInput, match=field):
        change(house, "sam", **{field: "1"})


def test_the_page_tells_what_was_done_with_before_and_after(house):
    change(house, "sam", role="manager", locations=[house.north.pk, house.south.pk])
    change(house, "sam", sees_all_locations=True, actor="chief")
    page = client_of(house.boss).get(address(house.sam)).content.decode()
    assert "Role: Store staff, now Manager" in page
    assert "Locations: NORTH, now NORTH, SOUTH" in page and "Locations: NORTH, SOUTH, now whole firm" in page
    assert "Chief" in page and page.index("now whole firm") < page.index("now Manager")
