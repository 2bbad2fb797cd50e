"""What hangs on the card of a SKU, as the API reads and writes it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from inventory.api.fields import QUANTITY
from inventory.domain.movements import plain
from inventory.domain.packs import PackSize
from inventory.models import Barcode, Sku, Substitute
from inventory.services.card_parts import CardParts

# What a list of SKUs fetches beside them, so that it needs as many statements for a hundred as for one. Into plain
# lists: Django makes a queryset for each relation of each row otherwise, which takes longer than the statements.
PREFETCHED = (
    Prefetch("barcodes", to_attr="barcode_rows"),
    Prefetch("packs", to_attr="pack_rows"),
    Prefetch("substitutes", Substitute.objects.select_related("substitute"), to_attr="substitute_rows"),
)
RELATED = ("category", "variant__style", "variant__first__axis", "variant__second__axis", "variant__third__axis")


def sku_cards() -> QuerySet[Sku]:
    """SKUs with all that their serializer shows."""
    return Sku.objects.select_related(*RELATED).prefetch_related(*PREFETCHED)


class PackList(serializers.ListSerializer[Any]):
    def get_attribute(self, instance: Any) -> Any:
        return instance.pack_rows


class PackField(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=40)
    quantity = serializers.DecimalField(**QUANTITY, help_text="Units in the pack.")

    class Meta:
        list_serializer_class = PackList


class BarcodesField(serializers.ListField):
    """Written as a list of codes, shown as one."""

    def get_attribute(self, instance: Any) -> Any:
        return instance.barcode_rows

    def to_representation(self, data: Any) -> list[str]:
        return sorted(barcode.code for barcode in data)


class UnitsField(serializers.DictField):
    """Barcode -> units, of those that do not stand for one unit."""

    def get_attribute(self, instance: Any) -> Any:
        return instance.barcode_rows

    def to_representation(self, value: Any) -> dict[str, str]:
        return {row.code: plain(row.pack_quantity) for row in value if row.pack_quantity != 1}


class SubstitutesField(serializers.ListField):
    """Written as a list of codes, the best first, and shown as one."""

    def get_attribute(self, instance: Any) -> Any:
        return instance.substitute_rows

    def to_representation(self, data: Any) -> list[str]:
        return [row.substitute.code for row in data]

    def to_internal_value(self, data: Any) -> list[int]:
        codes = super().to_internal_value(data)
        ids = dict(Sku.objects.filter(code__in=codes).values_list("code", "pk"))
        unknown = next((code for code in codes if code not in ids), None)
        if unknown is not None:
            raise serializers.ValidationError(_("There is no SKU %(code)s.") % {"code": unknown})
        return [ids[code] for code in codes]


class SkuPartsMixin(serializers.Serializer[Any]):
    packs = PackField(many=True, required=False)
    barcode_units = UnitsField(
        child=serializers.DecimalField(**QUANTITY),
        required=False,
        help_text="Units that a barcode stands for, of case barcodes only.",
    )
    substitutes = SubstitutesField(
        child=serializers.CharField(max_length=60),
        required=False,
        max_length=20,
        help_text="Codes of what may be offered instead, the best first.",
    )
    style = serializers.SerializerMethodField(  # type: ignore[assignment]  # DRF takes declared fields out of the class
        help_text="Code of the style of which it is a variant."
    )
    variant = serializers.SerializerMethodField(help_text="Its value on each axis of the style.")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_style(self, sku: Sku) -> str | None:
        return sku.variant.style.code if hasattr(sku, "variant") else None

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_variant(self, sku: Sku) -> dict[str, str]:
        if not hasattr(sku, "variant"):
            return {}
        values = (sku.variant.first, sku.variant.second, sku.variant.third)
        return {value.axis.name: value.name for value in values if value is not None}


def take_parts(values: dict[str, Any], sku: Sku | None) -> CardParts:
    """Takes the parts out of the values that a client sent, for the service; what was not sent stays as it is."""
    packs = values.pop("packs", None)
    return CardParts(
        barcodes=_barcodes(values.pop("barcodes", None), values.pop("barcode_units", None), sku),
        packs=None if packs is None else [PackSize(pack["name"].strip(), pack["quantity"]) for pack in packs],
        substitute_ids=values.pop("substitutes", None),
    )


def _barcodes(
    codes: list[str] | None, units: Mapping[str, Decimal] | None, sku: Sku | None
) -> dict[str, Decimal] | None:
    """Every barcode with its units: those that the SKU has keep theirs, new ones stand for one unit."""
    if codes is None and units is None:
        return None
    known = dict(Barcode.objects.filter(sku=sku).values_list("code", "pack_quantity")) if sku else {}
    listed = list(known) if codes is None else codes
    return {code: known.get(code, Decimal(1)) for code in listed} | dict(units or {})
