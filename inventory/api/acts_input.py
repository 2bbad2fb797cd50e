"""What a client sends to move stock. SKUs are named by code and found in one statement for all lines."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from inventory.api.fields import MONEY, QUANTITY, AnyLocationField, OwnLocationField, customer_field
from inventory.api.line_codes import Lines, SkuLineInput
from inventory.services.posting import MAX_LINES


def lines_of(line: SkuLineInput, **options: Any) -> Lines:
    """Lines with `sku`, `sku_id` and the quantity in units; what cannot be understood is named with its line."""
    return Lines(child=line, allow_empty=False, max_length=MAX_LINES, **options)


class LotLineInput(SkuLineInput):
    """A line that may name the lot of a SKU that is tracked by lot."""

    lot = serializers.CharField(
        max_length=60,
        required=False,
        allow_blank=True,
        default="",
        help_text="The code of the lot. Without it, what expires first is taken; goods that arrive must name one.",
    )


class ArrivingLotInput(serializers.Serializer[Any]):
    """What is told of a lot that may arrive for the first time."""

    expires_on = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="Of a new lot; else the shelf life of the SKU counts."
    )
    lot_supplier = serializers.CharField(
        max_length=120, required=False, allow_blank=True, default="", help_text="Who delivered it, under which number."
    )


class GoodsLineInput(LotLineInput):
    may_be_zero = False
    quantity = serializers.DecimalField(**QUANTITY, min_value=0)
    unit_price = serializers.DecimalField(
        **MONEY, required=False, allow_null=True, default=None, help_text="Of one unit, also when packs are counted."
    )


class SoldLineInput(GoodsLineInput):
    quantity = serializers.DecimalField(
        **QUANTITY,
        min_value=0,
        error_messages={"min_value": _("A sale is above zero. Post what a customer brought back to returns/.")},
    )


class ReceiptLineInput(GoodsLineInput, ArrivingLotInput):
    """`unit_price` is the cost of a unit."""


class ChangeLineInput(LotLineInput, ArrivingLotInput):
    may_be_zero = False
    may_be_below_zero = True
    quantity = serializers.DecimalField(**QUANTITY, help_text="Above zero was found, below zero was lost.")


class CountLineInput(LotLineInput, ArrivingLotInput):
    quantity = serializers.DecimalField(**QUANTITY, min_value=0)
    counted_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class ArrivalLineInput(SkuLineInput):
    quantity = serializers.DecimalField(**QUANTITY, min_value=0)


class SaleInput(serializers.Serializer[Any]):
    location = OwnLocationField()
    lines = lines_of(SoldLineInput())
    allow_cut = serializers.BooleanField(default=False, help_text="Sell what is left where more is asked.")
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    customer = customer_field()


class ReturnInput(serializers.Serializer[Any]):
    location = OwnLocationField()
    lines = lines_of(GoodsLineInput())
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    customer = customer_field()


class ReceiptInput(serializers.Serializer[Any]):
    location = OwnLocationField()
    lines = lines_of(ReceiptLineInput())
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class AdjustmentInput(serializers.Serializer[Any]):
    location = OwnLocationField()
    reason = serializers.CharField(max_length=30)
    lines = lines_of(ChangeLineInput())
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class CountInput(serializers.Serializer[Any]):
    location = OwnLocationField()
    lines = lines_of(CountLineInput())
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class TransferLineInput(LotLineInput):
    quantity = serializers.DecimalField(**QUANTITY, min_value=0)


class TransferInput(serializers.Serializer[Any]):
    source = OwnLocationField()  # type: ignore[assignment]  # DRF takes declared fields out of the class
    destination = AnyLocationField()
    lines = lines_of(TransferLineInput())
    expected_on = serializers.DateField(required=False, allow_null=True, default=None)


class DifferenceInput(serializers.Serializer[Any]):
    sku = serializers.CharField(max_length=60)
    lot = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    quantity = serializers.DecimalField(**QUANTITY)
    reason = serializers.CharField(max_length=30)
    is_surplus = serializers.BooleanField(default=False, help_text="It came in addition; else it will not arrive.")
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class ArrivalInput(serializers.Serializer[Any]):
    differences = serializers.ListField(child=DifferenceInput(), required=False, default=list, max_length=MAX_LINES)
    lines = lines_of(TransferLineInput(), required=False, allow_null=True, default=None)
    is_final = serializers.BooleanField(default=False, help_text="Nothing more is expected; what is missing is lost.")
    reason = serializers.CharField(max_length=30, required=False, default="", allow_blank=True)


class PostedOutput(serializers.Serializer[Any]):
    """The posting that an act made; `posting` is null when nothing had to move."""

    posting = serializers.IntegerField(allow_null=True)


class UnservedOutput(serializers.Serializer[Any]):
    line = serializers.IntegerField()
    sku = serializers.CharField()
    quantity = serializers.DecimalField(**QUANTITY)


class SaleOutput(PostedOutput):
    unserved = UnservedOutput(many=True)
