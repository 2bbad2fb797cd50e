"""Who tries too often is known by the address they came from, also behind the shop's own proxies."""

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from accounts.models import User
from accounts.senders import sender_of

PROXY, GUESSER, GUEST = "10.0.0.1", "203.0.113.9", "198.51.100.7"


def sender(told=None):
    headers = {} if told is None else {"HTTP_X_FORWARDED_FOR": told}
    return sender_of(RequestFactory().get("/", REMOTE_ADDR=PROXY, **headers))


def test_without_a_proxy_nobody_is_believed(settings):
    settings.PROXIES_IN_FRONT = 0
    assert sender(GUEST) == PROXY


@pytest.mark.parametrize(
    ("proxies", "told", "found"),
    [
        (1, GUEST, GUEST),
        (1, f"{GUESSER}, {GUEST}", GUEST),  # the first was made up
        (2, f"{GUESSER},{GUEST}, 10.0.0.2", GUEST),
        (2, GUEST, PROXY),  # it did not come through both
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "unknown", PROXY),
        (1, "", PROXY),
        (1, None, PROXY),
    ],
)
def test_behind_proxies_the_one_that_they_wrote_counts(settings, proxies, told, found):
    settings.PROXIES_IN_FRONT = proxies
    assert sender(told) == found


def sign_in(client, password, told):
    form = {"username": "nora", "password": password}
    return client.post("/sign-in/", form, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=told).status_code


@pytest.mark.django_db
def test_who_guesses_a_password_does_not_lock_out_its_owner(client, settings):
    settings.PROXIES_IN_FRONT = 1
    cache.clear()
    User.objects.create_user("nora", password="Tea-and-2-scones")
    assert [sign_in(client, "wrong", GUESSER) for _try in range(6)][-1] == 429
    assert sign_in(client, "Tea-and-2-scones", GUESSER) == 429
    assert sign_in(client, "Tea-and-2-scones", GUEST) == 302
