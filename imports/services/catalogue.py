"""Writers of master data: SKUs and locations."""

from django.db.models import Exists, OuterRef

from imports.domain.columns import ParsedRow
from imports.domain.errors import CellError
from imports.services.context import ImportContext
from imports.services.first_list import request_nights_of
from inventory.domain.countries import country_of
from inventory.domain.movements import quantity_fault
from inventory.domain.public_holidays import supported_countries
from inventory.models import Barcode, KitPart, Location, Movement, Sku, Unit
from inventory.models.location import STOCKING_KINDS
from inventory.services.bulk_catalogue import upsert_barcodes, upsert_locations, upsert_skus

SKU_FIELDS = ("code", "name", "category", "unit", "cost", "price", "shelf_life_days", "weight_kg", "volume_l")


def write_skus(rows: list[ParsedRow], context: ImportContext) -> int:
    """SKUs with their category and one barcode each, where each barcode is looked at first."""
    _check_barcodes(rows, context)
    context.errors.refuse_if_any()
    return write_sku_rows(rows, context)


def write_sku_rows(rows: list[ParsedRow], context: ImportContext) -> int:
    """The same for rows whose barcodes are known to be free."""
    _check_units(rows, context)
    context.errors.refuse_if_any()
    by_code = {row.values["code"]: {name: row.values.get(name) for name in SKU_FIELDS} for row in rows}
    skus = upsert_skus(rows=by_code, now=context.now)
    barcodes = {row.values["barcode"]: skus.ids[row.values["code"]] for row in rows if row.values["barcode"]}
    return skus.changed + upsert_barcodes(sku_ids_by_barcode=barcodes).changed


def _check_barcodes(rows: list[ParsedRow], context: ImportContext) -> None:
    """A barcode belongs to one SKU: in the file, and against what is stored."""
    owner = dict(
        Barcode.objects.filter(code__in={row.values["barcode"] for row in rows}).values_list("code", "sku__code")
    )
    for row in rows:
        barcode, code = row.values["barcode"], row.values["code"]
        if barcode and owner.setdefault(barcode, code) != code:
            context.errors.add(CellError(row.number, "barcode", "barcode_taken", barcode, owner[barcode]))


def _check_units(rows: list[ParsedRow], context: ImportContext) -> None:
    """The unit stays once stock has moved, in a file as on the card: old quantities would change their meaning."""
    wanted = {row.values["code"]: row.values["unit"] for row in rows if row.values.get("unit")}
    known = Sku.objects.filter(code__in=wanted).values_list("code", "unit")
    other = [code for code, unit in known if wanted[code] != unit]
    if not other:
        return
    _check_units_of_kits({code: str(wanted[code]) for code in other}, rows, context)
    moved = Exists(Movement.objects.filter(sku=OuterRef("pk")))
    fixed = dict(Sku.objects.filter(moved, code__in=other).values_list("code", "unit"))
    for row in rows:
        if row.values["code"] in fixed:
            context.errors.add(
                CellError(row.number, "unit", "unit_fixed", str(row.values["unit"]), fixed[row.values["code"]])
            )


def _check_units_of_kits(wanted: dict[str, str], rows: list[ParsedRow], context: ImportContext) -> None:
    """What goes into a kit must be a quantity of the unit of its part; kits are counted in pieces."""
    kits = Sku.objects.filter(code__in=wanted, is_kit=True).values_list("code", flat=True)
    odd = {code: code for code in kits if wanted[code] != Unit.EACH}
    parts = KitPart.objects.filter(part__code__in=wanted).values_list("part__code", "kit__code", "quantity")
    odd |= {code: kit for code, kit, quantity in parts if quantity_fault(quantity, wanted[code])}
    for row in rows:
        if row.values["code"] in odd:
            context.errors.add(
                CellError(row.number, "unit", "unit_of_kit", str(row.values["unit"]), odd[row.values["code"]])
            )


def write_locations(rows: list[ParsedRow], context: ImportContext) -> int:
    """Stores and warehouses; the supplying warehouse may stand in the same file."""
    in_file = {row.values["code"] for row in rows}
    named = [row for row in rows if row.values["supplied_by"] and row.values["supplied_by"] not in in_file]
    context.resolve(Location, named, "supplied_by")
    for row in rows:
        if row.values["supplied_by"] == row.values["code"]:
            context.errors.add(CellError(row.number, "supplied_by", "supplies_itself", row.values["code"]))
    others = set(Location.objects.exclude(kind__in=STOCKING_KINDS).values_list("code", flat=True))
    for row in rows:
        # A bin, or one of the places that stand for customers, suppliers and losses, does not become a store.
        if row.values["code"] in others:
            context.errors.add(CellError(row.number, "code", "code_of_other_place", row.values["code"]))
    _check_countries(rows, context)
    context.errors.refuse_if_any()
    moved = _new_zones(rows)
    written = upsert_locations(rows={row.values["code"]: row.values for row in rows}, time_zone=context.time_zone)
    if moved:
        request_nights_of(time_zones=moved, now=context.now)
    return written.changed


def _new_zones(rows: list[ParsedRow]) -> set[str]:
    """Time zones to which the file moves places that had another one: tonight's forecast there does not know them."""
    said = {row.values["code"]: row.values["time_zone"] for row in rows if row.values["time_zone"]}
    before = Location.objects.filter(code__in=said).values_list("code", "time_zone")
    return {said[code] for code, time_zone in before if said[code] != time_zone}


def _check_countries(rows: list[ParsedRow], context: ImportContext) -> None:
    """The country is one whose holidays are known; a region is one of the country, which without a word is that of the
    time zone.
    """
    known = supported_countries()
    said = {
        code: (country, zone)
        for code, country, zone in Location.objects.filter(
            code__in=[row.values["code"] for row in rows if row.values["region"]]
        ).values_list("code", "country", "time_zone")
    }
    for row in rows:
        country, region = row.values["country"], row.values["region"]
        if country and country not in known:
            context.errors.add(CellError(row.number, "country", "unknown_country", country))
        elif region:
            before, zone = said.get(row.values["code"], ("", context.time_zone))
            kept = country_of(country or before, row.values["time_zone"] or zone)
            regions = known.get(kept, ())
            if region not in regions:
                hint = f"{kept}: {', '.join(regions) or '–'}"
                context.errors.add(CellError(row.number, "region", "unknown_region", region, hint))
