"""A password that an administrator gives: checked like any other, and the person is signed out everywhere."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiKey
from accounts.services.api_keys import create_api_key
from people.services.activity import deactivate_person
from tests.people.conftest import NOW, PASSWORD, client_of, last_event

NEW = "another-long-password"
SIGN_IN = reverse("accounts:sign_in")


def give(client, person, password=NEW, **more):
    return client.post(reverse("people:password", args=[person.pk]), {"password": password}, **more)


def test_it_holds_and_ends_the_sessions(house):
    theirs = client_of(house.sam)
    assert give(client_of(house.mia), house.sam).status_code == 302
    assert theirs.get("/").status_code == 302
    assert Client().post(SIGN_IN, {"username": "sam", "password": NEW}).status_code == 302
    assert (last_event().action, last_event().actor, last_event().data) == ("user.password_set", house.mia, {})


def test_it_opens_a_name_that_was_locked(house):
    client = Client()
    for _try in range(5):
        client.post(SIGN_IN, {"username": "sam", "password": "wrong"})
    assert client.post(SIGN_IN, {"username": "sam", "password": PASSWORD}).status_code == 429
    give(client_of(house.boss), house.sam)
    assert client.post(SIGN_IN, {"username": "sam", "password": NEW}).status_code == 302


@pytest.mark.parametrize(
    ("password", "told"), [("short", "too short"), ("", "make a link"), ("password123", "too common")]
)
def test_a_weak_one_is_refused_with_what_to_do(house, password, told):
    answer = give(client_of(house.boss), house.sam, password)
    assert answer.status_code == 422 and told in answer.content.decode()
    house.sam.refresh_from_db()
    assert house.sam.check_password(PASSWORD)


def test_not_for_oneself_nor_for_others_people_nor_when_switched_off(house):
    own = give(client_of(house.boss), house.boss, follow=True)
    assert "Change your own password on your profile page" in own.content.decode()
    assert give(client_of(house.mia), house.sue).status_code == 404
    assert give(client_of(house.pat), house.sam).status_code == 403
    deactivate_person(person_id=house.sam.pk, actor=house.boss, now=NOW)
    assert "Switch this person on first" in give(client_of(house.boss), house.sam, follow=True).content.decode()
    house.sam.refresh_from_db()
    assert not house.sam.has_usable_password()


def test_keys_go_on_and_the_page_says_how_to_end_them(house):
    """A password that was forgotten is no reason to stop a till."""
    said = "Programs go on with the API keys of"
    assert said not in give(client_of(house.mia), house.sam, follow=True).content.decode()
    key, token = create_api_key(user=house.sam, name="till", now=timezone.now())
    assert said in give(client_of(house.mia), house.sam, NEW + "2", follow=True).content.decode()
    assert Client().get("/api/v1/skus/", headers={"authorization": f"Api-Key {token}"}).status_code == 200
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now())
    assert said not in give(client_of(house.mia), house.sam, NEW + "3", follow=True).content.decode()
