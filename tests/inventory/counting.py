"""Entries of counts, for tests."""

from decimal import Decimal
from uuid import uuid4

from inventory.services.count_entries import EntryGiven
from tests.inventory.conftest import NOW


def given(sku, quantity, **fields):
    """An entry as a phone sends it; counted now unless `told_at` says otherwise."""
    number = None if quantity is None else Decimal(str(quantity))
    return EntryGiven(**{"uid": uuid4(), "told_at": NOW, "sku": sku, "quantity": number, **fields})
