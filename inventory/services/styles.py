"""Styles, their axes, and the variants that are SKUs of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import prod
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import wrong_field
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.locks import lock_style
from inventory.models import AxisValue, Sku, Style, StyleAxis, Variant
from inventory.models.style import MAX_AXES
from inventory.selectors.styles import axes_of

FIELDS = ("code", "name", "category_id", "cost", "price")
# As many fields a page of entry can send at once.
MAX_CELLS = 400
NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value of an axis; `value_id` None is a new one. An old one that is not listed is taken off."""

    name: str
    value_id: int | None = None


@dataclass(frozen=True, slots=True)
class AxisChange:
    """An axis with its values in their order."""

    name: str
    values: Sequence[ValueChange]


@transaction.atomic
def create_style(*, values: Mapping[str, Any], axes: Sequence[AxisChange], user: User | None, now: datetime) -> Style:
    """A new style; `values` by the names in `FIELDS`. Raises `InvalidInput` for a code in use, or no proper axes."""
    chosen = {name: value for name, value in values.items() if name in FIELDS}
    _refuse_taken_code(chosen["code"], None)
    _check_axes(axes)
    style = Style.objects.create(created_at=now, **chosen)
    _write_axes(style, [], axes)
    _record(style, "create_style", user, now, axes)
    return style


@transaction.atomic
def update_style(
    *, style_id: int, values: Mapping[str, Any], axes: Sequence[AxisChange] | None, user: User | None, now: datetime
) -> Style:
    """Changes what is named; `axes` None leaves the matrix alone.

    Raises `InvalidInput` when a value in use would go, or when the number of axes would change under its variants.
    """
    style = lock_style(style_id)
    chosen = {name: value for name, value in values.items() if name in FIELDS}
    if "code" in chosen:
        _refuse_taken_code(chosen["code"], style_id)
    for name, value in chosen.items():
        setattr(style, name, value)
    style.save(update_fields=list(chosen))
    if axes is not None:
        old = axes_of(style)
        _check_axes(axes)
        _refuse_loss(style, old, axes)
        _write_axes(style, old, axes)
    _record(style, "update_style", user, now, axes or ())
    return style


def _refuse_taken_code(code: str, own_id: int | None) -> None:
    if Style.objects.filter(code__iexact=code).exclude(pk=own_id or 0).exists():
        raise wrong_field("code", _("The code %(code)s belongs to another style.") % {"code": code})


def _check_axes(axes: Sequence[AxisChange]) -> None:
    if not 1 <= len(axes) <= MAX_AXES:
        raise wrong_field("axes", _("A style has one to %(most)d axes, such as colour and size.") % {"most": MAX_AXES})
    for axis in axes:
        _refuse_nameless(axis)
    twice = _said_twice([axis.name for axis in axes])
    if twice is not None:
        raise wrong_field("axes", _("Two axes have the same name, %(name)s. Rename one of them.") % {"name": twice})
    for axis in axes:
        _check_axis(axis)
    if prod(len(axis.values) for axis in axes) > MAX_CELLS:
        raise wrong_field(
            "axes", _("A matrix has at most %(most)d cells. Split the style in two.") % {"most": MAX_CELLS}
        )


def _check_axis(axis: AxisChange) -> None:
    names = [axis.name, *(value.name for value in axis.values)]
    if any(not name or len(name) > NAME_LENGTH for name in names):
        raise wrong_field("axes", _("Names of axes and values have 1 to %(most)d letters.") % {"most": NAME_LENGTH})
    if not axis.values:
        raise wrong_field(
            "axes", _("The axis %(axis)s has no values yet. Write them down, with commas.") % {"axis": axis.name}
        )
    twice = _said_twice([value.name for value in axis.values])
    if twice is not None:
        raise wrong_field("axes", _("%(axis)s has a value twice: %(value)s.") % {"axis": axis.name, "value": twice})


def _refuse_nameless(axis: AxisChange) -> None:
    if not axis.name:
        some = ", ".join(value.name for value in axis.values[:3])
        raise wrong_field("axes", _("Say what “%(values)s” are, such as colours or sizes.") % {"values": some})


def _said_twice(names: Sequence[str]) -> str | None:
    """The first name that stands before it already, in whatever case."""
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            return name
        seen.add(name.casefold())
    return None


