"""Transfers: made and shipped by those who work at their source, received by those who work at their destination."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import KEY_PARAMETER
from accounts.api.pagination import NewestFirst
from accounts.api.permissions import RolePermits, caller_of
from accounts.errors import InvalidInput
from accounts.roles import VIEW_STOCK, WRITE_STOCK
from accounts.services.idempotency import Answer
from inventory.api.acts import goods, lot_of
from inventory.api.acts_input import ArrivalInput, TransferInput
from inventory.api.filters import TransferFilter
from inventory.api.serializers import TransferSerializer
from inventory.api.stock_once import StockOnce
from inventory.models import Transfer
from inventory.selectors.by_code import skus_by_code
from inventory.selectors.transfers import transfers_for, transfers_from, transfers_to
from inventory.services.transfers import (
    Arrival,
    Difference,
    cancel_transfer,
    create_transfer,
    edit_transfer,
    receive_transfer,
    ship_transfer,
)


def shown(transfer: Transfer, status: int = 200) -> Answer:
    return Answer(status, TransferSerializer(transfer).data)


class TransfersView(ListAPIView[Transfer]):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK, "POST": WRITE_STOCK}
    serializer_class = TransferSerializer
    pagination_class = NewestFirst
    filterset_class = TransferFilter
    queryset = Transfer.objects.none()

    def get_queryset(self) -> QuerySet[Transfer]:
        return transfers_for(caller_of(self.request))

    @extend_schema(
        request=TransferInput, responses={201: TransferSerializer}, parameters=[KEY_PARAMETER], tags=["transfers"]
    )
    def post(self, request: Request) -> Response:
        """Make a draft."""
        once = StockOnce(request)
        given = TransferInput(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        return once.answer(lambda: self._create(once, given.validated_data))

    def _create(self, once: StockOnce, values: dict[str, Any]) -> Answer:
        chosen = {name: values[name] for name in ("source", "destination", "expected_on")}
        return shown(create_transfer(**chosen, lines=goods(values), user=once.user, now=once.now), 201)


class TransferView(RetrieveAPIView[Transfer]):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK, "PUT": WRITE_STOCK}
    serializer_class = TransferSerializer
    queryset = Transfer.objects.none()

    def get_queryset(self) -> QuerySet[Transfer]:
        return transfers_for(caller_of(self.request))

    @extend_schema(request=TransferInput, responses=TransferSerializer, parameters=[KEY_PARAMETER], tags=["transfers"])
    def put(self, request: Request, pk: int) -> Response:
        """Write a draft anew."""
        once = StockOnce(request)
        transfer = get_object_or_404(transfers_from(once.user), pk=pk)
        given = TransferInput(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        return once.answer(lambda: self._edit(once, transfer, given.validated_data))

    def _edit(self, once: StockOnce, transfer: Transfer, values: dict[str, Any]) -> Answer:
        chosen = {name: values[name] for name in ("source", "destination", "expected_on")}
        return shown(
            edit_transfer(transfer_id=transfer.pk, **chosen, lines=goods(values), user=once.user, now=once.now)
        )


class TransferActView(APIView):
    """An act on one transfer of the caller."""

    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"POST": WRITE_STOCK}


class ShipView(TransferActView):
    @extend_schema(request=None, responses=TransferSerializer, parameters=[KEY_PARAMETER], tags=["transfers"])
    def post(self, request: Request, pk: int) -> Response:
        """Take the goods from their place and put them in transit."""
        once = StockOnce(request)
        transfer = get_object_or_404(transfers_from(once.user), pk=pk)
        return once.answer(lambda: shown(ship_transfer(transfer_id=transfer.pk, user=once.user, now=once.now)))


class CancelView(TransferActView):
    @extend_schema(request=None, responses=TransferSerializer, parameters=[KEY_PARAMETER], tags=["transfers"])
    def post(self, request: Request, pk: int) -> Response:
        """Drop a draft."""
        once = StockOnce(request)
        transfer = get_object_or_404(transfers_from(once.user), pk=pk)
        return once.answer(lambda: shown(cancel_transfer(transfer_id=transfer.pk, user=once.user, now=once.now)))


class ArrivalView(TransferActView):
    @extend_schema(request=ArrivalInput, responses=TransferSerializer, parameters=[KEY_PARAMETER], tags=["transfers"])
    def post(self, request: Request, pk: int) -> Response:
        """Take in what came: everything, or the lines that are sent."""
        once = StockOnce(request)
        transfer = get_object_or_404(transfers_to(once.user), pk=pk)
        given = ArrivalInput(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        return once.answer(lambda: self._receive(once, transfer, given.validated_data))

    def _receive(self, once: StockOnce, transfer: Transfer, values: dict[str, Any]) -> Answer:
        lines = values["lines"]
        received = None if lines is None else _arrivals(lines)
        return shown(
            receive_transfer(
                transfer_id=transfer.pk,
                key=once.act_key,
                user=once.user,
                now=once.now,
                received=received,
                is_final=values["is_final"],
                reason_code=values["reason"],
                differences=_differences(values["differences"]),
            )
        )


def _differences(rows: list[dict[str, Any]]) -> list[Difference]:
    """Raises `InvalidInput` naming every SKU that does not exist; the service refuses one that is not on board."""
    skus = skus_by_code({row["sku"] for row in rows})
    unknown = [
        {"list": "differences", "line": number, "message": _("There is no SKU %(code)s.") % {"code": row["sku"]}}
        for number, row in enumerate(rows, start=1)
        if row["sku"] not in skus
    ]
    if unknown:
        raise InvalidInput(str(unknown[0]["message"]), details=unknown)
    return [
        Difference(
            skus[row["sku"]][0], row["quantity"], row["reason"], is_surplus=row["is_surplus"], note=row["note"],
            lot=lot_of(row),
        )
        for row in rows
    ]  # fmt: skip


def _arrivals(lines: list[dict[str, Any]]) -> list[Arrival]:
    """A case and a few loose ones of a SKU stand on two lines, and both came."""
    return [Arrival(line["sku_id"], line["quantity"], lot_of(line)) for line in lines]
