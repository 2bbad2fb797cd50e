"""Which suppliers see what the firm expects to order from them, in the API."""

from typing import ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.permissions import RolePermits, caller_of
from accounts.ids import id_of
from accounts.roles import EDIT_SUPPLIERS, VIEW_ORDERS
from orders.models import SharedOutlook
from orders.selectors.shared_outlook import shared_outlooks
from orders.services.shared_outlook import share_outlook
from suppliers.selectors.terms import all_suppliers

SUPPLIER = OpenApiParameter("supplier", OpenApiTypes.INT, OpenApiParameter.PATH, description="The supplier's id.")


class SharedOutlookSerializer(serializers.ModelSerializer[SharedOutlook]):
    """A supplier who sees, behind each of their links, what is expected to be ordered of their own SKUs."""

    supplier_code = serializers.CharField(source="supplier.code", read_only=True)

    class Meta:
        model = SharedOutlook
        fields: ClassVar[list[str]] = ["supplier", "supplier_code", "shared_at", "shared_by"]
        read_only_fields = fields


@extend_schema_view(retrieve=extend_schema(parameters=[SUPPLIER]))
class SharedOutlookViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[SharedOutlook]):
    """The outlook behind a supplier's links. Listed are those who see it; PUT switches it on, DELETE off."""

    serializer_class = SharedOutlookSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {
        "GET": VIEW_ORDERS, "PUT": EDIT_SUPPLIERS, "DELETE": EDIT_SUPPLIERS,
    }  # fmt: skip
    lookup_field = "supplier"
    lookup_value_regex = "[0-9]{1,18}"
    queryset = SharedOutlook.objects.none()

    def get_queryset(self) -> QuerySet[SharedOutlook]:
        return shared_outlooks()

    @extend_schema(request=None, responses=SharedOutlookSerializer, parameters=[SUPPLIER])
    def update(self, request: Request, supplier: str) -> Response:
        """The supplier sees it from now on; a repeat changes nothing."""
        supplier_id = _supplier_id(supplier)
        share_outlook(supplier_id=supplier_id, is_shared=True, actor=caller_of(request), now=timezone.now())
        return Response(SharedOutlookSerializer(shared_outlooks().get(supplier=supplier_id)).data)

    @extend_schema(parameters=[SUPPLIER])
    def destroy(self, request: Request, supplier: str) -> Response:
        """The supplier no longer sees it; a repeat changes nothing."""
        supplier_id = _supplier_id(supplier)
        share_outlook(supplier_id=supplier_id, is_shared=False, actor=caller_of(request), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _supplier_id(text: str) -> int:
    """Raises Http404 for a supplier that does not exist."""
    number = id_of(text)
    if number is None or not all_suppliers().filter(pk=number).exists():
        raise Http404
    return number
