"""What hangs on the card of a SKU, as typed: barcodes, packs, substitutes, style and the places that sell it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import zip_longest

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.ids import id_of
from accounts.models import User
from inventory.domain.movements import plain
from inventory.domain.packs import PackSize
from inventory.forms_entry import read_quantity
from inventory.models import Barcode, Listing, Location, Pack, Sku, Style, StyleAxis, Variant
from inventory.number_fields import two_meanings
from inventory.selectors.lookup import find_by_code
from inventory.selectors.scope import locations_for
from inventory.selectors.styles import axes_of
from inventory.selectors.substitutes import substitutes_of
from inventory.services.card_parts import CardParts, VariantChoice

BLANK_ROWS = 2
MOST_ROWS = 60


@dataclass
class Row:
    """Two fields side by side, and what is wrong with them."""

    first: str = ""
    second: str = ""
    error: str = ""
    note: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.first


@dataclass
class CardEntry:
    """The lower half of the card. `errors` are of a whole section, by its name."""

    places: list[Location]
    barcodes: list[Row] = field(default_factory=list)
    packs: list[Row] = field(default_factory=list)
    substitutes: list[Row] = field(default_factory=list)
    on_sale: set[int] = field(default_factory=set)
    style: Style | None = None
    axes: list[StyleAxis] = field(default_factory=list)
    value_ids: list[int] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def has_errors(self) -> bool:
        rows = [*self.barcodes, *self.packs, *self.substitutes]
        return bool(self.errors) or any(row.error for row in rows)

    @property
    def on_sale_text(self) -> str:
        return ", ".join(place.name for place in self.places if place.pk in self.on_sale)

    @property
    def styles(self) -> list[Style]:
        return list(Style.objects.order_by("name", "pk"))


def row_texts(rows: Sequence[Row]) -> str:
    """The rows in one line, for comparison."""
    return ", ".join(sorted(f"{row.first} {row.second}".strip() for row in rows if not row.is_blank))


def new_card(user: User, *, barcode: str = "") -> CardEntry:
    """A blank one, on sale everywhere that is the user's."""
    places = list(locations_for(user))
    card = CardEntry(places, on_sale={place.pk for place in places})
    card.barcodes = [Row(barcode, "1")] if barcode else []
    return with_blanks(card)


def card_of(sku: Sku, user: User) -> CardEntry:
    """As it stands now."""
    card = CardEntry(list(locations_for(user)))
    barcodes = Barcode.objects.filter(sku=sku).order_by("pack_quantity", "code")
    card.barcodes = [Row(barcode.code, plain(barcode.pack_quantity)) for barcode in barcodes]
    packs = Pack.objects.filter(sku=sku).order_by("quantity", "name")
    card.packs = [Row(pack.name, plain(pack.quantity)) for pack in packs]
    others = enumerate(substitutes_of(sku), start=1)
    card.substitutes = [Row(other.code, str(rank), note=other.name) for rank, other in others]
    listed = Listing.objects.filter(sku=sku, delisted_on=None, location__in=card.places)
    card.on_sale = set(listed.values_list("location_id", flat=True))
    variant = Variant.objects.filter(sku=sku).select_related("style").first()
    if variant is not None:
        card.style, card.axes = variant.style, axes_of(variant.style)
        ids = (variant.first_id, variant.second_id, variant.third_id)
        card.value_ids = [pk for pk in ids if pk is not None]
    return with_blanks(card)


def read_card(post: QueryDict, user: User) -> CardEntry:
    """As sent, with what is wrong beside each row."""
    card = CardEntry(list(locations_for(user)))
    card.barcodes = _rows(post, "barcode_code", "barcode_units")
    card.packs = _rows(post, "pack_name", "pack_units")
    card.substitutes = _rows(post, "substitute_code", "substitute_rank")
    known = {str(place.pk): place.pk for place in card.places}
    card.on_sale = {known[text] for text in post.getlist("on_sale") if text in known}
    style_id = id_of(post.get("style", ""))
    card.style = Style.objects.filter(pk=style_id).first() if style_id else None
    card.axes = axes_of(card.style) if card.style else []
    card.value_ids = [pk for pk in (id_of(post.get(f"value_{axis.position}", "")) for axis in card.axes) if pk]
    for row in [*card.barcodes, *card.packs]:
        quantity = read_quantity(row.second or "1")
        if quantity is None or quantity <= 0:
            words = _("“%(typed)s” is no number of units. Write it like 12 or 0.5.") % {"typed": row.second}
            row.error = two_meanings(row.second) or words
    return card


def parts_of(card: CardEntry) -> CardParts | None:
    """What the service takes; None where something typed is wrong."""
    substitutes = _substitute_ids(card)
    if len({row.first for row in card.barcodes}) < len(card.barcodes):
        card.errors["barcodes"] = _("A barcode stands here twice.")
    if card.has_errors:
        return None
    return CardParts(
        barcodes={row.first: _units(row) for row in card.barcodes},
        packs=[PackSize(row.first, _units(row)) for row in card.packs],
        substitute_ids=substitutes,
        variant=VariantChoice(card.style.pk if card.style else None, card.value_ids),
    )


def _substitute_ids(card: CardEntry) -> list[int]:
    ids = []
    ranked = sorted(card.substitutes, key=lambda row: read_quantity(row.second) or Decimal(MOST_ROWS))
    for row in ranked:
        found = find_by_code(row.first)
        if found is None:
            row.error = _("No SKU has the code “%(code)s”.") % {"code": row.first}
        else:
            ids.append(found.sku.pk)
            row.note = found.sku.name
    return ids


def with_blanks(card: CardEntry) -> CardEntry:
    """Room for more rows below those that there are."""
    for rows in (card.barcodes, card.packs, card.substitutes):
        rows.extend(Row() for _blank in range(BLANK_ROWS))
    return card


def _rows(post: QueryDict, first: str, second: str) -> list[Row]:
    pairs = list(zip_longest(post.getlist(first)[:MOST_ROWS], post.getlist(second)[:MOST_ROWS], fillvalue=""))
    rows = [Row(one.strip()[:60], other.strip()[:20]) for one, other in pairs]
    return [row for row in rows if not row.is_blank]


def _units(row: Row) -> Decimal:
    return read_quantity(row.second or "1") or Decimal(0)


def value_choices(card: CardEntry) -> Sequence[tuple[StyleAxis, int | None]]:
    """Each axis of the style with the value that is chosen."""
    chosen = [*card.value_ids, *([None] * len(card.axes))]
    return list(zip(card.axes, chosen, strict=False))
