"""Sign-in, lock, sign-out, language, profile and the pages of errors."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from tests.pages.conftest import PASSWORD, make_user

SIGN_IN, PROFILE = reverse("accounts:sign_in"), reverse("accounts:profile")


@pytest.fixture
def sam(shop):
    return make_user("sam", Role.STAFF, shop.here)


def sign_in(client, password, **fields):
    return client.post(SIGN_IN, {"username": "sam", "password": password, **fields})


def test_the_right_password_leads_home_or_where_one_came_from(client, sam):
    assert sign_in(client, PASSWORD).url == "/"
    assert sign_in(Client(), PASSWORD, next="/stock/").url == "/stock/"


def test_it_never_leads_to_another_site(client, sam):
    assert sign_in(client, PASSWORD, next="https://elsewhere.example/").url == "/"


def test_a_wrong_password_keeps_the_name_and_says_nothing_of_who_exists(client, sam):
    wrong = sign_in(client, "wrong")
    nobody = client.post(SIGN_IN, {"username": "nobody", "password": "wrong"})
    assert wrong.status_code == nobody.status_code == 422
    assert wrong.context["form"].errors == nobody.context["form"].errors
    assert 'value="sam"' in wrong.content.decode()


def test_after_five_wrong_tries_the_name_is_locked_and_says_for_how_long(client, sam):
    for _try in range(5):
        answer = sign_in(client, "wrong")
    assert answer.status_code == 429
    assert "15 minutes" in answer.content.decode()
    assert sign_in(client, PASSWORD).status_code == 429


def test_signing_out_needs_a_post(staff):
    assert staff.get(reverse("accounts:sign_out"))["Location"] == "/"
    assert staff.get("/").status_code == 200
    staff.post(reverse("accounts:sign_out"))
    assert staff.get("/").status_code == 302


def test_the_language_is_kept_for_the_next_sign_in(staff):
    staff.post(reverse("accounts:language"), {"language": "zh-hans", "next": "/"})
    staff.user.refresh_from_db()
    assert staff.user.language == "zh-hans"
    fresh = Client()
    sign_in(fresh, PASSWORD)
    assert 'lang="zh-hans"' in fresh.get("/").content.decode()


def test_an_unknown_language_changes_nothing(staff):
    staff.post(reverse("accounts:language"), {"language": "xx", "next": "/"})
    staff.user.refresh_from_db()
    assert staff.user.language == ""


def test_a_new_password_keeps_the_session_and_works(staff):
    new = "another-long-password"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert staff.post(PROFILE, fields).status_code == 302
    assert staff.get("/").status_code == 200
    staff.user.refresh_from_db()
    assert staff.user.check_password(new)


@pytest.mark.parametrize("new", ["short", "password123", ""])
def test_a_weak_password_is_refused(staff, new):
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert staff.post(PROFILE, fields).status_code == 422
    staff.user.refresh_from_db()
    assert staff.user.check_password(PASSWORD)


def test_pages_of_errors_speak_plainly(staff, as_role):
    assert "nothing here" in staff.get("/nowhere/").content.decode()
    refused = as_role(Role.PURCHASER).get(reverse("inventory:sell"))
    assert "Your role does not allow this" in refused.content.decode()


def test_no_page_carries_inline_script_or_style(staff, shop):
    for address in ("/", "/stock/", f"/skus/{shop.bread.pk}/", "/stock/sell/", PROFILE, "/transfers/", "/orders/"):
        page = staff.get(address)
        text = page.content.decode()
        assert " style=" not in text and " onclick=" not in text and "hx-on" not in text, address
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
