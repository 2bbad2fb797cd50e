"""Reservations: stock that is promised, and what becomes of it."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import KEY_PARAMETER
from accounts.api.pagination import NewestFirst
from accounts.api.permissions import RolePermits, caller_of
from accounts.roles import VIEW_STOCK, WRITE_STOCK
from accounts.services.idempotency import Answer
from inventory.api import reservations_input as inputs
from inventory.api.acts import Values, goods
from inventory.api.filters_reservations import ReservationFilter
from inventory.api.stock_once import StockOnce
from inventory.models import Reservation
from inventory.selectors.reservations import reservations_for
from inventory.services.issuing import Issued, IssueLine, issue_reservations
from inventory.services.reservations import (
    extend_reservation,
    reassign_reservation,
    release_reservation,
    reserve_stock,
)


def shown(rows: Sequence[Reservation], once: StockOnce) -> Any:
    return inputs.ReservationSerializer(rows, many=True, context={"now": once.now}).data


def issued_answer(issued: Issued, once: StockOnce) -> Answer:
    number = issued.transfer.number if issued.transfer else None
    body = {"posting": issued.posting.pk, "transfer": number, "reservations": shown(issued.reservations, once)}
    return Answer(201, body)


class ReservationsView(ListAPIView[Reservation]):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK, "POST": WRITE_STOCK}
    serializer_class = inputs.ReservationSerializer
    pagination_class = NewestFirst
    filterset_class = ReservationFilter
    queryset = Reservation.objects.none()

    def get_queryset(self) -> QuerySet[Reservation]:
        return reservations_for(caller_of(self.request), now=timezone.now())

    @extend_schema(
        request=inputs.ReservationInput,
        responses={201: inputs.ReservedOutput},
        parameters=[KEY_PARAMETER],
        tags=["reservations"],
    )
    def post(self, request: Request) -> Response:
        """Reserve stock, every line or none. A kit is reserved as its parts."""
        once = StockOnce(request)
        given = inputs.ReservationInput(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        return once.answer(lambda: self._reserve(once, given.validated_data))

    def _reserve(self, once: StockOnce, values: Values) -> Answer:
        chosen = {name: values[name] for name in ("location", "reference", "expires_at")}
        made = reserve_stock(**chosen, lines=goods(values), key=once.act_key, user=once.user, now=once.now)
        ids = [row.pk for row in made]
        rows = reservations_for(once.user, now=once.now).filter(pk__in=ids).order_by("line")
        return Answer(201, {"reservations": shown(list(rows), once)})


class ReservationView(RetrieveAPIView[Reservation]):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK}
    serializer_class = inputs.ReservationSerializer
    queryset = Reservation.objects.none()

    def get_queryset(self) -> QuerySet[Reservation]:
        return reservations_for(caller_of(self.request), now=timezone.now())


class ReservationActView(APIView):
    """An act on one reservation of the caller."""

    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"POST": WRITE_STOCK}

    def answer(
        self, request: Request, pk: int, input_class: Any, act: Callable[[StockOnce, Values], Answer]
    ) -> Response:
        once = StockOnce(request)
        get_object_or_404(reservations_for(once.user, now=once.now), pk=pk)
        given = input_class(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        return once.answer(lambda: act(once, given.validated_data))

    def one(self, row: Reservation, once: StockOnce) -> Answer:
        seen = reservations_for(once.user, now=once.now).get(pk=row.pk)
        return Answer(200, shown([seen], once)[0])


class IssueView(ReservationActView):
    @extend_schema(
        request=inputs.IssueInput,
        responses={201: inputs.IssuedOutput},
        parameters=[KEY_PARAMETER],
        tags=["reservations"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Hand it over, whole or in part: a sale, or a transfer to another place of ours."""

        def act(once: StockOnce, values: Values) -> Answer:
            lines = [IssueLine(pk, values["quantity"])]
            issued = issue_reservations(
                lines=lines,
                key=once.act_key,
                user=once.user,
                now=once.now,
                destination=values["destination"],
            )
            return issued_answer(issued, once)

        return self.answer(request, pk, inputs.IssueInput, act)


class IssueManyView(ReservationActView):
    @extend_schema(
        operation_id="reservations_issue_many",
        request=inputs.IssueManyInput,
        responses={201: inputs.IssuedOutput},
        parameters=[KEY_PARAMETER],
        tags=["reservations"],
    )
    def post(self, request: Request) -> Response:
        """Hand over several of one place in one posting, for example all the parts of a kit."""
        once = StockOnce(request)
        given = inputs.IssueManyInput(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        lines = [IssueLine(row["id"], row["quantity"]) for row in given.validated_data["reservations"]]
        ids = {line.reservation_id for line in lines}
        if reservations_for(once.user, now=once.now).filter(pk__in=ids).count() < len(ids):
            raise Http404
        destination = given.validated_data["destination"]
        return once.answer(lambda: self._issue(once, lines, destination))

    def _issue(self, once: StockOnce, lines: Sequence[IssueLine], destination: Any) -> Answer:
        issued = issue_reservations(
            lines=lines, key=once.act_key, user=once.user, now=once.now, destination=destination
        )
        return issued_answer(issued, once)


class ReleaseView(ReservationActView):
    @extend_schema(
        request=None, responses=inputs.ReservationSerializer, parameters=[KEY_PARAMETER], tags=["reservations"]
    )
    def post(self, request: Request, pk: int) -> Response:
        """Let go of what is still reserved."""
        once = StockOnce(request)
        get_object_or_404(reservations_for(once.user, now=once.now), pk=pk)
        return once.answer(lambda: self._release(once, pk))

    def _release(self, once: StockOnce, pk: int) -> Answer:
        return self.one(release_reservation(reservation_id=pk, user=once.user, now=once.now), once)


class ExtendView(ReservationActView):
    @extend_schema(
        request=inputs.ExtendInput,
        responses=inputs.ReservationSerializer,
        parameters=[KEY_PARAMETER],
        tags=["reservations"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Keep it until another moment."""

        def act(once: StockOnce, values: Values) -> Answer:
            row = extend_reservation(reservation_id=pk, expires_at=values["expires_at"], user=once.user, now=once.now)
            return self.one(row, once)

        return self.answer(request, pk, inputs.ExtendInput, act)


class ReassignView(ReservationActView):
    @extend_schema(
        request=inputs.ReassignInput,
        responses=inputs.ReservationSerializer,
        parameters=[KEY_PARAMETER],
        tags=["reservations"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Reserve what is left of it at another place of yours, or for somebody else, at once."""

        def act(once: StockOnce, values: Values) -> Answer:
            row = reassign_reservation(reservation_id=pk, user=once.user, now=once.now, **values)
            return self.one(row, once)

        return self.answer(request, pk, inputs.ReassignInput, act)
