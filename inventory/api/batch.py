"""Many movements of any kind in one call."""

from typing import Any, ClassVar, cast

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import KEY_PARAMETER
from accounts.models import User
from accounts.roles import VIEW_STOCK, WRITE_STOCK
from accounts.services.idempotency import Answer
from inventory.api.batch_lines import read_lines
from inventory.api.fields import MONEY, QUANTITY, customer_field
from inventory.api.lists import MovementsView
from inventory.api.stock_once import StockOnce
from inventory.services.batches import BATCH_KINDS, BatchLine, post_batch
from inventory.services.posting import MAX_LINES


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "integer"}]})
class PlaceRef(serializers.CharField):
    """A code or an id."""


class BatchLineInput(serializers.Serializer[Any]):
    """One movement. Name the SKU by `sku`, `sku_id` or `barcode`; `location` is a code or an id of a place of yours."""

    kind = serializers.ChoiceField(choices=BATCH_KINDS)
    sku = serializers.CharField(max_length=60, required=False)
    sku_id = serializers.IntegerField(required=False)
    barcode = serializers.CharField(max_length=60, required=False)
    pack = serializers.CharField(max_length=40, required=False, help_text="`quantity` then counts packs.")
    quantity = serializers.DecimalField(**QUANTITY, help_text="Of an adjustment below zero when goods were lost.")
    location = PlaceRef()
    destination = PlaceRef(required=False, help_text="Of a transfer: another place of yours.")
    reason = serializers.CharField(max_length=60, required=False, help_text="Of an adjustment.")
    unit_price = serializers.DecimalField(**MONEY, required=False, allow_null=True)
    occurred_at = serializers.DateTimeField(required=False, allow_null=True, help_text="Nothing means now.")
    lot = serializers.CharField(max_length=60, required=False)


class BatchLines(serializers.ListField):
    """Checked by `read_lines`, which knows all lines at once."""

    def to_internal_value(self, data: Any) -> list[BatchLine]:
        if not isinstance(data, list) or not 1 <= len(data) <= MAX_LINES:
            raise serializers.ValidationError(_("Send 1 to 10,000 lines."))
        try:
            return read_lines(data, cast(User, self.context["request"].user))
        except serializers.ValidationError as error:
            detail: Any = error.detail
            raise serializers.ValidationError(detail["lines"] if isinstance(detail, dict) else detail) from error


class BatchInput(serializers.Serializer[Any]):
    """Posted as a whole or not at all."""

    lines = extend_schema_field(BatchLineInput(many=True))(BatchLines)()
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    customer = customer_field()


class BatchOutput(serializers.Serializer[Any]):
    posting = serializers.IntegerField()
    lines = serializers.IntegerField()


class PostableMovementsView(MovementsView):
    """The movements, and the way to post up to 10,000 at once."""

    permissions_by_method: ClassVar = {"GET": VIEW_STOCK, "POST": WRITE_STOCK}

    @extend_schema(
        request=BatchInput,
        responses={201: BatchOutput},
        parameters=[KEY_PARAMETER],
        tags=["stock"],
        operation_id="movements_post_batch",
    )
    def post(self, request: Request) -> Response:
        """Post 1 to 10,000 movements of any kind, all or none. A refusal names every line that is wrong or short.

        Counts have an address of their own, since they compare; so have transfers that are on their way for a while.
        """
        once = StockOnce(request)
        given = BatchInput(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        return once.answer(lambda: self._post(once, given.validated_data))

    def _post(self, once: StockOnce, values: dict[str, Any]) -> Answer:
        lines = values["lines"]
        said = {name: values[name] for name in ("note", "customer")}
        posting = post_batch(lines=lines, key=once.act_key, user=once.user, now=once.now, **said)
        return Answer(201, {"posting": posting.pk, "lines": len(lines)})
