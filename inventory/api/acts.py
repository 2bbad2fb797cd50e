"""Acts that move stock: each is done once per `Idempotency-Key`."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import KEY_PARAMETER
from accounts.api.input import read_body
from accounts.api.permissions import RolePermits
from accounts.roles import WRITE_STOCK
from accounts.services.idempotency import Answer
from inventory.api import acts_input as inputs
from inventory.api.stock_once import StockOnce
from inventory.domain.goods import LotName
from inventory.domain.movements import plain
from inventory.models import Posting
from inventory.services.adjustments import Change, adjust_stock
from inventory.services.counts import Counted, correct_count
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine, return_goods, sell

Values = dict[str, Any]


class ActView(APIView):
    """Reads the body, then lets `act` call its service, once."""

    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"POST": WRITE_STOCK}
    input_class: ClassVar[type[serializers.Serializer[Any]]]

    def post(self, request: Request) -> Response:
        once = StockOnce(request)
        values = read_body(self.input_class, request)
        return once.answer(lambda: self.act(once, values))

    def act(self, once: StockOnce, values: Values) -> Answer:
        raise NotImplementedError


def goods(values: Values) -> list[GoodsLine]:
    return [
        GoodsLine(line["sku_id"], line["quantity"], line.get("unit_price"), lot_of(line)) for line in values["lines"]
    ]


def lot_of(line: Values) -> LotName | None:
    """The lot that a line names."""
    if not line.get("lot"):
        return None
    return LotName(line["lot"], line.get("expires_on"), line.get("lot_supplier", ""))


def posted(posting: Posting | None) -> Answer:
    return Answer(201, {"posting": posting.pk if posting else None})


def common(once: StockOnce, values: Values) -> dict[str, Any]:
    """What every service at a location takes."""
    return {"location": values["location"], "key": once.act_key, "user": once.user, "now": once.now}


class SaleView(ActView):
    input_class = inputs.SaleInput

    @extend_schema(
        request=inputs.SaleInput, responses={201: inputs.SaleOutput}, parameters=[KEY_PARAMETER], tags=["stock"]
    )
    def post(self, request: Request) -> Response:
        """Sell. What is asked for and not there is kept as a lost sale."""
        return super().post(request)

    def act(self, once: StockOnce, values: Values) -> Answer:
        once.asked_for = {number: line["sku"] for number, line in enumerate(values["lines"], start=1)}
        said = {name: values[name] for name in ("allow_cut", "note", "customer")}
        sale = sell(**common(once, values), lines=goods(values), **said)
        unserved = [
            {"line": row.line, "sku": values["lines"][row.line - 1]["sku"], "quantity": plain(row.quantity)}
            for row in sale.unserved
        ]
        return Answer(201, {"posting": sale.posting.pk, "unserved": unserved})


class ReturnView(ActView):
    input_class = inputs.ReturnInput

    @extend_schema(
        request=inputs.ReturnInput, responses={201: inputs.PostedOutput}, parameters=[KEY_PARAMETER], tags=["stock"]
    )
    def post(self, request: Request) -> Response:
        """Take goods back from a customer."""
        return super().post(request)

    def act(self, once: StockOnce, values: Values) -> Answer:
        said = {name: values[name] for name in ("note", "customer")}
        return posted(return_goods(**common(once, values), lines=goods(values), **said))


class ReceiptView(ActView):
    input_class = inputs.ReceiptInput

    @extend_schema(
        request=inputs.ReceiptInput, responses={201: inputs.PostedOutput}, parameters=[KEY_PARAMETER], tags=["stock"]
    )
    def post(self, request: Request) -> Response:
        """Receive goods that come without an order."""
        return super().post(request)

    def act(self, once: StockOnce, values: Values) -> Answer:
        return posted(receive_goods(**common(once, values), lines=goods(values), note=values["note"]))


class AdjustmentView(ActView):
    input_class = inputs.AdjustmentInput

    @extend_schema(
        request=inputs.AdjustmentInput, responses={201: inputs.PostedOutput}, parameters=[KEY_PARAMETER], tags=["stock"]
    )
    def post(self, request: Request) -> Response:
        """Correct stock that broke, vanished or turned up."""
        return super().post(request)

    def act(self, once: StockOnce, values: Values) -> Answer:
        changes = [Change(line["sku_id"], line["quantity"], lot_of(line)) for line in values["lines"]]
        given = common(once, values)
        return posted(adjust_stock(**given, changes=changes, reason_code=values["reason"], note=values["note"]))


class CountView(ActView):
    input_class = inputs.CountInput

    @extend_schema(
        request=inputs.CountInput, responses={201: inputs.PostedOutput}, parameters=[KEY_PARAMETER], tags=["stock"]
    )
    def post(self, request: Request) -> Response:
        """Tell what was found on the shelf."""
        return super().post(request)

    def act(self, once: StockOnce, values: Values) -> Answer:
        counts = [
            Counted(line["sku_id"], line["quantity"], line["counted_at"], lot_of(line)) for line in values["lines"]
        ]
        return posted(correct_count(**common(once, values), counts=counts, note=values["note"]))
