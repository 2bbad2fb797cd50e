"""What a client sends to reserve stock, and what it is shown of it."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from inventory.api.acts_input import ArrivalLineInput, PostedOutput, lines_of
from inventory.api.fields import QUANTITY, AnyLocationField, OwnLocationField
from inventory.models import Reservation, ReservationState
from inventory.services.posting import MAX_LINES
from inventory.services.reservations import MAX_REFERENCE

EXPIRES_AT: dict[str, Any] = {
    "allow_null": True,
    "help_text": "From this moment on it is available to others again; null keeps it until it is released.",
}


class ReservationInput(serializers.Serializer[Any]):
    location = OwnLocationField()
    lines = lines_of(ArrivalLineInput())
    reference = serializers.CharField(max_length=MAX_REFERENCE, required=False, default="", allow_blank=True)
    expires_at = serializers.DateTimeField(required=False, default=None, **EXPIRES_AT)


class IssueInput(serializers.Serializer[Any]):
    quantity = serializers.DecimalField(
        **QUANTITY,
        min_value=0,
        required=False,
        allow_null=True,
        default=None,
        help_text="All that is left, if not said.",
    )
    destination = AnyLocationField(
        required=False, allow_null=True, default=None, help_text="Send it to another place of ours instead of selling."
    )


class IssueLineInput(serializers.Serializer[Any]):
    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    quantity = serializers.DecimalField(**QUANTITY, min_value=0, required=False, allow_null=True, default=None)


class IssueManyInput(serializers.Serializer[Any]):
    reservations: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=IssueLineInput(), allow_empty=False, max_length=MAX_LINES
    )
    destination = AnyLocationField(required=False, allow_null=True, default=None)


class ExtendInput(serializers.Serializer[Any]):
    expires_at = serializers.DateTimeField(**EXPIRES_AT)


class ReassignInput(serializers.Serializer[Any]):
    location = OwnLocationField(required=False, allow_null=True, default=None)
    reference = serializers.CharField(
        max_length=MAX_REFERENCE, required=False, allow_blank=True, allow_null=True, default=None
    )


class ReservationSerializer(serializers.ModelSerializer[Reservation]):
    sku = serializers.CharField(source="sku.code")
    location = serializers.CharField(source="location.code")
    kit = serializers.CharField(source="kit.code", allow_null=True, default=None)
    remaining = serializers.SerializerMethodField(help_text="What is still reserved.")
    state = serializers.SerializerMethodField()

    class Meta:
        model = Reservation
        fields = (
            "id",
            "sku",
            "location",
            "kit",
            "quantity",
            "issued",
            "remaining",
            "state",
            "expires_at",
            "reference",
            "created_at",
            "closed_at",
        )

    def get_remaining(self, row: Reservation) -> str:
        left = row.quantity - row.issued if self.get_state(row) == ReservationState.PENDING else 0
        return f"{left:.3f}"

    def get_state(self, row: Reservation) -> str:
        now: datetime = self.context.get("now") or timezone.now()
        is_over = row.state == ReservationState.PENDING and row.expires_at is not None and row.expires_at <= now
        return ReservationState.EXPIRED.value if is_over else str(row.state)


class ReservedOutput(serializers.Serializer[Any]):
    """A reservation for each line; a kit has one for each of its parts."""

    reservations = ReservationSerializer(many=True)


class IssuedOutput(PostedOutput):
    transfer = serializers.CharField(allow_null=True, help_text="The number of the transfer that took the goods.")
    reservations = ReservationSerializer(many=True)
