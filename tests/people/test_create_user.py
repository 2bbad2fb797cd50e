"""People are made by command: with a role, for a store or the whole firm, and with a password worth its name."""

from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent, User
from inventory.models import Location
from inventory.selectors.scope import locations_for


@pytest.fixture
def firm(db):
    return SimpleNamespace(shop=Location.objects.create(code="SHOP", name="Shop", kind="store"))


@pytest.fixture
def make(firm, monkeypatch):
    def create(*arguments, password=""):
        monkeypatch.setenv("NEW_PASSWORD", password)
        out = StringIO()
        call_command("create_user", *arguments, "--make-password", stdout=out)
        return out.getvalue()

    return create


def test_staff_of_one_store_see_that_store(make, firm):
    make("anna", "--role", "staff", "--location", "SHOP", password="a-long-enough-one")
    anna = User.objects.get(username="anna")
    assert anna.check_password("a-long-enough-one")
    assert list(locations_for(anna)) == [firm.shop]
    after = AuditEvent.objects.get().data["after"]
    assert (after["role"], after["locations"]) == ("staff", ["SHOP"])


def test_without_a_location_it_is_the_whole_firm_and_a_made_password_is_printed(make):
    told = make("boss", "--role", "administrator")
    assert User.objects.get().sees_all_locations
    assert User.objects.get().check_password(told.split("Password: ")[1].strip())


def test_if_none_does_nothing_when_there_is_a_user(make):
    make("boss")
    assert make("other", "--if-none") == ""
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "password", "word"),
    [
        (("boss",), "a-long-enough-one", "already"),
        (("anna", "--location", "NOWHERE"), "a-long-enough-one", "NOWHERE"),
        (("anna",), "short", "too short"),
    ],
)
def test_what_cannot_be_is_refused_and_makes_nobody(make, arguments, password, word):
    make("boss")
    with pytest.raises(CommandError, match=word):
        make(*arguments, password=password)
    assert User.objects.count() == 1
