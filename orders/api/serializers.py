"""Shapes of proposals, purchase orders and reorder levels in the API."""

from decimal import Decimal
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.ids import ids_of
from orders.domain.budget_reasons import with_cut
from orders.domain.reasons import unpack_lines
from orders.models import PurchaseOrder, PurchaseOrderLine, Receipt, ReorderLevel, ReplenishmentProposal, SupplierReturn
from orders.selectors.budget_pages import cut_of
from orders.services.lessons import LESSONS

# More than anybody buys one SKU from.
MOST_PARTS = 100


class ReasonLineSerializer(serializers.Serializer[Any]):
    """One line of "why": what it is, its value, the kind of value, and where it was read."""

    code = serializers.CharField()
    value = serializers.CharField()
    kind = serializers.CharField(help_text="units, days, share, money, text, date or count")
    origin = serializers.CharField(
        source="source", help_text="ledger, orders, transfers, forecast, deliveries, promise, rule, terms or sum"
    )
    detail = serializers.CharField()


class ProposalSerializer(serializers.ModelSerializer[ReplenishmentProposal]):
    """One need. `supplier` or `source` (a location to move from) is set, never both. `cut_quantity` is what the budget
    `cut_by` leaves of the suggested quantity, 0 when it is held; null when nothing is cut."""

    sku_code = serializers.CharField(source="sku.code")
    location_code = serializers.CharField(source="location.code")
    supplier_code = serializers.CharField(source="supplier.code", default=None, allow_null=True)
    source_code = serializers.CharField(source="source.code", default=None, allow_null=True)
    reason = serializers.SerializerMethodField()

    class Meta:
        model = ReplenishmentProposal
        fields: ClassVar[list[str]] = [
            "id", "sku", "sku_code", "location", "location_code", "supplier", "supplier_code", "source", "source_code",
            "quantity", "suggested_quantity", "cut_quantity", "cut_by", "cut_cost", "needs_review",
            "unit_price", "expected_on", "value_at_risk", "state",
            "created_at", "updated_at", "decided_at", "decision_note", "snoozed_until", "purchase_order", "transfer",
            "reason",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ReasonLineSerializer(many=True))
    def get_reason(self, proposal: ReplenishmentProposal) -> list[dict[str, Any]]:
        lines = with_cut(unpack_lines(proposal.reason.get("lines", [])), cut_of(proposal))
        return [dict(ReasonLineSerializer(line).data) for line in lines]


def by_id(seen: dict[str, Decimal], refusal: str) -> dict[int, Decimal]:
    """What was looked at, whose names in JSON are text. Raises `ValidationError` in the words of `refusal`."""
    ids = ids_of(seen)
    if len(ids) < len(seen):
        raise serializers.ValidationError(refusal)
    return dict(zip(ids, seen.values(), strict=True))


class ApproveSerializer(serializers.Serializer[Any]):
    """`seen`: the quantities that were looked at, by id; with it nothing is bought when one has changed since."""

    ids = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=5000)
    seen = serializers.DictField(
        child=serializers.DecimalField(max_digits=14, decimal_places=3), required=False, default=dict
    )

    def validate_seen(self, seen: dict[str, Decimal]) -> dict[int, Decimal]:
        return by_id(seen, "Name each quantity by the id of its proposal.")


class ApproveOrdersSerializer(serializers.Serializer[Any]):
    """`seen`, by id, are the totals that were looked at; with them nothing is approved when one has changed."""

    ids = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=500)
    seen = serializers.DictField(
        child=serializers.DecimalField(max_digits=14, decimal_places=2), required=False, default=dict
    )

    def validate_seen(self, seen: dict[str, Decimal]) -> dict[int, Decimal]:
        return by_id(seen, "Name each total by the id of its order.")


class SplitPartSerializer(serializers.Serializer[Any]):
    supplier = serializers.IntegerField(min_value=1)
    quantity = serializers.DecimalField(
        max_digits=14, decimal_places=3, min_value=0, allow_null=True, default=None,
        help_text="Units; null of one supplier: what the others leave of the proposed quantity, in whole packs.",
    )  # fmt: skip


class SplitSerializer(serializers.Serializer[Any]):
    """`seen` is the quantity of the proposal that was looked at; with it nothing is bought when it has changed."""

    parts = SplitPartSerializer(many=True)
    seen = serializers.DecimalField(max_digits=14, decimal_places=3, required=False, allow_null=True, default=None)

    def validate_parts(self, parts: list[dict[str, Any]]) -> dict[int, Decimal | None]:
        found = {part["supplier"]: part["quantity"] for part in parts}
        if len(parts) > MOST_PARTS:
            raise serializers.ValidationError(f"At most {MOST_PARTS} suppliers.")
        if len(found) < len(parts):
            raise serializers.ValidationError("Name each supplier once.")
        return found


class EditSerializer(serializers.Serializer[Any]):
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3)


class RejectSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=300)
    snooze_days = serializers.IntegerField(min_value=0, max_value=365, default=1)
    lesson = serializers.ChoiceField(
        choices=[code for code, _title in LESSONS],
        required=False,
        allow_blank=True,
        default="",
        help_text="Sets the rule of this SKU at this place, one step from what holds there now.",
    )


