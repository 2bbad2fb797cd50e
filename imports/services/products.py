"""Writer of the one file that a small firm begins with: products, what is there of them, and who delivers them."""

from decimal import Decimal

from imports.domain.columns import ParsedRow
from imports.domain.errors import CellError
from imports.services.catalogue import write_skus
from imports.services.context import ImportContext
from imports.services.opening import OpeningRow, post_opening
from inventory.models import Location, Sku
from inventory.models.location import STOCKING_KINDS
from inventory.services.bulk_catalogue import upsert_locations
from suppliers.models import SupplierTerms
from suppliers.services.bulk_terms import upsert_suppliers, upsert_terms

# The store of a firm that has one and never needed a name for it.
ONLY_STORE = "MAIN"


def write_products(rows: list[ParsedRow], context: ImportContext) -> int:
    """A SKU may have a row for each location; what is said of the SKU itself must then be the same."""
    first = _first_of_each_sku(rows, context)
    context.errors.refuse_if_any()
    changed = write_skus(first, context)
    rows = _with_places(rows, context)
    context.errors.refuse_if_any()
    changed += _make_locations(rows, context)
    skus = dict(Sku.objects.filter(code__in={row.values["code"] for row in rows}).values_list("code", "pk"))
    changed += _make_suppliers(first, skus, context)
    placed = [row for row in rows if row.values["location"]]
    places = context.resolve_locations(placed)
    context.errors.refuse_if_any()
    opening = [
        OpeningRow(
            row.number, skus[row.values["code"]], places[row.values["location"]].pk, row.values["on_hand"] or Decimal(0)
        )
        for row in placed
    ]
    return changed + (post_opening(opening, "on_hand", context) if opening else 0)


def _with_places(rows: list[ParsedRow], context: ImportContext) -> list[ParsedRow]:
    """Rows that say what is there but not where mean the only store; of several the file has to name one."""
    only = _only_place(context)
    named = []
    for row in rows:
        if row.values["on_hand"] is None or row.values["location"]:
            named.append(row)
        elif only:
            named.append(ParsedRow(row.number, {**row.values, "location": only}))
        else:
            context.errors.add(CellError(row.number, "location", "empty_cell"))
    return named


def _only_place(context: ImportContext) -> str:
    """That of the person, or the one that an earlier list made; empty where it could be any of several."""
    if not _has_places():
        return ONLY_STORE
    codes = set(Location.objects.filter(pk__in=context.own_location_ids()).values_list("code", flat=True))
    return ONLY_STORE if ONLY_STORE in codes else codes.pop() if len(codes) == 1 else ""


def _has_places() -> bool:
    return Location.objects.filter(kind__in=STOCKING_KINDS).exists()


def _first_of_each_sku(rows: list[ParsedRow], context: ImportContext) -> list[ParsedRow]:
    first: dict[str, ParsedRow] = {}
    for row in rows:
        known = first.setdefault(row.values["code"], row)
        for column in ("name", "unit", "cost", "price"):
            if row.values[column] != known.values[column]:
                context.errors.add(
                    CellError(row.number, column, "row_differs", str(row.values[column]), str(known.number))
                )
    return list(first.values())


def _make_locations(rows: list[ParsedRow], context: ImportContext) -> int:
    """Stores that the file names and that do not exist yet; only those who see all locations may add one."""
    named = {row.values["location"]: row for row in rows if row.values["location"]}
    if not named and not _has_places():
        named = {ONLY_STORE: rows[0]}
    known = set(Location.objects.filter(code__in=named).values_list("code", flat=True))
    missing = {code: row for code, row in named.items() if code not in known}
    if context.user is not None and not context.user.sees_all_locations:
        for code, row in missing.items():
            context.errors.add(CellError(row.number, "location", "unknown_location", code))
        context.errors.refuse_if_any()
    new = {code: {"code": code, "name": code.title(), "kind": "store"} for code in missing}
    return upsert_locations(rows=new, time_zone=context.time_zone).changed


def _make_suppliers(rows: list[ParsedRow], skus: dict[str, int], context: ImportContext) -> int:
    """Suppliers by their name, and terms at the cost of the SKU."""
    with_supplier = [row for row in rows if row.values["supplier"]]
    suppliers: dict[str, dict[str, object]] = {}
    for row in with_supplier:
        name = row.values["supplier"]
        known = suppliers.setdefault(name[:40], {"code": name[:40], "name": name, "email": None})
        known["email"] = known["email"] or row.values["supplier_email"] or None
    made = upsert_suppliers(rows=suppliers, currency=context.currency, now=context.now)
    pairs = {(made.ids[row.values["supplier"][:40]], skus[row.values["code"]]): row for row in with_supplier}
    _check_packs(pairs, context)
    terms = {
        pair: {
            "supplier_id": pair[0],
            "sku_id": pair[1],
            "price": row.values["cost"] or Decimal(0),
            "pack_size": row.values["pack_size"],
            "promised_lead_time_days": row.values["lead_time_days"],
        }
        for pair, row in pairs.items()
    }
    return made.changed + upsert_terms(rows=terms, now=context.now).changed


def _check_packs(pairs: dict[tuple[int, int], ParsedRow], context: ImportContext) -> None:
    """What was agreed as the most of a line holds a pack."""
    bounded = SupplierTerms.objects.filter(
        supplier_id__in={pair[0] for pair in pairs}, sku_id__in={pair[1] for pair in pairs}, maximum_quantity__gt=0
    )
    most = {(row.supplier_id, row.sku_id): row.maximum_quantity or Decimal(0) for row in bounded}
    for pair, row in pairs.items():
        pack = row.values["pack_size"]
        if pair in most and pack is not None and pack > most[pair]:
            context.errors.add(CellError(row.number, "pack_size", "pack_above_most", f"{pack:f}", f"{most[pair]:f}"))
    context.errors.refuse_if_any()
