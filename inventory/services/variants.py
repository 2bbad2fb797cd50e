"""Variants made out of a matrix: SKUs with code, name and price from their style."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import wrong_field
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.domain.variants import value_codes, variant_code
from inventory.locks import lock_style
from inventory.models import AxisValue, Listing, Location, Sku, Style, StyleAxis, Variant
from inventory.selectors.styles import Cell, axes_of, read_matrix
from inventory.services.listings import list_skus, places_by_day


@transaction.atomic
def create_variants(
    *, style_id: int, keys: Sequence[str] | None, user: User | None, now: datetime, location_ids: Sequence[int] = ()
) -> list[Sku]:
    """Makes the SKUs of the cells with these keys (ids of their values, "3-17"); None makes all that are missing.

    They go on sale at `location_ids`, and wherever the style is on sale already. A cell that has its SKU is left alone.
    Raises `InvalidInput` for a cell that is not there, or a code that another SKU has.
    """
    style = lock_style(style_id)
    axes = axes_of(style)
    cells = _wanted(style, keys)
    # An inactive variant keeps its cell, though the matrix does not show it.
    known = set(Variant.objects.filter(style=style).values_list("first_id", "second_id", "third_id"))
    cells = [cell for cell in cells if _columns(cell) not in known]
    skus = _skus(style, axes, cells, now)
    _refuse_taken([sku.code for sku in skus])
    Sku.objects.bulk_create(skus)
    Variant.objects.bulk_create([_variant(style, sku, cell) for sku, cell in zip(skus, cells, strict=True)])
    _put_on_sale(style, skus, location_ids, now)
    codes = [sku.code for sku in skus]
    record_audit(
        actor=user, action="create_variants", object_type="style", object_id=style_id, now=now, data={"skus": codes}
    )
    return skus


def _wanted(style: Style, keys: Sequence[str] | None) -> list[Cell]:
    missing = [cell for cell in read_matrix(style, location_ids=()).cells if cell.sku is None]
    if keys is None:
        return missing
    every = {cell.key: cell for cell in read_matrix(style, location_ids=()).cells}
    unknown = next((key for key in keys if key not in every), None)
    if unknown is not None:
        raise wrong_field("cells", _("There is no cell %(key)s in this matrix.") % {"key": unknown})
    return [cell for cell in missing if cell.key in set(keys)]


def _columns(cell: Cell) -> tuple[int, int | None, int | None]:
    first, *others = [value.pk for value in cell.values]
    second, third = [*others, None, None][:2]
    return first, second, third


def _skus(style: Style, axes: Sequence[StyleAxis], cells: Sequence[Cell], now: datetime) -> list[Sku]:
    parts = {value.pk: code for axis in axes for value, code in _coded(list(axis.values.all()))}
    return [
        Sku(
            code=variant_code(style.code, [parts[value.pk] for value in cell.values]),
            name=" ".join([style.name, *(value.name for value in cell.values)])[:200],
            category_id=style.category_id,
            cost=style.cost,
            price=style.price,
            created_at=now,
        )
        for cell in cells
    ]


def _coded(values: Sequence[AxisValue]) -> list[tuple[AxisValue, str]]:
    return list(zip(values, value_codes([value.name for value in values]), strict=True))


def _refuse_taken(codes: Sequence[str]) -> None:
    long = next((code for code in codes if len(code) > 60), None)
    if long is not None:
        raise wrong_field(
            "cells", _("The code %(code)s is longer than 60 letters. Shorten that of the style.") % {"code": long}
        )
    taken = Sku.objects.filter(code__in=codes).values_list("code", flat=True).first()
    if taken is not None:
        raise wrong_field(
            "cells",
            _("The code %(code)s belongs to another SKU. Put that SKU into the style on its own card.")
            % {"code": taken},
        )


def _variant(style: Style, sku: Sku, cell: Cell) -> Variant:
    first, second, third = _columns(cell)
    return Variant(sku=sku, style=style, first_id=first, second_id=second, third_id=third)


def _put_on_sale(style: Style, skus: Sequence[Sku], location_ids: Sequence[int], now: datetime) -> None:
    siblings = Listing.objects.filter(sku__variant__style=style, delisted_on=None).values("location")
    places = Location.objects.filter(pk__in=siblings) | Location.objects.filter(pk__in=location_ids)
    for day, ids in places_by_day(set(places.values_list("pk", flat=True)), now).items():
        list_skus(sku_ids=[sku.pk for sku in skus], location_ids=ids, listed_on=day, now=now)
