"""The API of suppliers and terms."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from inventory.models import Sku
from suppliers.models import Supplier, SupplierTerms
from tests.orders.conftest import NOW

pytestmark = pytest.mark.django_db
SUPPLIERS, TERMS = "/api/v1/suppliers/", "/api/v1/supplier-terms/"


def client_of(role):
    client = Client()
    client.force_login(User.objects.create_user(role, role=role, sees_all_locations=True))
    return client


@pytest.fixture
def buyer(db):
    return client_of(Role.PURCHASER)


def send(client, method, url, body):
    headers = {"Idempotency-Key": uuid4().hex}
    if method == "patch":
        headers["If-Match"] = client.get(url)["ETag"]
    return getattr(client, method)(url, body, content_type="application/json", headers=headers)


def test_a_supplier_is_added_read_and_changed(buyer):
    made = send(buyer, "post", SUPPLIERS, {"code": "ACME", "name": "Acme", "currency": "EUR"})
    assert made.status_code == 201
    one = reverse("api:supplier-detail", args=[made.json()["id"]])
    assert send(buyer, "patch", one, {"name": "Acme & Co"}).json()["name"] == "Acme & Co"
    assert buyer.get(SUPPLIERS, {"code": "ACME"}).json()["count"] == 1


def test_a_second_supplier_with_the_code_is_refused(buyer):
    for expected in (201, 422):
        assert send(buyer, "post", SUPPLIERS, {"code": "A", "name": "A", "currency": "EUR"}).status_code == expected


def test_the_code_does_not_change(buyer):
    supplier = Supplier.objects.create(code="A", name="A", currency="EUR")
    send(buyer, "patch", f"{SUPPLIERS}{supplier.pk}/", {"code": "B", "id": 7})
    supplier.refresh_from_db()
    assert supplier.code == "A"


def test_terms_are_set_and_ended(buyer):
    supplier = Supplier.objects.create(code="A", name="A", currency="EUR")
    sku = Sku.objects.create(code="tea", name="Tea", created_at=NOW)
    body = {"supplier": supplier.pk, "sku": sku.pk, "price": "1.5", "pack_size": "6"}
    first = send(buyer, "post", TERMS, body).json()
    assert (first["price"], first["pack_size"], first["sku_code"]) == ("1.5000", "6.000", "tea")
    one = f"{TERMS}{first['id']}/"
    assert buyer.delete(one, headers={"If-Match": buyer.get(one)["ETag"]}).status_code == 204
    assert not SupplierTerms.objects.get().is_active


@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER])
def test_others_read_and_do_not_write(db, role):
    client = client_of(role)
    assert client.get(SUPPLIERS).status_code == 200
    assert send(client, "post", SUPPLIERS, {"code": "A", "name": "A", "currency": "EUR"}).status_code == 403
    assert send(client, "post", TERMS, {}).status_code == 403


def test_nobody_signed_in_gets_nothing(db):
    assert Client().get(SUPPLIERS).status_code in (401, 403)