class OrderLineSerializer(serializers.ModelSerializer[PurchaseOrderLine]):
    sku_code = serializers.CharField(source="sku.code")

    class Meta:
        model = PurchaseOrderLine
        fields: ClassVar[list[str]] = [
            "id", "sku", "sku_code", "quantity", "received", "returned", "unit_price", "expected_on",
            "confirmed_quantity", "promised_on", "is_closed",
        ]  # fmt: skip
        read_only_fields = fields


class RevisedLineSerializer(serializers.Serializer[Any]):
    """`quantity` in all, 0 for none of it; without `expected_on` the day stays."""

    line = serializers.IntegerField(min_value=1, help_text="Id of the order line.")
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3, min_value=0)
    expected_on = serializers.DateField(required=False, allow_null=True, default=None)


def each_once(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Raises ValidationError where a line is named twice: one of the two would count for nothing."""
    if len({line["line"] for line in lines}) != len(lines):
        raise serializers.ValidationError("Each line stands here once.")
    return lines


class ReviseSerializer(serializers.Serializer[Any]):
    lines = RevisedLineSerializer(many=True, allow_empty=False)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")

    def validate_lines(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return each_once(lines)


class ReturnedLineSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField(min_value=1, help_text="Id of the order line.")
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3, min_value=0)
    lot = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


class ReturnSerializer(serializers.Serializer[Any]):
    lines = ReturnedLineSerializer(many=True, allow_empty=False)
    reason = serializers.CharField(max_length=300)

    def validate_lines(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return each_once(lines)


class SupplierReturnSerializer(serializers.ModelSerializer[SupplierReturn]):
    class Meta:
        model = SupplierReturn
        fields: ClassVar[list[str]] = ["id", "number", "order", "posting", "reason", "returned_at"]
        read_only_fields = fields


class RefuseSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=300)


class PurchaseOrderSerializer(serializers.ModelSerializer[PurchaseOrder]):
    """`home_total` and `counted_total` (with what counts together with it for the limit) are in the firm's currency."""

    supplier_code = serializers.CharField(source="supplier.code")
    location_code = serializers.CharField(source="location.code")
    lines = OrderLineSerializer(many=True)

    class Meta:
        model = PurchaseOrder
        fields: ClassVar[list[str]] = [
            "id", "number", "supplier", "supplier_code", "location", "location_code", "state", "currency", "total",
            "home_total", "counted_total", "needs_second", "created_by", "changed_by", "submitted_at", "approved_by",
            "approved_for", "approved_at", "decision_note", "ordered_on", "expected_on", "created_at", "sent_at",
            "cancelled_at", "revision", "deliver_to", "lines",
        ]  # fmt: skip
        read_only_fields = fields


class ApprovalSerializer(serializers.Serializer[Any]):
    """The documents of an approval; `transfers` are the numbers of draft transfers."""

    orders = PurchaseOrderSerializer(many=True)
    transfers = serializers.ListField(child=serializers.CharField())


class ReceivedLineSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField(min_value=1, help_text="Id of the order line.")
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3, min_value=0)
    lot = serializers.CharField(
        max_length=60, required=False, allow_blank=True, default="", help_text="Of a SKU that is tracked by lot."
    )
    expires_on = serializers.DateField(required=False, allow_null=True, default=None)


class ReceiveSerializer(serializers.Serializer[Any]):
    """Without `lines`, everything that is still open has arrived."""

    lines = ReceivedLineSerializer(many=True, required=False)

    def validate_lines(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return each_once(lines)


class ReceiptSerializer(serializers.ModelSerializer[Receipt]):
    order_number = serializers.CharField(source="order.number")
    order_state = serializers.CharField(source="order.state")

    class Meta:
        model = Receipt
        fields: ClassVar[list[str]] = ["id", "order", "order_number", "order_state", "posting", "received_at"]
        read_only_fields = fields


class ReorderLevelSerializer(serializers.ModelSerializer[ReorderLevel]):
    """What the last night derived. Levels are null where there is not enough data; `outcome` says why nothing is
    proposed."""

    sku_code = serializers.CharField(source="sku.code")
    location_code = serializers.CharField(source="location.code")

    class Meta:
        model = ReorderLevel
        fields: ClassVar[list[str]] = [
            "id", "sku", "sku_code", "location", "location_code", "computed_on", "outcome", "reorder_point",
            "order_up_to_level", "safety_stock", "mean_daily_demand", "protection_interval_days", "lead_time_days",
            "cycle_service_level", "review_period_days", "lot_days", "supplier", "source",
        ]  # fmt: skip
        read_only_fields = fields


class OfferSerializer(serializers.Serializer[Any]):
    """A substitute, and what is available of it at the place."""

    sku = serializers.CharField(source="code")
    available = serializers.DecimalField(max_digits=14, decimal_places=3)


class WhySerializer(serializers.Serializer[Any]):
    """Why this number, or why nothing, as of now."""

    code = serializers.CharField()
    answer = serializers.CharField()
    lines = ReasonLineSerializer(many=True)
    snoozed_until = serializers.DateField(allow_null=True)
    note = serializers.CharField()
    substitutes = OfferSerializer(
        many=True, source="offers", help_text="What is there instead, where the SKU is out; the best first."
    )
