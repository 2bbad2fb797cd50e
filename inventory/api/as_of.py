"""What was on hand at a moment that has passed."""

from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import RolePermits, caller_of
from accounts.roles import VIEW_STOCK
from inventory.api.fields import QUANTITY
from inventory.selectors.by_code import place_by_code, skus_by_code
from inventory.selectors.ledger import levels_as_of

MOST_SKUS = 500


class PastLevelQuery(serializers.Serializer[Any]):
    """`location` and each of `sku` by code; `at` with its offset from UTC."""

    location = serializers.CharField(max_length=40)
    sku = serializers.ListField(child=serializers.CharField(max_length=60), min_length=1, max_length=MOST_SKUS)
    at = serializers.DateTimeField()

    def validate_at(self, at: datetime) -> datetime:
        if at > timezone.now():
            raise serializers.ValidationError(_("This moment has not come yet."))
        return at

    def validate_sku(self, codes: list[str]) -> dict[str, int]:
        found = {code: pk for code, (pk, _unit) in skus_by_code(codes).items()}
        for code in codes:
            if code not in found:
                raise serializers.ValidationError(_("No SKU has the code “%(code)s”.") % {"code": code})
        return found


class PastLevelSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    location = serializers.CharField()
    at = serializers.DateTimeField()
    on_hand = serializers.DecimalField(**QUANTITY)


class PastLevelsView(APIView):
    """Levels as the ledger tells them, movements up to and with the moment counted."""

    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK}

    @extend_schema(
        operation_id="stock_levels_as_of",
        parameters=[
            OpenApiParameter("location", str, required=True),
            OpenApiParameter("sku", str, required=True, many=True),
            OpenApiParameter("at", OpenApiTypes.DATETIME, required=True),
        ],
        responses=PastLevelSerializer(many=True),
        tags=["stock"],
    )
    def get(self, request: Request) -> Response:
        """What was on hand of up to 500 SKUs at a place, at any past moment."""
        query = request.query_params
        given = PastLevelQuery(
            data={"location": query.get("location", ""), "sku": query.getlist("sku"), "at": query.get("at", "")}
        )
        given.is_valid(raise_exception=True)
        values = given.validated_data
        place = place_by_code(values["location"], user=caller_of(request))
        if place is None:
            raise serializers.ValidationError({"location": [_("There is no such location.")]})
        moments = dict.fromkeys(values["sku"].values(), values["at"])
        found = levels_as_of(location_id=place.pk, moments=moments)
        rows = [
            {"sku": code, "location": place.code, "at": values["at"], "on_hand": found[pk]}
            for code, pk in values["sku"].items()
        ]
        return Response(PastLevelSerializer(rows, many=True).data)
