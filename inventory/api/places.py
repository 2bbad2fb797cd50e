"""One place, and the rule about its stock that may be changed."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import RolePermits, caller_of
from accounts.api.versions import ETAG, IF_MATCH, TaggedRetrieve, edit_matching, tagged
from accounts.roles import EDIT_CATALOGUE, VIEW_STOCK
from inventory.api.serializers import LocationSerializer
from inventory.models import Location
from inventory.selectors.scope import locations_for
from inventory.services.places import set_may_go_negative
from inventory.versions import LOCATION


class PlaceRules(serializers.Serializer[Any]):
    """What may be written of a place."""

    may_go_negative = serializers.BooleanField()


class LocationView(TaggedRetrieve, RetrieveAPIView[Location]):
    versioned = LOCATION
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK, "PATCH": EDIT_CATALOGUE}
    serializer_class = LocationSerializer
    queryset = Location.objects.none()

    def get_queryset(self) -> QuerySet[Location]:
        return locations_for(caller_of(self.request)).select_related("supplied_by")

    @extend_schema(request=PlaceRules, responses=LocationSerializer, parameters=[IF_MATCH, ETAG], tags=["catalogue"])
    def patch(self, request: Request, pk: int) -> Response:
        """Say whether its levels may fall below zero, for a shop that sells before it books."""
        place = self.get_object()
        given = PlaceRules(data=request.data)
        given.is_valid(raise_exception=True)

        def act() -> Location:
            is_allowed = given.validated_data["may_go_negative"]
            return set_may_go_negative(
                location_id=place.pk, is_allowed=is_allowed, user=caller_of(request), now=timezone.now()
            )

        changed = edit_matching(request, LOCATION, place.pk, act)
        return tagged(Response(LocationSerializer(changed).data), LOCATION, pk)
