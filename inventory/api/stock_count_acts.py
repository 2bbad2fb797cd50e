"""What is decided about a count, each once per `Idempotency-Key`."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import KEY_PARAMETER
from accounts.api.permissions import RolePermits, caller_of
from accounts.models import User
from accounts.roles import APPROVE_COUNTS, WRITE_STOCK
from accounts.services.idempotency import Answer
from inventory.api.stock_counts_input import LinesInput
from inventory.api.stock_counts_output import StockCountSerializer
from inventory.api.stock_once import StockOnce
from inventory.models import StockCount
from inventory.selectors.stock_counts import counts_for
from inventory.services.count_results import approve_lines, dismiss_lines, request_recount, submit_count
from inventory.services.stock_counts import cancel_count

SCHEMA: dict[str, Any] = {
    "responses": StockCountSerializer,
    "parameters": [KEY_PARAMETER],
    "tags": ["stock counts"],
}


class _CountActView(APIView):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"POST": WRITE_STOCK}

    def act(self, request: Request, pk: int, service: Callable[..., StockCount], **more: Sequence[int]) -> Response:
        once = StockOnce(request)
        count = self.find(once.user, pk)
        return once.answer(
            lambda: Answer(
                200,
                StockCountSerializer(service(count_id=count.pk, user=once.user, now=once.now, **more)).data,
            )
        )

    def find(self, user: User, pk: int) -> StockCount:
        return get_object_or_404(counts_for(user), pk=pk)


class _DecisionView(_CountActView):
    permissions_by_method: ClassVar = {"POST": APPROVE_COUNTS}

    def decide(self, request: Request, pk: int, service: Callable[..., StockCount]) -> Response:
        self.find(caller_of(request), pk)
        given = LinesInput(data=request.data)
        given.is_valid(raise_exception=True)
        return self.act(request, pk, service, line_ids=given.validated_data["lines"])


class SubmitView(_CountActView):
    @extend_schema(request=None, **SCHEMA)
    def post(self, request: Request, pk: int) -> Response:
        """Hand the count in: what agrees or differs little is posted, the rest waits for approval."""
        return self.act(request, pk, submit_count)


class CancelCountView(_CountActView):
    @extend_schema(request=None, **SCHEMA)
    def post(self, request: Request, pk: int) -> Response:
        """Drop a count of which nothing was posted."""
        return self.act(request, pk, cancel_count)


class ApproveView(_DecisionView):
    @extend_schema(request=LinesInput, **SCHEMA)
    def post(self, request: Request, pk: int) -> Response:
        """Say that these lines were counted right, and post their differences."""
        return self.decide(request, pk, approve_lines)


class DismissView(_DecisionView):
    @extend_schema(request=LinesInput, **SCHEMA)
    def post(self, request: Request, pk: int) -> Response:
        """Leave the stock of these lines as it is."""
        return self.decide(request, pk, dismiss_lines)


class RecountView(_DecisionView):
    @extend_schema(request=LinesInput, **SCHEMA)
    def post(self, request: Request, pk: int) -> Response:
        """Have these lines counted once more."""
        return self.decide(request, pk, request_recount)
