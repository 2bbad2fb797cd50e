"""A shirt in two colours and three sizes, of which some are made."""

from types import SimpleNamespace

from django.utils import timezone

from inventory.models import AxisValue
from inventory.services.styles import AxisChange, ValueChange, create_style
from inventory.services.variants import create_variants

COLOURS, SIZES = ("Red", "Blue"), ("S", "M", "XL")


def make_shirt(*, made=("Red-S", "Red-M", "Blue-M"), places=()):
    """`style`, `value["Red"]`, `sku["Red-S"]`; the variants of `made` are on sale at `places`."""
    axes = [AxisChange(name, [ValueChange(value) for value in values]) for name, values in named_axes()]
    values = {"code": "SHIRT", "name": "Shirt", "price": 20, "cost": 8}
    style = create_style(values=values, axes=axes, user=None, now=timezone.now())
    value = {row.name: row for row in AxisValue.objects.filter(axis__style=style)}
    keys = ["-".join(str(value[name].pk) for name in cell.split("-")) for cell in made]
    skus = create_variants(
        style_id=style.pk, keys=keys, user=None, now=timezone.now(), location_ids=[place.pk for place in places]
    )
    by_code = {sku.code.removeprefix("SHIRT-").title(): sku for sku in skus}
    return SimpleNamespace(style=style, value=value, sku=by_code, key=lambda cell: key_of(value, cell))


def named_axes():
    return (("Colour", COLOURS), ("Size", SIZES))


def key_of(value, cell):
    return "-".join(str(value[name].pk) for name in cell.split("-"))
