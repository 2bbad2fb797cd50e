"""What the API shows. Every field is named, so that a new column is not public by accident."""

from typing import Any

from rest_framework import serializers

from inventory.api.fields import MONEY, QUANTITY
from inventory.api.sku_parts import BarcodesField, SkuPartsMixin
from inventory.locks import NEVER
from inventory.models import (
    Category,
    Location,
    LostSale,
    Movement,
    Sku,
    StockLevel,
    StockoutEvent,
    Transfer,
    TransferDifference,
    TransferLine,
)


class CategorySerializer(serializers.ModelSerializer[Category]):
    parent: serializers.SlugRelatedField[Any] = serializers.SlugRelatedField(
        slug_field="code", read_only=True, allow_null=True
    )  # type: ignore[assignment]  # DRF takes declared fields out of the class

    class Meta:
        model = Category
        fields = ("id", "code", "name", "parent")


class LocationSerializer(serializers.ModelSerializer[Location]):
    supplied_by: serializers.SlugRelatedField[Any] = serializers.SlugRelatedField(
        slug_field="code", read_only=True, allow_null=True
    )

    class Meta:
        model = Location
        fields = ("id", "code", "name", "kind", "time_zone", "supplied_by", "may_go_negative", "address", "contact")


class SkuSerializer(SkuPartsMixin, serializers.ModelSerializer[Sku]):
    """Also the list of what may be written; `id` and `created_at` may not."""

    code = serializers.CharField(max_length=60)
    category = serializers.SlugRelatedField(
        slug_field="code", queryset=Category.objects.all(), allow_null=True, required=False
    )
    cost = serializers.DecimalField(**MONEY, required=False)
    price = serializers.DecimalField(**MONEY, required=False)
    weight_kg = serializers.DecimalField(max_digits=12, decimal_places=4, min_value=0, required=False, allow_null=True)
    volume_l = serializers.DecimalField(max_digits=12, decimal_places=4, min_value=0, required=False, allow_null=True)
    barcodes = BarcodesField(child=serializers.CharField(max_length=60), required=False, max_length=50)

    class Meta:
        model = Sku
        fields = (
            "id",
            "code",
            "name",
            "category",
            "unit",
            "cost",
            "price",
            "shelf_life_days",
            "weight_kg",
            "volume_l",
            "is_lot_tracked",
            "is_active",
            "barcodes",
            "barcode_units",
            "packs",
            "substitutes",
            "style",
            "variant",
            "created_at",
        )
        read_only_fields = ("id", "is_lot_tracked", "created_at")


class MovedAtField(serializers.DateTimeField):
    """When a level last moved; null where nothing ever did."""

    def get_attribute(self, instance: StockLevel) -> Any:
        """None is shown as null, as of any field."""
        value = super().get_attribute(instance)
        return None if value == NEVER else value


class LevelSerializer(serializers.ModelSerializer[StockLevel]):
    sku = serializers.CharField(source="sku.code")
    location = serializers.CharField(source="location.code")
    reserved = serializers.DecimalField(**QUANTITY, source="reserved_now")
    available = serializers.DecimalField(**QUANTITY)
    updated_at = MovedAtField(allow_null=True, help_text="Null where nothing has moved yet.")

    class Meta:
        model = StockLevel
        fields = ("id", "sku", "location", "on_hand", "reserved", "held", "available", "updated_at")


class MovementSerializer(serializers.ModelSerializer[Movement]):
    sku = serializers.CharField(source="sku.code")
    source = serializers.CharField(source="source.code")  # type: ignore[assignment]  # DRF takes declared fields out of the class
    destination = serializers.CharField(source="destination.code")
    lot = serializers.CharField(source="lot.code", allow_null=True, default=None)
    reason: serializers.SlugRelatedField[Any] = serializers.SlugRelatedField(
        slug_field="code", read_only=True, allow_null=True
    )

    class Meta:
        model = Movement
        fields = (
            "id",
            "posting",
            "line",
            "kind",
            "sku",
            "source",
            "destination",
            "lot",
            "quantity",
            "unit_price",
            "reason",
            "occurred_at",
            "business_date",
            "reverses",
        )


class LostSaleSerializer(serializers.ModelSerializer[LostSale]):
    sku = serializers.CharField(source="sku.code")
    location = serializers.CharField(source="location.code")

    class Meta:
        model = LostSale
        fields = ("id", "sku", "location", "quantity", "unit_price", "cause", "occurred_at", "business_date")


class StockoutSerializer(serializers.ModelSerializer[StockoutEvent]):
    sku = serializers.CharField(source="sku.code")
    location = serializers.CharField(source="location.code")

    class Meta:
        model = StockoutEvent
        fields = ("id", "sku", "location", "started_at", "ended_at")


class TransferLineSerializer(serializers.ModelSerializer[TransferLine]):
    sku = serializers.CharField(source="sku.code")
    lot = serializers.CharField(
        source="lot.code", default=None, allow_null=True, help_text="The lot it names; else what expires first."
    )

    class Meta:
        model = TransferLine
        fields = ("sku", "lot", "quantity", "received", "missing")


class TransferDifferenceSerializer(serializers.ModelSerializer[TransferDifference]):
    sku = serializers.CharField(source="line.sku.code")
    reason = serializers.CharField(source="reason.code")

    class Meta:
        model = TransferDifference
        fields = ("sku", "quantity", "is_surplus", "reason", "note", "noted_at")


class TransferSerializer(serializers.ModelSerializer[Transfer]):
    source = serializers.CharField(source="source.code")  # type: ignore[assignment]  # DRF takes declared fields out of the class
    destination = serializers.CharField(source="destination.code")
    lines = TransferLineSerializer(many=True)
    differences = TransferDifferenceSerializer(many=True)

    class Meta:
        model = Transfer
        fields = (
            "id",
            "number",
            "source",
            "destination",
            "state",
            "created_at",
            "shipped_at",
            "expected_on",
            "received_at",
            "lines",
            "differences",
        )
