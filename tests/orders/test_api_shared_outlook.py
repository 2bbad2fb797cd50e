"""The outlook of a supplier switched by a program: on and off, repeated, by who may edit suppliers."""

import pytest
from django.test import Client

from accounts.models import AuditEvent, Role, User
from orders.models import SharedOutlook
from orders.services.shared_outlook import share_outlook
from tests.orders.conftest import NOW

URL = "/api/v1/shared-outlooks/"
pytestmark = pytest.mark.django_db


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def buyer(firm):
    return client_of(firm.buyer)


def at(firm):
    return f"{URL}{firm.acme.pk}/"


def test_it_is_switched_on_once_however_often_it_is_sent(firm, buyer):
    first = buyer.put(at(firm))
    again = buyer.put(at(firm))
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert first.json()["supplier_code"] == "ACME"
    assert AuditEvent.objects.filter(action="outlook.shared").count() == 1


def test_listed_are_those_who_see_it(firm, buyer):
    assert buyer.get(URL).json()["results"] == []
    assert buyer.get(at(firm)).status_code == 404
    buyer.put(at(firm))
    assert [row["supplier"] for row in buyer.get(URL).json()["results"]] == [firm.acme.pk]
    assert buyer.get(at(firm)).json()["shared_by"] == firm.buyer.pk


def test_it_is_switched_off_once_however_often_it_is_sent(firm, buyer):
    share_outlook(supplier_id=firm.acme.pk, is_shared=True, actor=firm.buyer, now=NOW)
    assert [buyer.delete(at(firm)).status_code for _ in range(2)] == [204, 204]
    assert not SharedOutlook.objects.exists()
    assert AuditEvent.objects.filter(action="outlook.kept_back").count() == 1


@pytest.mark.parametrize("supplier", ["999999", "9" * 30, "9" * 5000, "acme"])
def test_a_supplier_that_does_not_exist_is_not_found(buyer, supplier):
    assert buyer.put(f"{URL}{supplier}/").status_code == 404
    assert buyer.get(f"{URL}{supplier}/").status_code == 404


@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER])
def test_who_does_not_edit_suppliers_may_look_and_not_switch(firm, role):
    client = client_of(User.objects.create_user("who", role=role, sees_all_locations=True))
    assert client.get(URL).status_code == 200
    assert client.put(at(firm)).status_code == client.delete(at(firm)).status_code == 403
    assert not SharedOutlook.objects.exists()


def test_nobody_looks_without_signing_in(firm):
    assert Client().get(URL).status_code in (401, 403)
