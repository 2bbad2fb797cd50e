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


@pytest.fixture
def firm(db):
    supplier = Supplier.objects.create(code="LEAF", name="Leaf", currency="EUR")
    return supplier, Sku.objects.create(code="2607", name="Tea", created_at=NOW)


def test_terms_and_closing_days_name_their_rows_by_code_or_id(buyer, firm):
    """A code may be a number, and text is a code first."""
    supplier, sku = firm
    Supplier.objects.create(code=str(supplier.pk + 100), name="Other", currency="EUR")
    for price, names in enumerate(
        [("LEAF", "2607"), (supplier.pk, sku.pk), ("LEAF", sku.pk), (str(supplier.pk), "2607")]
    ):
        body = {"supplier": names[0], "sku": names[1], "price": str(price)}
        answer = buyer.post(
            TERMS, body, content_type="application/json", headers={"Idempotency-Key": uuid4().hex, "If-Match": "*"}
        )
        assert answer.status_code == 201, answer.json()
    assert SupplierTerms.objects.get().price == 3
    days = {"supplier": "LEAF", "name": "Fair", "starts_on": "2027-01-01", "ends_on": "2027-01-02"}
    assert send(buyer, "post", "/api/v1/supplier-closures/", days).status_code == 201


@pytest.mark.parametrize("address", [TERMS, "/api/v1/supplier-closures/"])
def test_lists_are_narrowed_by_code_or_id(buyer, firm, address):
    supplier, _sku = firm
    send(buyer, "post", TERMS, {"supplier": "LEAF", "sku": "2607", "price": "1"})
    days = {"supplier": "LEAF", "name": "Fair", "starts_on": "2027-01-01", "ends_on": "2027-01-02"}
    send(buyer, "post", "/api/v1/supplier-closures/", days)
    for word in ("LEAF", supplier.pk):
        assert buyer.get(address, {"supplier": word}).json()["count"] == 1
    refused = buyer.get(address, {"supplier": "NONE"})
    assert refused.json()["errors"][0]["message"] == "There is nothing with the code or id NONE here."


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("supplier", "NONE", "There is nothing with the code or id NONE here."),
        ("supplier", 77, "There is nothing with the code or id 77 here."),
        ("sku", "9" * 30, "There is nothing with the code or id " + "9" * 30 + " here."),
        ("sku", ["2607"], "Send a code here, a text in quotation marks, or an id, a whole number."),
        ("sku", True, "Send a code here, a text in quotation marks, or an id, a whole number."),
    ],
)
def test_what_there_is_not_is_named(buyer, firm, name, value, message):
    answer = send(buyer, "post", TERMS, {"supplier": "LEAF", "sku": "2607", "price": "1", name: value})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"field": name, "message": message}]
    assert not SupplierTerms.objects.exists()


@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER])
def test_others_read_and_do_not_write(db, role):
    client = client_of(role)
    assert client.get(SUPPLIERS).status_code == 200
    assert send(client, "post", SUPPLIERS, {"code": "A", "name": "A", "currency": "EUR"}).status_code == 403
    assert send(client, "post", TERMS, {}).status_code == 403


def test_nobody_signed_in_gets_nothing(db):
    assert Client().get(SUPPLIERS).status_code in (401, 403)
