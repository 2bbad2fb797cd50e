"""Kits: what they consist of, and how many of them the shelves make up."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import RolePermits, caller_of
from accounts.roles import EDIT_CATALOGUE, VIEW_STOCK
from inventory.api.fields import MONEY, QUANTITY
from inventory.api.line_codes import Lines, SkuLineInput
from inventory.domain.movements import Pair
from inventory.models import KitPart, Location, Sku
from inventory.selectors.kits import kits, kits_available
from inventory.selectors.scope import locations_for
from inventory.services.kits import MAX_PARTS, PartLine, set_kit_parts


class KitPartSerializer(serializers.ModelSerializer[KitPart]):
    sku = serializers.CharField(source="part.code")

    class Meta:
        model = KitPart
        fields = ("sku", "quantity")


class KitPlaceOutput(serializers.Serializer[Any]):
    location = serializers.CharField()
    available = serializers.DecimalField(**QUANTITY)


class KitSerializer(serializers.ModelSerializer[Sku]):
    price = serializers.DecimalField(**MONEY)
    parts = KitPartSerializer(source="kit_parts", many=True)
    available = serializers.SerializerMethodField(help_text="Whole kits at each of your places.")

    class Meta:
        model = Sku
        fields = ("id", "code", "name", "price", "parts", "available")

    @extend_schema_field(KitPlaceOutput(many=True))
    def get_available(self, kit: Sku) -> list[dict[str, Any]]:
        counts: Mapping[Pair, Decimal] = self.context["counts"]
        places: list[Location] = self.context["places"]
        return [
            {"location": place.code, "available": f"{counts[kit.pk, place.pk]:.3f}"}
            for place in places
            if (kit.pk, place.pk) in counts
        ]


class KitInput(serializers.Serializer[Any]):
    parts = Lines(child=SkuLineInput(), max_length=MAX_PARTS, help_text="An empty list makes it an ordinary SKU again.")


def _shown(request: Request, found: list[Sku], *, is_many: bool) -> Any:
    places = list(locations_for(caller_of(request)))
    counts = kits_available([kit.pk for kit in found], [place.pk for place in places])
    context = {"counts": counts, "places": places}
    rows = KitSerializer(found, many=True, context=context).data
    return rows if is_many else rows[0]


class KitsView(ListAPIView[Sku]):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK}
    serializer_class = KitSerializer
    queryset = Sku.objects.none()

    def get_queryset(self) -> QuerySet[Sku]:
        return kits().order_by("code")

    @extend_schema(responses=KitSerializer(many=True), tags=["catalogue"])
    def get(self, request: Request) -> Response:
        """Every kit, a page at a time."""
        found = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(_shown(request, list(found), is_many=True))


class KitView(RetrieveAPIView[Sku]):
    """One SKU as a kit; for one that is none only writing makes sense."""

    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK, "PUT": EDIT_CATALOGUE}
    serializer_class = KitSerializer
    queryset = Sku.objects.none()

    @extend_schema(responses=KitSerializer, tags=["catalogue"])
    def get(self, request: Request, pk: int) -> Response:
        """The parts of a kit; `pk` is the id of its SKU."""
        return Response(_shown(request, [get_object_or_404(kits(), pk=pk)], is_many=False))

    @extend_schema(request=KitInput, responses=KitSerializer, tags=["catalogue"])
    def put(self, request: Request, pk: int) -> Response:
        """Make the SKU a kit of exactly these parts."""
        get_object_or_404(Sku, pk=pk)
        given = KitInput(data=request.data)
        given.is_valid(raise_exception=True)
        parts = [PartLine(line["sku_id"], line["quantity"]) for line in given.validated_data["parts"]]
        set_kit_parts(kit_id=pk, parts=parts, user=caller_of(request), now=timezone.now())
        written = Sku.objects.prefetch_related("kit_parts__part").get(pk=pk)
        return Response(_shown(request, [written], is_many=False))
