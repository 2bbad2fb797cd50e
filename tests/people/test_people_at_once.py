"""Two at once: one name is given once, one edit wins, and whoever is switched off while changing others is too late."""

import pytest

from accounts.errors import InvalidInput, NotAllowed, Stale
from accounts.models import User
from accounts.services.edits import edit_as_seen
from people.services.activity import deactivate_person
from people.services.people import change_person, create_person
from people.versions import PERSON
from tests.orders.test_at_once import together
from tests.people.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def add(house, name):
    fields = {"role": "staff", "locations": [house.north.pk]}
    return lambda: create_person(username=name, actor=house.boss, now=NOW, **fields)


def rename(house, name, actor, seen):
    def act():
        return change_person(person_id=house.sam.pk, changes={"display_name": name}, actor=actor, now=NOW)

    return lambda: edit_as_seen(kind=PERSON, pk=house.sam.pk, seen=[seen], act=act)


def test_a_name_is_given_once_also_in_other_letters(committed_house):
    answers = together(*(add(committed_house, name) for name in ("nora", "NORA", "Nora")))
    assert sum(isinstance(answer, InvalidInput) for answer in answers) == 2
    assert User.objects.filter(username__iexact="nora").count() == 1


def test_of_two_edits_of_one_person_one_has_to_look_again(committed_house):
    house, seen = committed_house, PERSON.version_of(committed_house.sam.pk)
    answers = together(rename(house, "One", house.boss, seen), rename(house, "Two", house.chief, seen))
    assert sum(isinstance(answer, Stale) for answer in answers) == 1


def test_whoever_is_switched_off_first_changes_nobody_after_it(committed_house):
    house = committed_house
    answers = together(
        lambda: deactivate_person(person_id=house.chief.pk, actor=house.boss, now=NOW),
        lambda: change_person(person_id=house.sam.pk, changes={"role": "manager"}, actor=house.chief, now=NOW),
    )
    house.sam.refresh_from_db()
    assert isinstance(answers[1], NotAllowed) == (house.sam.role == "staff")
    assert not User.objects.get(pk=house.chief.pk).is_active
