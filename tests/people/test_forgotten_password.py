"""Forgotten the password: offered with a mail server only, tells nothing, and sends a link for hours."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from outbox.models import Message
from outbox.services.send_email import build_email
from people.services.activity import deactivate_person
from people.views.without_sign_in import MOST_ASKED

FORGOTTEN, SIGN_IN = reverse("people:forgotten"), reverse("accounts:sign_in")


@pytest.fixture
def house(house, settings):
    settings.HAS_MAIL_SERVER = True
    return house


def ask(name):
    return Client().post(FORGOTTEN, {"name": name})


def words_of(answer):
    """The page without the token of its forms, which is new each time."""
    return re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode())


def test_without_a_mail_server_it_is_neither_offered_nor_there(house, settings):
    assert FORGOTTEN in Client().get(SIGN_IN).content.decode()
    settings.HAS_MAIL_SERVER = False
    page = Client().get(SIGN_IN).content.decode()
    assert FORGOTTEN not in page and "Your administrator can set a new one" in page
    assert ask("sam").status_code == Client().get(FORGOTTEN).status_code == 404
    assert not Message.objects.exists()


@pytest.mark.parametrize("name", ["sam", " SAM ", "Sam@Example.com"])
def test_a_link_is_sent_to_who_is_named(house, name):
    assert ask(name).status_code == 200
    message = Message.objects.get()
    assert message.target == "sam@example.com"
    url = re.search(r"/password/\S+/", build_email(message).body).group()
    new = "another-long-password"
    assert Client().post(url, {"new_password1": new, "new_password2": new}).status_code == 302
    assert User.objects.get(pk=house.sam.pk).check_password(new)
    assert AuditEvent.objects.filter(action="user.link_asked", object_id=str(house.sam.pk)).exists()


def test_it_ends_after_two_hours(house):
    ask("sam")
    url = re.search(r"/password/\S+/", build_email(Message.objects.get()).body).group()
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert Client().get(url).status_code == 410


def test_the_answer_tells_nothing_of_who_exists(house):
    User.objects.filter(pk=house.sue.pk).update(email="")
    deactivate_person(person_id=house.pat.pk, actor=house.boss, now=timezone.now())
    fresh = User.objects.create_user("fresh", "fresh@example.com", None, role="staff")
    known = words_of(ask("sam"))
    assert [words_of(ask(name)) == known for name in ("nobody", "sue", "pat", fresh.username)] == [True] * 4
    assert Message.objects.count() == 1


def test_nothing_typed_is_said(house):
    assert ask("").status_code == 422


def test_tries_are_limited(house):
    assert [ask("nobody").status_code for _ in range(MOST_ASKED + 1)] == [200] * MOST_ASKED + [429]
