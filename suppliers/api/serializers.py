"""Shapes of suppliers and terms in the API."""

from decimal import Decimal
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.naming import CodeOrIdField
from inventory.models import Sku
from suppliers.domain.calendar import mask_of, weekdays_of
from suppliers.models import Supplier, SupplierTerms
from suppliers.models.supplier import TruckPolicy


class WeekdaysField(serializers.ListField):
    """ISO weekdays, 1 Monday to 7 Sunday; at least one."""

    child = serializers.IntegerField(min_value=1, max_value=7)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_empty=False, **kwargs)

    def to_representation(self, data: Any) -> list[int]:
        return weekdays_of(data)

    def to_internal_value(self, data: Any) -> Any:
        return mask_of(super().to_internal_value(data))


class SupplierSerializer(serializers.ModelSerializer[Supplier]):
    """Read. The code is given once and never changes."""

    class Meta:
        model = Supplier
        fields: ClassVar[list[str]] = [
            "id", "code", "name", "email", "language", "currency", "promised_lead_time_days", "minimum_order_value",
            "maximum_order_value", "order_days", "delivery_days", "cut_off", "time_zone", "truck_policy",
            "truck_kilograms", "truck_cubic_metres", "truck_value", "fill_days", "is_active",
        ]  # fmt: skip
        read_only_fields = fields

    order_days = WeekdaysField(read_only=True)
    delivery_days = WeekdaysField(read_only=True)


def _truck(digits: int, places: int) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=digits, decimal_places=places, required=False, allow_null=True)


class SupplierChangeSerializer(serializers.Serializer[Supplier]):
    """Written fields of a supplier; those left out stay as they are."""

    name = serializers.CharField(max_length=120, required=False)
    email = serializers.EmailField(required=False, allow_blank=True)
    language = serializers.CharField(max_length=10, required=False)
    currency = serializers.CharField(min_length=3, max_length=3, required=False)
    promised_lead_time_days = serializers.IntegerField(min_value=0, max_value=365, required=False)
    minimum_order_value = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0, required=False)
    maximum_order_value = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True,
        help_text="Of one order; null: as much as is asked for.",
    )  # fmt: skip
    order_days = WeekdaysField(required=False)
    delivery_days = WeekdaysField(required=False)
    cut_off = serializers.TimeField(
        required=False, allow_null=True, help_text="Orders of a day are taken until then; null: all day."
    )
    time_zone = serializers.CharField(
        max_length=60,
        required=False,
        allow_blank=True,
        help_text="Of the cut-off; empty: that of the ordering place.",
    )
    truck_policy = serializers.ChoiceField(choices=TruckPolicy.choices, required=False)
    truck_kilograms = _truck(12, 3)
    truck_cubic_metres = _truck(12, 3)
    truck_value = _truck(14, 2)
    fill_days = serializers.IntegerField(min_value=1, max_value=180, required=False)
    is_active = serializers.BooleanField(required=False)


class NewSupplierSerializer(SupplierChangeSerializer):
    """A new supplier: code, name and currency are needed."""

    code = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=120)
    currency = serializers.CharField(min_length=3, max_length=3)


class PriceBreakSerializer(serializers.Serializer[Any]):
    """From so many units of an order line on, each of them costs `price`."""

    quantity = serializers.DecimalField(max_digits=14, decimal_places=3)
    price = serializers.DecimalField(max_digits=14, decimal_places=4)


class TermsSerializer(serializers.ModelSerializer[SupplierTerms]):
    """Read."""

    supplier_code = serializers.CharField(source="supplier.code")
    sku_code = serializers.CharField(source="sku.code")
    price_breaks = serializers.SerializerMethodField()

    class Meta:
        model = SupplierTerms
        fields: ClassVar[list[str]] = [
            "id", "supplier", "supplier_code", "sku", "sku_code", "price", "pack_size", "minimum_quantity",
            "maximum_quantity", "pallet_size", "pallet_percent", "promised_lead_time_days", "priority", "is_active",
            "price_breaks", "share_percent", "express_lead_time_days", "express_premium_percent",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(PriceBreakSerializer(many=True))
    def get_price_breaks(self, terms: SupplierTerms) -> list[dict[str, str]]:
        return [{"quantity": least, "price": price} for least, price in terms.price_breaks]


class NewTermsSerializer(serializers.Serializer[SupplierTerms]):
    """Terms of one supplier for one SKU; those that exist are replaced."""

    supplier = CodeOrIdField(queryset=Supplier.objects.all())
    sku = CodeOrIdField(queryset=Sku.objects.all())
    price = serializers.DecimalField(max_digits=14, decimal_places=4, min_value=0)
    pack_size = serializers.DecimalField(max_digits=14, decimal_places=3, default=Decimal(1))
    minimum_quantity = serializers.DecimalField(max_digits=14, decimal_places=3, min_value=0, default=Decimal(0))
    maximum_quantity = serializers.DecimalField(
        max_digits=14, decimal_places=3, allow_null=True, default=None, help_text="Of one order line; null: any."
    )
    pallet_size = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True, default=None)
    pallet_percent = serializers.IntegerField(
        min_value=0, max_value=99, default=0, help_text="Of a pallet that may be missing for rounding up; 0: never."
    )
    promised_lead_time_days = serializers.IntegerField(min_value=0, max_value=365, allow_null=True, default=None)
    priority = serializers.IntegerField(min_value=1, max_value=99, default=1)
    supplier_code = serializers.CharField(
        max_length=60, allow_blank=True, default="", help_text="What the supplier calls the SKU."
    )
    is_active = serializers.BooleanField(default=True)
    price_breaks = PriceBreakSerializer(many=True, default=list)
    share_percent = serializers.IntegerField(min_value=1, max_value=100, allow_null=True, default=None)
    express_lead_time_days = serializers.IntegerField(min_value=0, max_value=60, allow_null=True, default=None)
    express_premium_percent = serializers.DecimalField(
        max_digits=6, decimal_places=2, min_value=0, max_value=1000, default=Decimal(0)
    )

    def validate_price_breaks(self, rows: list[dict[str, Decimal]]) -> tuple[tuple[Decimal, Decimal], ...]:
        return tuple((row["quantity"], row["price"]) for row in rows)
