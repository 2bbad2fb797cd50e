"""Suppliers and terms: written through one door, refused with the field named."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import InvalidInput
from accounts.models import AuditEvent
from inventory.models import Sku
from suppliers.models import Supplier, SupplierTerms
from suppliers.selectors.terms import load_offers
from suppliers.services.suppliers import create_supplier, update_supplier
from suppliers.services.terms import Terms, end_terms, set_terms
from tests.orders.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    return create_supplier(code="ACME", name="Acme", currency="eur", actor=None, now=NOW)


@pytest.fixture
def tea():
    return Sku.objects.create(code="tea", name="Tea", created_at=NOW)


def agree(supplier, sku, **fields):
    terms = Terms(**{"price": Decimal("2.00"), **fields})
    return set_terms(supplier_id=supplier.pk, sku_id=sku.pk, terms=terms, actor=None, now=NOW)


def test_a_new_supplier_is_written_and_noted(acme):
    assert (acme.currency, acme.promised_lead_time_days, acme.is_active) == ("EUR", 7, True)
    assert AuditEvent.objects.get().action == "supplier.created"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"currency": "EURO"}, "currency"),
        ({"currency": "12€"}, "currency"),
        ({"email": "nobody"}, "email"),
        ({"minimum_order_value": Decimal(-1)}, "minimum_order_value"),
        ({"name": ""}, "name"),
        ({"promised_lead_time_days": -1}, "promised_lead_time_days"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(fields, field):
    with pytest.raises(InvalidInput) as refusal:
        create_supplier(**{"code": "X", "name": "X", "currency": "EUR", "actor": None, "now": NOW, **fields})
    assert field in {row["field"] for row in refusal.value.details}
    assert not Supplier.objects.exists()


def test_a_code_is_used_once(acme):
    with pytest.raises(InvalidInput, match="ACME"):
        create_supplier(code="ACME", name="Other", currency="EUR", actor=None, now=NOW)


def test_a_change_keeps_the_code_and_notes_before_and_after(acme):
    update_supplier(supplier_id=acme.pk, changes={"name": "Acme & Co"}, actor=None, now=NOW)
    noted = AuditEvent.objects.get(action="supplier.changed")
    assert noted.data == {"before": {"name": "Acme"}, "after": {"name": "Acme & Co"}}
    with pytest.raises(InvalidInput, match="code"):
        update_supplier(supplier_id=acme.pk, changes={"code": "NEW"}, actor=None, now=NOW)


def test_terms_are_set_and_replaced(acme, tea):
    first, second = agree(acme, tea), agree(acme, tea, price=Decimal(3))
    assert (first.pk, second.price) == (second.pk, 3)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", Decimal(-1)),
        ("pack_size", Decimal(0)),
        ("minimum_quantity", Decimal(-1)),
        ("priority", 0),
        ("promised_lead_time_days", 400),
    ],
)
def test_odd_terms_are_refused_by_name(acme, tea, field, value):
    with pytest.raises(InvalidInput) as refusal:
        agree(acme, tea, **{field: value})
    assert refusal.value.details[0]["field"] == field
    assert not SupplierTerms.objects.exists()


def test_ended_terms_and_inactive_suppliers_are_not_asked(acme, tea):
    terms = agree(acme, tea)
    assert len(load_offers([tea.pk])[tea.pk]) == 1
    end_terms(terms_id=terms.pk, actor=None, now=NOW)
    assert load_offers([tea.pk]) == {}
    agree(acme, tea)
    update_supplier(supplier_id=acme.pk, changes={"is_active": False}, actor=None, now=NOW)
    assert load_offers([tea.pk]) == {}


def test_offers_come_in_the_order_they_are_asked(acme, tea):
    best = create_supplier(code="BEST", name="Best", currency="EUR", promised_lead_time_days=3, actor=None, now=NOW)
    agree(acme, tea, price=Decimal(2), priority=2)
    agree(best, tea, price=Decimal(9), priority=1)
    offers = load_offers([tea.pk])[tea.pk]
    assert [(offer.supplier_name, offer.promised_days) for offer in offers] == [("Best", 3), ("Acme", 7)]


@pytest.mark.parametrize("broken", [{"price": -1}, {"pack_size": 0}, {"minimum_quantity": -1}])
def test_the_database_refuses_odd_terms_by_itself(acme, tea, broken):
    agree(acme, tea)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupplierTerms.objects.update(**broken)
