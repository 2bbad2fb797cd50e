"""A link to set a password: good once, for its person, until it expires; shown once, and e-mailed too."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.errors import IllegalStateChange, NotAllowed
from accounts.models import AuditEvent, PasswordLink
from accounts.services.password_links import use_password_link
from outbox.models import Message
from outbox.services.send_email import build_email
from people.services.activity import deactivate_person
from people.services.links import INVITED_FOR, give_password_link
from people.services.passwords import set_password
from people.views.without_sign_in import MOST_GUESSES, MOST_TRIES
from tests.orders.test_at_once import together
from tests.people.conftest import PASSWORD, client_of, last_event

NEW = "another-long-password"
CHOSEN = {"new_password1": NEW, "new_password2": NEW}
SIGN_IN = reverse("accounts:sign_in")


def make_link(house, who="sam", actor="boss"):
    made = give_password_link(person_id=getattr(house, who).pk, actor=getattr(house, actor), now=timezone.now())
    return made.address.removeprefix(settings.SITE_URL)


def signs_in(name, password):
    return Client().post(SIGN_IN, {"username": name, "password": password}).status_code == 302


def test_the_person_chooses_a_password_and_signs_in(house):
    url = make_link(house)
    assert "sam" in Client().get(url).content.decode()
    assert Client().post(url, CHOSEN)["Location"] == SIGN_IN
    assert signs_in("sam", NEW) and not signs_in("sam", PASSWORD)
    assert (last_event().action, last_event().actor) == ("user.password_chosen", house.sam)


def test_it_works_once(house):
    url = make_link(house)
    Client().post(url, CHOSEN)
    assert Client().get(url).status_code == 410
    assert Client().post(url, dict.fromkeys(CHOSEN, "third-long-password")).status_code == 410
    assert signs_in("sam", NEW)


def test_it_ends_by_itself(house):
    url = make_link(house)
    with time_machine.travel(timezone.now() + INVITED_FOR - timedelta(minutes=1), tick=False):
        assert Client().get(url).status_code == 200
    with time_machine.travel(timezone.now() + INVITED_FOR, tick=False):
        late = Client().post(url, CHOSEN)
    assert late.status_code == 410
    assert "ask your administrator" in late.content.decode()
    assert signs_in("sam", PASSWORD)


def test_a_newer_link_a_given_password_and_switching_off_end_it(house):
    first, second = make_link(house), make_link(house)
    assert [Client().get(url).status_code for url in (first, second)] == [410, 200]
    set_password(person_id=house.sam.pk, password=NEW, actor=house.boss, now=timezone.now())
    third = make_link(house)
    assert [Client().get(url).status_code for url in (second, third)] == [410, 200]
    deactivate_person(person_id=house.sam.pk, actor=house.boss, now=timezone.now())
    assert Client().post(third, CHOSEN).status_code == 410


def test_one_s_own_new_password_ends_it_too(house):
    url = make_link(house)
    client_of(house.sam).post(reverse("accounts:profile"), {"old_password": PASSWORD, **CHOSEN})
    assert Client().get(url).status_code == 410


def test_whoever_is_signed_in_with_the_old_password_is_out(house):
    client, url = client_of(house.sam), make_link(house)
    assert client.get("/").status_code == 200
    Client().post(url, CHOSEN)
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"new_password1": "short", "new_password2": "short"}, "too short"),
        ({"new_password1": NEW, "new_password2": "other"}, "match"),
        ({"new_password1": "password123", "new_password2": "password123"}, "too common"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_stays_good(house, typed, told):
    url = make_link(house)
    refused = Client().post(url, typed)
    assert refused.status_code == 422 and told in refused.content.decode()
    assert Client().post(url, CHOSEN).status_code == 302


def test_what_is_wrong_is_said_in_chinese_too(house):
    chinese = Client(headers={"accept-language": "zh-CN"})
    for password, told in (("short", "密码太短。请至少使用 10 个字符。"), ("password123", "太常见")):
        page = chinese.post(make_link(house), dict.fromkeys(CHOSEN, password)).content.decode()
        assert told in page and "This password" not in page


def test_only_a_digest_is_kept_and_nothing_by_browsers(house):
    url = make_link(house)
    token = url.split("/")[2]
    assert token not in str(list(PasswordLink.objects.values())) + str(list(AuditEvent.objects.values()))
    answer = Client().get(url)
    assert "no-store" in answer["Cache-Control"] and answer["X-Robots-Tag"] == "noindex, nofollow"


def test_guesses_and_tries_are_limited(house):
    url, client = make_link(house), Client()
    assert [client.get("/password/x/").status_code for _ in range(MOST_GUESSES + 1)] == [404] * MOST_GUESSES + [429]
    cache.clear()
    assert [client.post(url, {}).status_code for _ in range(MOST_TRIES + 1)] == [422] * MOST_TRIES + [429]


def test_the_page_shows_it_this_once_and_says_whether_it_was_sent(house, settings):
    client, address = client_of(house.mia), reverse("people:link", args=[house.sam.pk])
    page = client.post(address).content.decode()
    assert "/password/" in page and "on its way" not in page
    assert not Message.objects.exists()
    settings.HAS_MAIL_SERVER = True
    assert "on its way to sam@example.com" in client.post(address).content.decode()


@pytest.mark.parametrize(("site", "is_told"), [("http://127.0.0.1:8000", True), ("https://shop.example", False)])
def test_an_address_that_opens_here_only_is_told(house, settings, site, is_told):
    settings.SITE_URL = site
    page = client_of(house.mia).post(reverse("people:link", args=[house.sam.pk])).content.decode()
    assert ("set SITE_URL in .env" in page) == is_told


def test_the_mail_waits_without_the_link_and_leaves_with_it(house, settings):
    settings.HAS_MAIL_SERVER = True
    house.sam.language = "zh-hans"
    house.sam.save(update_fields=["language"])
    url = make_link(house)
    message = Message.objects.get()
    assert url.split("/")[2] not in str(message.payload)
    assert url in build_email(message).body and "用户名" in message.payload["text"]


@pytest.mark.parametrize(("who", "actor"), [("chief", "mia"), ("sue", "mia"), ("sam", "pat"), ("boss", "boss")])
def test_nobody_makes_one_for_whom_they_do_not_administer(house, who, actor):
    with pytest.raises(NotAllowed):
        make_link(house, who, actor)
    answer = client_of(getattr(house, actor)).post(reverse("people:link", args=[getattr(house, who).pk]))
    assert answer.status_code in (302, 403, 404)
    assert not PasswordLink.objects.exists()


def test_none_for_somebody_switched_off(house):
    deactivate_person(person_id=house.sam.pk, actor=house.boss, now=timezone.now())
    with pytest.raises(IllegalStateChange, match="Switch this person on"):
        make_link(house)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_it_at_once_one_is_too_late(committed_house):
    make_link(committed_house)
    link = PasswordLink.objects.get()
    answers = together(
        *(
            lambda word=word: use_password_link(link_id=link.pk, password=word, now=timezone.now())
            for word in (NEW, PASSWORD * 2)
        )
    )
    assert sum(isinstance(answer, IllegalStateChange) for answer in answers) == 1
