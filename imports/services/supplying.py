"""Writers of who delivers: suppliers, on what terms, and when they are closed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from imports.domain.columns import ParsedRow, known_value
from imports.domain.errors import CellError
from imports.domain.supplier_cells import Breaks
from imports.services.context import ImportContext
from inventory.domain.said import Said
from inventory.models import Sku
from suppliers.domain.lines import least_of_a_line
from suppliers.models import Supplier, SupplierTerms
from suppliers.models.supplier import TruckPolicy
from suppliers.selectors.terms import breaks_of
from suppliers.services.bulk_terms import upsert_closures, upsert_suppliers, upsert_terms
from suppliers.services.closures import LONGEST_DAYS

_TRUCK = ("truck_kilograms", "truck_cubic_metres", "truck_value")
# Columns that say what the field of the same name holds; None where the file does not say it.
_SUPPLIER_FIELDS = (
    "language", "minimum_order_value", "maximum_order_value", "order_days", "delivery_days", "cut_off", "time_zone",
    "truck_policy", *_TRUCK, "fill_days",
)  # fmt: skip
_TERMS_FIELDS = (
    "price", "pack_size", "minimum_quantity", "maximum_quantity", "pallet_size", "pallet_percent", "priority",
    "supplier_code", "share_percent", "express_lead_time_days", "express_premium_percent",
)  # fmt: skip
NO_BREAKS: Breaks = ()
# (supplier, SKU).
Pair = tuple[int, int]
Pairs = Mapping[Pair, ParsedRow]
Known = Mapping[Pair, SupplierTerms]


def write_suppliers(rows: list[ParsedRow], context: ImportContext) -> int:
    """Suppliers with their week and their truck. An empty cell keeps what is there."""
    _check_trucks(rows, context)
    _check_most_of_an_order(rows, context)
    context.errors.refuse_if_any()
    prepared = {row.values["code"]: _supplier(row.values) for row in rows}
    return upsert_suppliers(rows=prepared, currency=context.currency, now=context.now).changed


def _check_trucks(rows: list[ParsedRow], context: ImportContext) -> None:
    """A truck that matters holds something: by the file, or by what was said before."""
    codes = [row.values["code"] for row in rows if row.values["truck_policy"] in (TruckPolicy.FILL, TruckPolicy.LIMIT)]
    sizes = Supplier.objects.filter(code__in=codes).values_list("code", *_TRUCK)
    known = {code for code, *held in sizes if any(size is not None for size in held)}
    for row in rows:
        policy, code = row.values["truck_policy"], row.values["code"]
        is_said = any(row.values[name] is not None for name in _TRUCK)
        if policy not in (None, TruckPolicy.NONE) and not is_said and code not in known:
            context.errors.add(CellError(row.number, "truck_policy", "truck_without_size", policy))


def _check_most_of_an_order(rows: list[ParsedRow], context: ImportContext) -> None:
    """Not below the least, each by the file or by what was said before."""
    names = ("minimum_order_value", "maximum_order_value")
    known = {
        row[0]: row[1:]
        for row in Supplier.objects.filter(code__in=[row.values["code"] for row in rows]).values_list("code", *names)
    }
    for row in rows:
        kept = known.get(row.values["code"], (Decimal(0), None))
        least, most = (known_value(row.values[name], old) for name, old in zip(names, kept, strict=True))
        if most is not None and most < least:
            context.errors.add(
                CellError(row.number, "maximum_order_value", "most_below_least", f"{most:f}", f"{least:f}")
            )


def _supplier(values: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: values[name] or None for name in ("code", "name", "email", "currency")},
        **{name: values[name] for name in _SUPPLIER_FIELDS},
        "promised_lead_time_days": values["lead_time_days"],
        "is_active": _flag(values["is_active"]),
    }


def _flag(word: str | None) -> bool | None:
    return None if word is None else word == "1"


def write_terms(rows: list[ParsedRow], context: ImportContext) -> int:
    """Which supplier delivers which SKU. An empty cell keeps what is there."""
    suppliers = context.resolve(Supplier, rows, "supplier")
    skus = context.resolve(Sku, rows, "sku")
    context.errors.refuse_if_any()
    pairs = {(suppliers[row.values["supplier"]], skus[row.values["sku"]]): row for row in rows}
    known = _known_terms(pairs)
    _check_breaks(pairs, known, context)
    _check_most_of_a_line(pairs, known, context)
    _check_pallets(pairs, known, context)
    context.errors.refuse_if_any()
    prepared = {pair: _terms(pair, row.values, known[pair]) for pair, row in pairs.items()}
    return upsert_terms(rows=prepared, now=context.now).changed


def _known_terms(pairs: Pairs) -> Known:
    """The terms as they are, or as they begin where there are none. One statement."""
    rows = SupplierTerms.objects.filter(
        supplier_id__in={supplier for supplier, _sku in pairs}, sku_id__in={sku for _supplier, sku in pairs}
    )
    found = {(row.supplier_id, row.sku_id): row for row in rows}
    new = SupplierTerms(pack_size=Decimal(1), minimum_quantity=Decimal(0))
    return {pair: found.get(pair, new) for pair in pairs}


def _said(row: ParsedRow, kept: SupplierTerms, *names: str) -> list[Any]:
    """What these fields hold once the row is taken in."""
    return [known_value(row.values[name], getattr(kept, name)) for name in names]


def _check_breaks(pairs: Pairs, known: Known, context: ImportContext) -> None:
    """Who buys more pays less for each: below the price, by the file or by what was said before."""
    for pair, row in pairs.items():
        breaks = known_value(row.values["price_breaks"], breaks_of(known[pair].price_breaks))
        if breaks and (breaks[0][1] >= row.values["price"] or breaks[0][0] <= 0):
            context.errors.add(
                CellError(
                    row.number, "price_breaks", "break_above_price", f"{breaks[0][1]:f}", f"{row.values['price']:f}"
                )
            )


def _check_most_of_a_line(pairs: Pairs, known: Known, context: ImportContext) -> None:
    """Something that they deliver is within it, each by the file or by what was said before."""
    for pair, row in pairs.items():
        minimum, pack, most = _said(row, known[pair], "minimum_quantity", "pack_size", "maximum_quantity")
        least = least_of_a_line(minimum, pack)
        if most is not None and most < least:
            context.errors.add(CellError(row.number, "maximum_quantity", "most_below_least", f"{most:f}", f"{least:f}"))


def _check_pallets(pairs: Pairs, known: Known, context: ImportContext) -> None:
    """Whole packs, and of a known size where orders are rounded up to one."""
    for pair, row in pairs.items():
        pack, size, percent = _said(row, known[pair], "pack_size", "pallet_size", "pallet_percent")
        if size is not None and size % pack:
            context.errors.add(CellError(row.number, "pallet_size", "pallet_of_packs", f"{size:f}", f"{pack:f}"))
        elif size is None and percent:
            context.errors.add(CellError(row.number, "pallet_percent", "pallet_without_size", f"{percent}"))


def _terms(pair: Pair, values: dict[str, Any], kept: SupplierTerms) -> dict[str, Any]:
    said = values["price_breaks"]
    breaks = NO_BREAKS if said is Said.NOTHING else said
    return {
        "supplier_id": pair[0],
        "sku_id": pair[1],
        **{name: values[name] for name in _TERMS_FIELDS},
        "promised_lead_time_days": values["lead_time_days"],
        "price_breaks": None
        if breaks in (None, breaks_of(kept.price_breaks))
        else [[_units(units), _price(price)] for units, price in breaks],
        "is_active": _flag(values["is_active"]),
    }


def _units(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.001")))


def _price(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.0001")))


def write_closures(rows: list[ParsedRow], context: ImportContext) -> int:
    """When suppliers are closed; a period of the same name and first day gets the last day that the file says."""
    suppliers = context.resolve(Supplier, rows, "supplier")
    for row in rows:
        first, last = row.values["starts_on"], row.values["ends_on"]
        if last < first:
            context.errors.add(CellError(row.number, "ends_on", "days_reversed", f"{last}", f"{first}"))
        elif (last - first).days >= LONGEST_DAYS:
            context.errors.add(
                CellError(row.number, "ends_on", "closed_too_long", row.values["name"], str(LONGEST_DAYS))
            )
    context.errors.refuse_if_any()
    periods = {
        (suppliers[row.values["supplier"]], row.values["starts_on"], row.values["name"]): row.values["ends_on"]
        for row in rows
    }
    return upsert_closures(periods=periods).changed
