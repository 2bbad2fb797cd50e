"""The card of a style as typed: its fields, and its axes with their values in order."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.ids import id_of
from accounts.text import own_money
from inventory.forms_shared import CardFields
from inventory.models import Style
from inventory.models.style import MAX_AXES
from inventory.money_field import MoneyField
from inventory.selectors.styles import axes_of
from inventory.services.styles import AxisChange, ValueChange

if TYPE_CHECKING:
    StyleModelForm = forms.ModelForm[Style]
else:  # Only the stubs know its type parameter.
    StyleModelForm = forms.ModelForm

MOST_VALUES = 100


class StyleForm(CardFields, StyleModelForm):
    """What all variants have in common; the service does the writing."""

    price = MoneyField(label=own_money(_("Price")), min_value=0, max_digits=14, decimal_places=4, initial=Decimal(0))
    cost = MoneyField(label=own_money(_("Cost")), min_value=0, max_digits=14, decimal_places=4, initial=Decimal(0))

    class Meta:
        model = Style
        fields = ("code", "name", "category", "price", "cost")
        labels = {"code": _("Code"), "name": _("Name"), "category": _("Category")}
        help_texts = {"code": _("The codes of new variants begin with it.")}


@dataclass
class ValueRow:
    pk: int
    name: str
    order: str


@dataclass
class AxisRow:
    """An axis with the values that it has, and those that are typed for it."""

    position: int
    name: str = ""
    values: list[ValueRow] = field(default_factory=list)
    added: str = ""


def axis_rows(style: Style | None) -> list[AxisRow]:
    """As they stand, and blank ones up to the most there may be."""
    rows = []
    for axis in axes_of(style) if style else []:
        values = [ValueRow(value.pk, value.name, str(order)) for order, value in enumerate(axis.values.all(), start=1)]
        rows.append(AxisRow(axis.position, axis.name, values))
    return rows + [AxisRow(position) for position in range(len(rows) + 1, MAX_AXES + 1)]


def read_axes(post: QueryDict) -> list[AxisRow]:
    rows = []
    for position in range(1, MAX_AXES + 1):
        row = AxisRow(position, post.get(f"axis_{position}", "").strip()[:60])
        row.added = post.get(f"values_{position}", "")[:4000]
        ids, names, orders = (post.getlist(f"{name}_{position}")[:MOST_VALUES] for name in ("value", "name", "order"))
        for pk, name, order in zip(ids, names, orders, strict=False):
            value_id = id_of(pk)
            if value_id is not None:
                row.values.append(ValueRow(value_id, name.strip()[:60], order.strip()[:6]))
        rows.append(row)
    return rows


def axis_changes(rows: list[AxisRow]) -> list[AxisChange]:
    """What the service takes: values by their order, those without a name left out, the new ones at the end."""
    changes = []
    for row in rows:
        kept = sorted((value for value in row.values if value.name), key=_order)
        values = [ValueChange(value.name, value.pk) for value in kept]
        values += [ValueChange(name) for name in split_values(row.added)]
        if row.name or values:
            changes.append(AxisChange(row.name, values))
    return changes


def split_values(text: str) -> list[str]:
    """Values written with commas, or one a line."""
    return [part.strip() for part in re.split(r"[,，、;\n]", text) if part.strip()]


def _order(value: ValueRow) -> float:
    try:
        return float(value.order)
    except ValueError:
        return float("inf")
