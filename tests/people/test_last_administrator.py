"""Somebody always administers the whole firm: whoever asks, however many ask at once, and whatever SQL is written."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.errors import DomainError, IllegalStateChange, NotAllowed
from accounts.models import Role, User
from people.services import people
from people.services.activity import deactivate_person
from people.services.people import change_person
from tests.orders.test_at_once import together
from tests.orders.test_at_once_controls import outcome, reading_at_the_same_time
from tests.people.conftest import NOW, make_user


def demote(person, actor):
    return change_person(person_id=person.pk, changes={"role": "purchaser"}, actor=actor, now=NOW)


def switch_off(person, actor):
    return deactivate_person(person_id=person.pk, actor=actor, now=NOW)


def bind(person, actor, place):
    return change_person(person_id=person.pk, changes={"locations": [place.pk]}, actor=actor, now=NOW)


def administrators():
    return User.objects.filter(role=Role.ADMINISTRATOR, is_active=True, sees_all_locations=True).count()


def test_the_last_one_stays_whatever_is_tried(house):
    switch_off(house.chief, house.boss)
    make_user("local", "administrator", house.north)
    for act in (demote, switch_off, lambda person, actor: bind(person, actor, house.north)):
        with pytest.raises(IllegalStateChange, match="last administrator"):
            act(house.boss, None)
        with pytest.raises(DomainError):
            act(house.boss, house.boss)
    assert administrators() == 1


def test_another_one_may_go(house):
    demote(house.chief, house.boss)
    assert administrators() == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE accounts_user SET role = 'staff' WHERE role = 'administrator'",
        "UPDATE accounts_user SET is_active = false",
        "UPDATE accounts_user SET sees_all_locations = false",
        "DELETE FROM accounts_user WHERE role = 'administrator'",
    ],
)
def test_the_database_refuses_it_too(house, sql):
    with (
        pytest.raises(IntegrityError, match="administers the whole firm"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert administrators() == 2


@pytest.mark.parametrize("act", [demote, switch_off])
@pytest.mark.django_db(transaction=True)
def test_of_two_who_demote_each_other_one_is_too_late(committed_house, act):
    house = committed_house

    def tried(person, actor):
        try:
            return act(person, actor)
        except DomainError as refusal:
            return refusal

    answers = together(lambda: tried(house.boss, house.chief), lambda: tried(house.chief, house.boss))
    assert sum(isinstance(answer, NotAllowed) for answer in answers) == 1
    assert administrators() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_of_the_service_the_database_still_keeps_one(committed_house, monkeypatch):
    house = committed_house
    read = reading_at_the_same_time(lambda pk: User.objects.get(pk=pk), 2)
    monkeypatch.setattr(people, "lock_person", read)
    for check in ("fresh_actor", "require_theirs", "require_an_administrator"):
        monkeypatch.setattr(people, check, lambda *args, **more: None)
    answers = together(
        outcome(lambda: demote(house.boss, house.chief)), outcome(lambda: demote(house.chief, house.boss))
    )
    assert sum(isinstance(answer, IntegrityError) for answer in answers) == 1
    assert administrators() == 1
