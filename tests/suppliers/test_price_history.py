"""Prices are kept as dated rows: one for each change, none for a repeat, through every door that writes terms."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from inventory.models import Sku
from suppliers.models import Supplier, SupplierPrice
from suppliers.selectors.prices import price_changes
from suppliers.services.bulk_terms import upsert_terms
from suppliers.services.suppliers import update_supplier
from suppliers.services.terms import Terms, set_terms
from tests.orders.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    return Supplier.objects.create(code="ACME", name="Acme", currency="EUR")


@pytest.fixture
def tea():
    return Sku.objects.create(code="tea", name="Tea", created_at=NOW)


def agree(supplier, sku, price, days=0, **fields):
    terms = Terms(price=Decimal(price), **fields)
    now = NOW + timedelta(days=days)
    return set_terms(supplier_id=supplier.pk, sku_id=sku.pk, terms=terms, actor=None, now=now)


def told(supplier, **search):
    return [(row.sku_code, row.was, row.price, row.share) for row in price_changes(supplier, **search)]


def test_each_change_is_a_row_and_a_repeat_is_none(acme, tea):
    agree(acme, tea, "2.00")
    agree(acme, tea, "2.00", days=1, pack_size=Decimal(6))
    agree(acme, tea, "2.10", days=2)
    rows = list(SupplierPrice.objects.order_by("since").values_list("price", "since"))
    assert rows == [(2, NOW), (Decimal("2.10"), NOW + timedelta(days=2))]


def test_changes_are_told_with_what_was_before(acme, tea):
    for day, price in enumerate(("2.00", "2.10", "1.05")):
        agree(acme, tea, price, days=day)
    assert told(acme) == [
        ("tea", Decimal("2.10"), Decimal("1.05"), Decimal("-0.5")),
        ("tea", 2, Decimal("2.1"), Decimal("0.05")),
    ]
    assert told(acme, search="te")[-1] == ("tea", None, 2, None)
    assert told(acme, search="salt") == []


def test_an_import_notes_what_it_changes_and_nothing_else(acme, tea):
    salt = Sku.objects.create(code="salt", name="Salt", created_at=NOW)
    agree(acme, tea, "2.00")
    agree(acme, salt, "5.00")
    rows = {
        (acme.pk, sku.pk): {"supplier_id": acme.pk, "sku_id": sku.pk, "price": price}
        for sku, price in ((tea, Decimal("3.00")), (salt, Decimal("5.00")))
    }
    for _ in range(2):
        upsert_terms(rows=rows, now=NOW + timedelta(days=1))
    assert told(acme) == [("tea", 2, 3, Decimal("0.5"))]


def test_another_currency_is_another_price_without_a_share(acme, tea):
    agree(acme, tea, "2.00")
    update_supplier(supplier_id=acme.pk, changes={"currency": "USD"}, actor=None, now=NOW + timedelta(days=1))
    assert told(acme) == [("tea", 2, 2, None)]
    update_supplier(supplier_id=acme.pk, changes={"name": "Acme & Co"}, actor=None, now=NOW + timedelta(days=2))
    assert SupplierPrice.objects.count() == 2


def test_another_supplier_s_prices_are_not_told(acme, tea):
    best = Supplier.objects.create(code="BEST", name="Best", currency="EUR")
    agree(best, tea, "1.00")
    agree(best, tea, "9.00", days=1)
    assert told(acme, search="tea") == []


def test_the_database_refuses_a_negative_price(acme, tea):
    terms = agree(acme, tea, "2.00")
    with pytest.raises(IntegrityError), transaction.atomic():
        SupplierPrice.objects.create(terms=terms, price=-1, currency="EUR", since=NOW)
