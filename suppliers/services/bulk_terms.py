"""Suppliers and their terms in sets, for imports and first set-ups."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from inventory.services.bulk_upsert import Upserted, upsert
from suppliers.models import Supplier, SupplierClosure, SupplierTerms
from suppliers.services.prices import note_prices


@transaction.atomic
def upsert_suppliers(*, rows: Mapping[str, Mapping[str, Any]], currency: str, now: datetime) -> Upserted:
    """Suppliers by code; values are the fields of `Supplier`. None keeps what is there; `currency` serves where none
    is said. Prices that are in another currency from now on are noted in the history."""
    said = [code for code, values in rows.items() if values.get("currency")]
    before = dict(Supplier.objects.filter(code__in=said).values_list("code", "currency"))
    made = upsert(
        Supplier, key_fields=["code"], rows=rows, defaults={"currency": currency}, scope={"code__in": list(rows)}
    )
    changed = [made.ids[code] for code, was in before.items() if was != rows[code]["currency"]]
    if changed:
        terms = SupplierTerms.objects.filter(supplier__in=changed)
        note_prices(terms_ids=list(terms.values_list("pk", flat=True)), now=now)
    return made


@transaction.atomic
def upsert_terms(*, rows: Mapping[tuple[int, int], Mapping[str, Any]], now: datetime) -> Upserted:
    """Terms by (supplier id, SKU id); values are the fields of `SupplierTerms`. None keeps what is there. A price that
    changes is noted in the history."""
    scope = {"supplier_id__in": {pair[0] for pair in rows}, "sku_id__in": {pair[1] for pair in rows}}
    made = upsert(SupplierTerms, key_fields=["supplier_id", "sku_id"], rows=rows, defaults={}, scope=scope)
    note_prices(terms_ids=made.ids.values(), now=now)
    return made


@transaction.atomic
def upsert_closures(*, periods: Mapping[tuple[int, date, str], date]) -> Upserted:
    """The last day of each closing period, by (supplier id, first day, name)."""
    rows = {
        key: {"supplier_id": key[0], "starts_on": key[1], "name": key[2], "ends_on": last}
        for key, last in periods.items()
    }
    scope = {"supplier_id__in": {key[0] for key in periods}}
    keys = ["supplier_id", "starts_on", "name"]
    return upsert(SupplierClosure, key_fields=keys, rows=rows, defaults={}, scope=scope)
