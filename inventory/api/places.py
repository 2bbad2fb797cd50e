"""One place, and what may be changed of it: the rule about its stock, and where deliveries go."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import RolePermits, caller_of
from accounts.api.versions import ETAG, IF_MATCH, TaggedRetrieve, edit_matching, tagged
from accounts.models import User
from accounts.roles import EDIT_CATALOGUE, VIEW_STOCK
from inventory.api.serializers import LocationSerializer
from inventory.domain.addresses import MOST_ADDRESS, MOST_CONTACT
from inventory.models import Location
from inventory.selectors.scope import locations_for
from inventory.services.places import set_address, set_may_go_negative
from inventory.versions import LOCATION


class PlaceRules(serializers.Serializer[Any]):
    """What may be written of a place."""

    may_go_negative = serializers.BooleanField(required=False)
    address = serializers.CharField(required=False, allow_blank=True, max_length=MOST_ADDRESS)
    contact = serializers.CharField(required=False, allow_blank=True, max_length=MOST_CONTACT)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError(_("Say what to change: %(names)s.") % {"names": ", ".join(self.fields)})
        return attrs


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
        """Say whether its levels may fall below zero, for a shop that sells before it books, and where its deliveries
        go: `address` in at most 8 lines, `contact` in one. What is not named stays."""
        place = self.get_object()
        given = PlaceRules(data=request.data)
        given.is_valid(raise_exception=True)

        def act() -> Location:
            return _write(place, given.validated_data, caller_of(request))

        changed = edit_matching(request, LOCATION, place.pk, act)
        return tagged(Response(LocationSerializer(changed).data), LOCATION, pk)


def _write(place: Location, given: dict[str, Any], user: User) -> Location:
    """What was named, in the transaction of the edit. The place is read anew: somebody may have changed the rest."""
    now, changed = timezone.now(), place
    if "may_go_negative" in given:
        changed = set_may_go_negative(location_id=place.pk, is_allowed=given["may_go_negative"], user=user, now=now)
    if {"address", "contact"} & set(given):
        changed = Location.objects.select_related("supplied_by").get(pk=place.pk)
        changed = set_address(
            location_id=place.pk,
            address=given.get("address", changed.address),
            contact=given.get("contact", changed.contact),
            user=user,
            now=now,
        )
    return changed
