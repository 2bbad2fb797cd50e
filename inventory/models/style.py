"""Styles: one thing in several colours, sizes or whatever else it comes in, each of them a SKU of its own."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from inventory.models.sku import Category, Sku

MAX_AXES = 3


class Style(models.Model):
    """What the variants have in common. Its axes span a matrix: the first its rows, the second its columns."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="styles")
    # What a new variant costs and sells for, until its own card says otherwise.
    cost = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    price = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cost__gte=0) & Q(price__gte=0), name="inventory_style_money_not_negative"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class StyleAxis(models.Model):
    """What the variants differ in: colour, size, length. `position` counts from 1."""

    style = models.ForeignKey(Style, on_delete=models.CASCADE, related_name="axes", db_index=False)
    position = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MAX_AXES)])
    name = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["style", "position"], name="inventory_axis_position_once"),
            models.UniqueConstraint(fields=["style", "name"], name="inventory_axis_name_once"),
            models.CheckConstraint(
                condition=Q(position__gte=1) & Q(position__lte=MAX_AXES), name="inventory_axis_position_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AxisValue(models.Model):
    """Red, or XL. `position` is its place in the order of the axis, which is not that of the alphabet."""

    axis = models.ForeignKey(StyleAxis, on_delete=models.CASCADE, related_name="values", db_index=False)
    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["axis", "name"], name="inventory_axis_value_once")]

    def __str__(self) -> str:
        return self.name


class Variant(models.Model):
    """A SKU as one cell of the matrix of a style: its value on each axis, in the order of the axes."""

    sku = models.OneToOneField(Sku, on_delete=models.CASCADE, primary_key=True, related_name="variant")
    style = models.ForeignKey(Style, on_delete=models.PROTECT, related_name="variants", db_index=False)
    first = models.ForeignKey(AxisValue, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(AxisValue, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    third = models.ForeignKey(AxisValue, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            # Two SKUs in one cell would be the same thing twice. An axis that is not there counts as equal.
            models.UniqueConstraint(
                fields=["style", "first", "second", "third"], nulls_distinct=False, name="inventory_variant_cell_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.style_id}: {self.sku_id}"
