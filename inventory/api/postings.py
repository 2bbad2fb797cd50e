"""Undoing an act, and what production uses and makes."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import KEY_PARAMETER
from accounts.api.permissions import RolePermits
from accounts.errors import NotAllowed
from accounts.roles import REVERSE_POSTINGS
from accounts.services.idempotency import Answer
from inventory.api.acts import ActView, Values, common, lot_of, posted
from inventory.api.acts_input import GoodsLineInput, PostedOutput, ReceiptLineInput, lines_of
from inventory.api.fields import OwnLocationField
from inventory.api.stock_once import StockOnce
from inventory.domain.goods import GoodsLine
from inventory.selectors.postings import is_all_ours, postings_for
from inventory.services.production import post_production
from inventory.services.reversals import MAX_REASON, undo_posting


class ReverseInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=MAX_REASON, help_text="Why; it stays with the reversal.")


class ReverseView(APIView):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"POST": REVERSE_POSTINGS}

    @extend_schema(request=ReverseInput, responses={201: PostedOutput}, parameters=[KEY_PARAMETER], tags=["stock"])
    def post(self, request: Request, pk: int) -> Response:
        """Undo a posting: the opposite of each of its movements, all or nothing, once."""
        once = StockOnce(request)
        posting = get_object_or_404(postings_for(once.user), pk=pk)
        if not is_all_ours(once.user, posting):
            raise NotAllowed(_("It moved stock of a place that is not yours."))
        given = ReverseInput(data=request.data)
        given.is_valid(raise_exception=True)
        return once.answer(lambda: self._undo(once, pk, given.validated_data["reason"]))

    def _undo(self, once: StockOnce, pk: int, reason: str) -> Answer:
        return posted(undo_posting(posting_id=pk, reason=reason, key=once.act_key, user=once.user, now=once.now))


class ProductionInput(serializers.Serializer[Any]):
    location = OwnLocationField()
    used = lines_of(GoodsLineInput(), required=False, default=list)
    made = lines_of(ReceiptLineInput(), required=False, default=list)
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class ProductionView(ActView):
    input_class = ProductionInput

    @extend_schema(request=ProductionInput, responses={201: PostedOutput}, parameters=[KEY_PARAMETER], tags=["stock"])
    def post(self, request: Request) -> Response:
        """Use up parts and put what was made of them on stock, both or neither."""
        return super().post(request)

    def act(self, once: StockOnce, values: Values) -> Answer:
        used, made = ([_goods_line(line) for line in values[name]] for name in ("used", "made"))
        return posted(post_production(**common(once, values), used=used, made=made, note=values["note"]))


def _goods_line(line: Values) -> GoodsLine:
    return GoodsLine(line["sku_id"], line["quantity"], line.get("unit_price"), lot_of(line))
