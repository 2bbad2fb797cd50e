"""Adding somebody: with a role and places that one may give, a name that is free, and a first password or a link."""

import pytest
from django.urls import reverse

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, PasswordLink, Role, User
from people.services.people import create_person
from tests.people.conftest import NOW, PASSWORD, client_of, last_event, places_of

NEW = reverse("people:new")


def entry(house, **typed):
    return {
        "username": "nora", "display_name": "Nora Wu", "email": "nora@example.com", "role": "staff",
        "language": "zh-hans", "locations": [house.north.pk], **typed,
    }  # fmt: skip


def add(house, actor="boss", **fields):
    fields = {"username": "nora", "role": "staff", "locations": [house.north.pk], **fields}
    return create_person(actor=getattr(house, actor), now=NOW, **fields)


def test_a_page_adds_somebody_with_a_first_password(house):
    answer = client_of(house.boss).post(NEW, entry(house, password=PASSWORD))
    nora = User.objects.get(username="nora")
    assert answer["Location"] == reverse("people:person", args=[nora.pk])
    assert (nora.get_full_name(), nora.email, nora.role, nora.language) == (
        "Nora Wu", "nora@example.com", Role.STAFF, "zh-hans",
    )  # fmt: skip
    assert places_of(nora) == ["NORTH"] and not nora.sees_all_locations
    assert nora.check_password(PASSWORD)
    assert not PasswordLink.objects.exists()


def test_without_one_a_link_is_shown_this_once(house):
    answer = client_of(house.boss).post(NEW, entry(house))
    assert not User.objects.get(username="nora").has_usable_password()
    assert "/password/" in answer.content.decode()
    assert PasswordLink.objects.get().user.username == "nora"
    assert "no-store" in answer["Cache-Control"]


def test_the_history_keeps_who_added_whom(house):
    nora = add(house, display_name="Nora")
    event = last_event()
    assert (event.action, event.actor, event.object_id) == ("user.created", house.boss, str(nora.pk))
    assert event.data["after"] == {
        "username": "nora", "name": "Nora", "email": "", "role": "staff", "language": "", "locations": ["NORTH"],
    }  # fmt: skip


def test_a_manager_adds_staff_of_their_own_place(house):
    assert places_of(add(house, actor="mia")) == ["NORTH"]


@pytest.mark.parametrize("role", ["manager", "purchaser", "administrator"])
def test_a_manager_gives_no_other_role(house, role):
    with pytest.raises(InvalidInput, match="only add and change store staff"):
        add(house, actor="mia", role=role)
    answer = client_of(house.mia).post(NEW, entry(house, role=role))
    assert answer.status_code == 422 and "role" in answer.context["form"].errors
    assert not User.objects.filter(username="nora").exists()


def test_a_manager_gives_no_place_of_others_nor_the_whole_firm(house):
    with pytest.raises(InvalidInput, match="not yours"):
        add(house, actor="mia", locations=[house.north.pk, house.south.pk])
    with pytest.raises(InvalidInput, match="whole firm yourself"):
        add(house, actor="mia", locations=[], sees_all_locations=True)
    answer = client_of(house.mia).post(NEW, entry(house, sees_all_locations="on", locations=[house.south.pk]))
    assert answer.status_code == 422
    assert "Choose it again from the list" in answer.content.decode()


@pytest.mark.parametrize("who", ["pat", "sam"])
def test_other_roles_add_nobody(house, who):
    with pytest.raises(NotAllowed):
        add(house, actor=who)
    assert client_of(getattr(house, who)).post(NEW, entry(house)).status_code == 403


def test_whoever_lost_the_right_meanwhile_adds_nobody(house):
    User.objects.filter(pk=house.boss.pk).update(role=Role.PURCHASER)
    with pytest.raises(NotAllowed, match="no longer"):
        add(house)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("username", "SAM", "already"),
        ("username", "two words", "username"),
        ("username", "", "short name"),
        ("display_name", "", "colleagues"),
        ("email", "nowhere", "email"),
        ("locations", [], "at least one location"),
        ("role", "king", "not in the list"),
        ("password", "short", "too short"),
        ("password", "norawu2026", "similar"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_entry_stays(house, field, value, told):
    answer = client_of(house.boss).post(NEW, entry(house, **{field: value}))
    assert answer.status_code == 422
    assert told in str(answer.context["form"].errors[field])
    assert "Nora" in answer.content.decode() or field == "display_name"
    assert User.objects.filter(username__iexact="nora").count() == 0
    assert not AuditEvent.objects.exists()


def test_the_form_offers_only_what_may_be_given(house):
    page = client_of(house.mia).get(NEW).content.decode()
    assert "South" not in page and 'value="manager"' not in page and "whole firm" not in page
    assert 'value="administrator"' in client_of(house.boss).get(NEW).content.decode()
