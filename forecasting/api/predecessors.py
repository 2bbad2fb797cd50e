"""Predecessors in the API: what a new SKU takes the place of."""

from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.naming import CodeOrIdField
from accounts.api.permissions import RolePermits, caller_of
from accounts.roles import PLAN_DEMAND, VIEW_DASHBOARDS
from forecasting.models import Predecessor
from forecasting.selectors.predecessors import predecessors
from forecasting.services.predecessors import drop_predecessor, set_predecessor
from inventory.models import Sku

OF_SKU = OpenApiParameter("sku", int, OpenApiParameter.PATH, description="The SKU that takes another one's place.")


class PredecessorSerializer(serializers.ModelSerializer[Predecessor]):
    """`share` 0.8: 80% of the predecessor's demand is expected."""

    sku_code = serializers.CharField(source="sku.code")
    predecessor_code = serializers.CharField(source="predecessor.code")

    class Meta:
        model = Predecessor
        fields: ClassVar[list[str]] = ["sku", "sku_code", "predecessor", "predecessor_code", "share"]
        read_only_fields = fields


class WrittenPredecessorSerializer(serializers.Serializer[Any]):
    """The whole of it."""

    predecessor = CodeOrIdField(queryset=Sku.objects.all())
    share = serializers.DecimalField(max_digits=5, decimal_places=3, default=Decimal(1))


class PredecessorViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[Predecessor]):
    """New SKUs and whose demand their forecast begins with, until they have a history of their own."""

    serializer_class = PredecessorSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {
        "GET": VIEW_DASHBOARDS, "PUT": PLAN_DEMAND, "DELETE": PLAN_DEMAND,
    }  # fmt: skip
    filterset_fields: ClassVar[list[str]] = ["predecessor"]
    lookup_field = "sku"
    lookup_value_regex = r"\d{1,18}"
    queryset = Predecessor.objects.none()

    def get_queryset(self) -> QuerySet[Predecessor]:
        return predecessors()

    @extend_schema(request=WrittenPredecessorSerializer, responses=PredecessorSerializer, parameters=[OF_SKU])
    def update(self, request: Request, sku: str) -> Response:
        """Names the predecessor of a SKU, in place of one named before; the next night forecasts with it."""
        found = get_object_or_404(Sku, pk=sku)
        wanted = WrittenPredecessorSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        set_predecessor(
            sku_id=found.pk, predecessor_id=wanted.validated_data["predecessor"].pk,
            share=wanted.validated_data["share"], actor=caller_of(request), now=timezone.now(),
        )  # fmt: skip
        return Response(PredecessorSerializer(predecessors().get(sku=found)).data)

    @extend_schema(request=None, responses={204: None}, parameters=[OF_SKU])
    def destroy(self, request: Request, sku: str) -> Response:
        """The SKU takes nobody's place any more; a repeat changes nothing."""
        found = get_object_or_404(Sku, pk=sku)
        drop_predecessor(sku_id=found.pk, actor=caller_of(request), now=timezone.now())
        return Response(status=204)
