"""What every test leans on: servers of its own, no network, and a browser that can open a page."""

import socket

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse


def test_settings_are_those_of_the_tests():
    assert settings.SETTINGS_MODULE == "tests.settings"


def test_database_is_a_test_database(db):
    assert connection.settings_dict["NAME"].startswith("test_")


def test_another_machine_cannot_be_reached():
    with pytest.raises(AssertionError, match=r"a test connects to 192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_mail_goes_nowhere_by_default():
    assert settings.EMAIL_BACKEND == "django.core.mail.backends.locmem.EmailBackend"


def test_browser_opens_the_sign_in_page_without_complaint(live_server, page):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto(live_server.url + reverse(settings.LOGIN_URL))
    assert page.locator("form input[name=password]").is_visible()
    assert complaints == []