def _refuse_loss(style: Style, old: Sequence[StyleAxis], axes: Sequence[AxisChange]) -> None:
    used = used_values(style)
    if used and len(axes) != len(old):
        raise wrong_field("axes", _("The number of axes stays, since the style has variants."))
    for axis, change in zip(old, axes, strict=False):
        kept = {value.value_id for value in change.values}
        gone = next((value for value in axis.values.all() if value.pk not in kept and value.pk in used), None)
        if gone is not None:
            raise wrong_field("axes", _("%(value)s cannot go, since there are variants of it.") % {"value": gone.name})


def used_values(style: Style) -> set[int]:
    """Ids of the values that a variant has."""
    rows = Variant.objects.filter(style=style).values_list("first_id", "second_id", "third_id")
    return {value for row in rows for value in row if value is not None}


def _write_axes(style: Style, old: Sequence[StyleAxis], axes: Sequence[AxisChange]) -> None:
    """Names are set aside first, so that two of them may change places."""
    StyleAxis.objects.filter(style=style, position__gt=len(axes)).delete()
    kept = list(old[: len(axes)])
    _rename(kept, [axis.name for axis in axes[: len(kept)]])
    added = StyleAxis.objects.bulk_create(
        [
            StyleAxis(style=style, position=position, name=axis.name)
            for position, axis in enumerate(axes[len(kept) :], start=len(kept) + 1)
        ]
    )
    _write_values([*kept, *added], axes)


def _write_values(axes: Sequence[StyleAxis], changes: Sequence[AxisChange]) -> None:
    old = {value.pk: value for value in AxisValue.objects.filter(axis__in=axes)}
    kept, names, new, seen = [], [], [], set()
    for axis, change in zip(axes, changes, strict=True):
        for position, wanted in enumerate(change.values):
            value = old.get(wanted.value_id or 0)
            if value is None or value.axis_id != axis.pk:
                new.append(AxisValue(axis=axis, name=wanted.name, position=position))
                continue
            value.position = position
            seen.add(value.pk)
            kept.append(value)
            names.append(wanted.name)
    AxisValue.objects.filter(pk__in=old.keys() - seen).delete()
    AxisValue.objects.bulk_update(kept, ["position"])
    _rename(kept, names)
    AxisValue.objects.bulk_create(new)


def _rename(rows: Sequence[Any], names: Sequence[str]) -> None:
    changed = [(row, name) for row, name in zip(rows, names, strict=True) if row.name != name]
    for stage in (lambda row, _name: f"\x1f{row.pk}", lambda _row, name: name):
        for row, name in changed:
            row.name = stage(row, name)
        if changed:
            type(changed[0][0]).objects.bulk_update([row for row, _name in changed], ["name"])


@transaction.atomic
def assign_variant(*, sku: Sku, style_id: int | None, value_ids: Sequence[int]) -> None:
    """Puts a SKU in a cell of a style, or takes it out of its style; the caller holds the lock of the SKU.

    Raises `InvalidInput` when a value is missing, or another SKU stands in that cell.
    """
    if style_id is None:
        Variant.objects.filter(sku=sku).delete()
        return
    style = lock_style(style_id)
    cell = cell_of(axes_of(style), value_ids)
    taken = Variant.objects.filter(style=style, **cell).exclude(sku=sku).select_related("sku").first()
    if taken is not None:
        raise wrong_field("style", _("%(sku)s is that variant already.") % {"sku": taken.sku.code})
    Variant.objects.update_or_create(sku=sku, defaults={"style": style, **cell})


def cell_of(axes: Sequence[StyleAxis], value_ids: Sequence[int]) -> dict[str, int | None]:
    """The columns of `Variant` for one value of each axis."""
    known = [{value.pk for value in axis.values.all()} for axis in axes]
    if len(value_ids) != len(axes) or any(pk not in pks for pk, pks in zip(value_ids, known, strict=False)):
        raise wrong_field("style", _("Choose one value of each axis of the style."))
    padded: list[int | None] = [*value_ids, None, None]
    return {"first_id": padded[0], "second_id": padded[1], "third_id": padded[2]}


def _record(style: Style, action: str, user: User | None, now: datetime, axes: Sequence[AxisChange]) -> None:
    data = {"code": style.code, "axes": {axis.name: [value.name for value in axis.values] for axis in axes}}
    record_audit(actor=user, action=action, object_type="style", object_id=style.pk, now=now, data=data)
