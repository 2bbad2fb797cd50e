"""A call with an API key goes past sessions and form tokens, and loses nothing that it is owed on that way."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services.api_keys import create_api_key

pytestmark = pytest.mark.django_db
URL = "/api/v1/categories/"


@pytest.fixture
def user():
    return User.objects.create_user("till", role="administrator", sees_all_locations=True)


@pytest.fixture
def headers(user):
    _key, token = create_api_key(user=user, name="till", now=timezone.now())
    return {"Authorization": f"Api-Key {token}"}


def test_one_statement_finds_key_and_user(client, headers, django_assert_num_queries):
    client.get(URL, headers=headers)
    with django_assert_num_queries(2):  # key and user, page
        assert client.get(URL, headers=headers).status_code == 200


def test_the_answer_is_safe_in_a_browser(client, headers):
    answer = client.get(URL, headers=headers)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer["Content-Length"] == str(len(answer.content))


@pytest.mark.parametrize(("asked", "given"), [("zh-CN", "zh-hans"), ("fr", "en")])
def test_it_speaks_the_language_of_the_caller(client, headers, asked, given):
    answer = client.get(URL, headers=headers | {"Accept-Language": asked})
    assert answer["Content-Language"] == given
    assert "Accept-Language" in answer["Vary"]


def test_a_wrong_key_is_not_helped_by_a_session(user):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    answer = browser.post(URL, headers={"Authorization": "Api-Key forged.key"})
    assert answer.status_code == 401


def test_a_key_opens_no_page_and_no_form(client, headers):
    answer = client.get("/stock/", headers=headers)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in")


def test_a_foreign_host_is_refused(client, headers):
    assert client.get(URL, headers=headers | {"Host": "evil.example"}).status_code == 400


def test_nul_is_refused(client, headers):
    assert client.get(URL + "?search=a%00b", headers=headers).status_code == 400


def test_an_address_that_is_not_there_is_answered_as_without_a_key(client, headers):
    assert client.get("/api/v1/nothing/", headers=headers).status_code == 404
    assert client.get("/api/v1/categories", headers=headers).status_code == 301
