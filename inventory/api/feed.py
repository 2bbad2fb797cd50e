"""The feed of movements for programs that copy the ledger."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import RolePermits, caller_of
from accounts.roles import VIEW_STOCK
from inventory.api.serializers import MovementSerializer
from inventory.domain.feed import read_position
from inventory.selectors.feed import read_feed


class FeedQuery(serializers.Serializer[Any]):
    """Where to read on, and how far."""

    cursor = serializers.CharField(required=False, default="", allow_blank=True, max_length=60)
    limit = serializers.IntegerField(required=False, default=500, min_value=1, max_value=5_000)


class FeedPageSerializer(serializers.Serializer[Any]):
    """Keep `cursor` together with what you did with `movements`, in one transaction, and send it with the next call."""

    movements = MovementSerializer(many=True)
    cursor = serializers.CharField()
    has_more = serializers.BooleanField()


class FeedView(APIView):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK}

    @extend_schema(
        parameters=[
            OpenApiParameter("cursor", str, description="The `cursor` of the answer before; nothing at the beginning."),
            OpenApiParameter("limit", int, description="How many movements to look at, 1 to 5,000 (500)."),
        ],
        responses=FeedPageSerializer,
        tags=["stock"],
    )
    def get(self, request: Request) -> Response:
        """Every movement once, none left out, also while others post: read until `has_more` is false, then ask again.

        A movement appears once all transactions that began before its own have ended: usually within a second. Of a
        user with single stores it holds the movements from or to them.
        """
        given = FeedQuery(data=request.query_params)
        given.is_valid(raise_exception=True)
        after = read_position(given.validated_data["cursor"])
        if after is None:
            message = _("This is no cursor of ours. Send one that an answer gave you, or none to begin anew.")
            raise serializers.ValidationError({"cursor": [message]})
        page = read_feed(caller_of(request), after=after, limit=given.validated_data["limit"])
        rows = MovementSerializer(page.rows, many=True).data
        return Response({"movements": rows, "cursor": str(page.position), "has_more": page.has_more})
