"""What a line of an act names: a SKU by its code or by a barcode, a quantity in units or in packs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from inventory.api.fields import QUANTITY
from inventory.domain.movements import plain, quantity_fault
from inventory.domain.packs import units_of
from inventory.models import Barcode, Pack
from inventory.selectors.by_code import skus_by_code
from inventory.services.posting_checks import quantity_message

Line = Mapping[str, Any]
ONE = Decimal(1)


class SkuLineInput(serializers.Serializer[Any]):
    """One SKU and how much of it."""

    # Whether nothing at all, or less than nothing, is a quantity of such a line.
    may_be_zero = True
    may_be_below_zero = False

    sku = serializers.CharField(max_length=60, required=False, help_text="The code of the SKU.")
    barcode = serializers.CharField(
        max_length=60, required=False, help_text="Instead of `sku`; a case barcode counts as the units in the case."
    )
    quantity = serializers.DecimalField(**QUANTITY)
    pack = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        default="",
        help_text="The name of one of the SKU's packs; `quantity` then counts packs.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("sku" in attrs) == ("barcode" in attrs):
            raise serializers.ValidationError({"sku": _("Name the SKU by its code or by a barcode, one of the two.")})
        if "barcode" in attrs and attrs["pack"]:
            raise serializers.ValidationError({"pack": _("A barcode says itself how many it stands for.")})
        return attrs


@dataclass(frozen=True)
class _Known:
    """What the lines name, looked up once for all of them."""

    skus: Mapping[str, tuple[int, str]]
    barcodes: Mapping[str, tuple[str, Decimal]]
    packs: Mapping[tuple[int, str], Decimal]


@dataclass(frozen=True)
class NameFault:
    """What is wrong with one field of a line."""

    field: str
    message: str


class Lines(serializers.ListSerializer[Any]):
    """Lines of an act. Where one is refused, the answer names every line and field that is wrong, whatever the fault:
    its form, a SKU that does not exist, a quantity that its unit does not allow."""

    child: SkuLineInput
    max_length: int | None

    def to_internal_value(self, data: Any) -> list[Any]:
        most = self.max_length or len(data)
        if not isinstance(data, list) or not 1 <= len(data) <= most:  # nothing to look up, or far too much
            return list(super().to_internal_value(data))
        read: list[Any] = []
        faults: list[dict[str, Any]] = []
        for item in data:
            try:
                read.append(self.run_child_validation(item))
                faults.append({})
            except serializers.ValidationError as error:
                read.append(None)
                faults.append(dict(error.detail) if isinstance(error.detail, dict) else {"line": error.detail})
        resolved = resolve_each([_named(item, line) for item, line in zip(data, read, strict=True)])
        if any(faults) or any(isinstance(found, NameFault) for found in resolved):
            for row, found in zip(faults, resolved, strict=True):
                self._tell(row, found)
            raise serializers.ValidationError(faults)
        return [found for found in resolved if not isinstance(found, NameFault)]

    def _tell(self, row: dict[str, Any], found: dict[str, Any] | NameFault) -> None:
        """Adds what a line names wrongly, and a quantity that cannot be, to what is wrong with its form."""
        if isinstance(found, NameFault):
            if found.field not in row and (found.message or not row):
                row[found.field] = [found.message]
        elif not row:
            quantity = abs(found["quantity"]) if self.child.may_be_below_zero else found["quantity"]
            message = quantity_message(quantity, found["unit"])
            if message and not (quantity == 0 and self.child.may_be_zero):
                row["quantity"] = [message]


def _named(item: Any, line: Line | None) -> Line:
    """A line for its names alone, where its form is wrong: what it names can be told all the same."""
    if line is not None:
        return line
    given = item if isinstance(item, dict) else {}
    names = {name: given[name] for name in ("sku", "barcode") if isinstance(given.get(name), str)}
    return {**names, "pack": "", "quantity": ONE}


def resolve_each(lines: Sequence[Line]) -> list[dict[str, Any] | NameFault]:
    """The same line by line, for callers who find more faults of their own."""
    known = _look_up(lines)
    return [_resolve(line, known) for line in lines]


def _look_up(lines: Sequence[Line]) -> _Known:
    scanned = {line["barcode"] for line in lines if "barcode" in line}
    rows = Barcode.objects.filter(code__in=scanned).values_list("code", "sku__code", "pack_quantity") if scanned else ()
    barcodes = {code: (sku, quantity) for code, sku, quantity in rows}
    codes = {line["sku"] for line in lines if "sku" in line} | {sku for sku, _quantity in barcodes.values()}
    skus = skus_by_code(codes)
    packed = {skus[line["sku"]][0] for line in lines if line.get("pack") and line.get("sku") in skus}
    found = Pack.objects.filter(sku__in=packed).values_list("sku_id", "name", "quantity") if packed else ()
    return _Known(skus, barcodes, {(sku_id, name.casefold()): quantity for sku_id, name, quantity in found})


def _resolve(line: Line, known: _Known) -> dict[str, Any] | NameFault:
    if ("barcode" in line) == ("sku" in line):
        return NameFault("sku", "")  # its form is told already
    if "barcode" in line and line["barcode"] not in known.barcodes:
        return NameFault("barcode", _("No SKU has the barcode %(code)s.") % {"code": line["barcode"]})
    code, size = known.barcodes[line["barcode"]] if "barcode" in line else (line["sku"], ONE)
    if code not in known.skus:
        return NameFault("sku", _("There is no SKU %(code)s.") % {"code": code})
    sku_id, unit = known.skus[code]
    if line["pack"]:
        found = known.packs.get((sku_id, line["pack"].casefold()))
        if found is None:
            return NameFault("pack", _("%(sku)s has no pack %(pack)s.") % {"sku": code, "pack": line["pack"]})
        size = found
    quantity = line["quantity"] if size == ONE else units_of(line["quantity"], size)
    # Without a pack the service says what is wrong with a quantity; with one, only we know what was written.
    message = _pack_message(line["quantity"], size, quantity, unit) if size != ONE else ""
    if message:
        return NameFault("quantity", message)
    return {**line, "sku": code, "sku_id": sku_id, "quantity": quantity, "unit": unit}


def _pack_message(count: Decimal, size: Decimal, quantity: Decimal, unit: str) -> str:
    """Why so many packs are no quantity of the SKU; zero and below are for the act to judge."""
    fault = quantity_fault(abs(quantity), unit) if quantity else None
    figures = {"count": plain(count), "size": plain(size), "units": plain(quantity)}
    return {
        None: "",
        "not_whole": _("%(count)s packs of %(size)s are %(units)s, but it is counted in whole units."),
        "too_fine": _("%(count)s packs of %(size)s are %(units)s: finer than 3 decimals."),
        "too_large": _("%(count)s packs of %(size)s are too many."),
    }[fault] % figures
