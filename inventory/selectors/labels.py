"""What labels are printed for: SKUs with each of their barcodes, bins, lots."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.ids import ids_of
from accounts.models import User
from accounts.text import format_money, format_quantity
from inventory.domain.label_pdf import Label
from inventory.models import Barcode, Movement, Sku
from inventory.models.lot import Lot
from inventory.selectors.bins import bin_trees, bins_for
from inventory.selectors.lots import lots_for
from inventory.selectors.scope import locations_for

MOST_ROWS = 300
MOST_COPIES = 500


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One thing that can have a label; `key` names it in a form, "sku-12". `copies` is what is proposed."""

    key: str
    label: Label
    hint: str
    copies: int = 1


def sku_rows(sku_ids: Iterable[int], *, copies: Mapping[int, int] | None = None) -> list[LabelRow]:
    """A row for each SKU with the code on its shelf, and one for each barcode of a case, of which none is proposed."""
    skus = Sku.objects.filter(pk__in=set(sku_ids)).order_by("name", "pk")[:MOST_ROWS]
    barcodes: dict[int, list[Barcode]] = {}
    for barcode in Barcode.objects.filter(sku__in=[sku.pk for sku in skus]).order_by("pack_quantity", "pk"):
        barcodes.setdefault(barcode.sku_id, []).append(barcode)
    rows: list[LabelRow] = []
    for sku in skus:
        rows.extend(_rows_of(sku, barcodes.get(sku.pk, ()), (copies or {}).get(sku.pk, 1)))
    return rows


def _rows_of(sku: Sku, barcodes: Sequence[Barcode], copies: int) -> list[LabelRow]:
    price = format_money(sku.price) if sku.price else ""
    single = next((barcode.code for barcode in barcodes if barcode.pack_quantity == 1), sku.code)
    rows = [LabelRow(f"sku-{sku.pk}", Label(sku.name, single, price), sku.code, copies)]
    for barcode in barcodes:
        if barcode.pack_quantity != 1:
            note = _("case of %(units)s") % {"units": format_quantity(barcode.pack_quantity)}
            rows.append(LabelRow(f"case-{barcode.pk}", Label(sku.name, barcode.code, note), note, 0))
    return rows


def bin_rows(user: User, bin_ids: Iterable[int] | None = None, *, inside: int | None = None) -> list[LabelRow]:
    """Open bins of the user's places: those that are named, or all below one place."""
    wanted = set(bin_ids or ())
    if inside is not None:
        trees = [tree for tree in bin_trees(user) if tree[0].place.pk == inside]
        wanted |= {node.place.pk for tree in trees for node in tree if node.depth}
    known = bins_for(user)
    places = [known[pk] for pk in sorted(wanted & known.keys(), key=lambda pk: known[pk].code) if known[pk].is_active]
    return [LabelRow(f"bin-{place.pk}", Label(place.name, place.code), place.code) for place in places[:MOST_ROWS]]


def lot_rows(user: User, lot_ids: Iterable[int]) -> list[LabelRow]:
    """Lots of the user's places with the day on which they expire."""
    lots = lots_for(user).filter(pk__in=set(lot_ids)).select_related("sku").order_by("sku__name", "expires_on", "pk")
    return [LabelRow(f"lot-{lot.pk}", Label(lot.sku.name, lot.code, _expiry(lot)), lot.sku.code) for lot in lots]


def _expiry(lot: Lot) -> str:
    return _("use by %(day)s") % {"day": lot.expires_on.isoformat()} if lot.expires_on else ""


def received_copies(user: User, posting_id: int) -> dict[int, int]:
    """One label for each whole unit that a posting brought to a place of the user; empty when it is not theirs."""
    places = locations_for(user).order_by().values("pk")
    rows = Movement.objects.filter(posting=posting_id, destination__in=places).values("sku_id")
    received = rows.annotate(total=Sum("quantity")).values_list("sku_id", "total")
    return {sku_id: max(1, min(int(total or Decimal(1)), MOST_COPIES)) for sku_id, total in received}


def rows_by_key(user: User, keys: Sequence[str]) -> list[LabelRow]:
    """The rows that a form names, in its order; those that are not there, or not the user's, are missing."""
    ids: dict[str, list[int]] = {}
    for key in keys:
        kind, _dash, number = key.partition("-")
        ids.setdefault(kind, []).extend(ids_of([number]))
    cases = Barcode.objects.filter(pk__in=ids.get("case", ())).values_list("sku_id", flat=True)
    found = [
        *sku_rows([*ids.get("sku", ()), *cases]),
        *bin_rows(user, ids.get("bin", ())),
        *lot_rows(user, ids.get("lot", ())),
    ]
    by_key = {row.key: row for row in found}
    return [by_key[key] for key in keys if key in by_key]
