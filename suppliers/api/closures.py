"""Closing periods of suppliers in the API."""

from functools import partial
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.idempotency import KEY_PARAMETER, Once
from accounts.api.naming import CodeOrIdField
from accounts.api.permissions import RolePermits, caller_of
from accounts.api.versions import ETAG, IF_MATCH, TaggedRetrieve, edit_matching, tagged
from accounts.services.idempotency import Answer
from suppliers.api.views import READ_AND_EDIT
from suppliers.domain.calendar import Closure
from suppliers.models import Supplier, SupplierClosure
from suppliers.selectors.calendars import all_closures
from suppliers.services.closures import add_closures, change_closure, drop_closure
from suppliers.versions import CLOSURE


class SupplierClosureSerializer(serializers.ModelSerializer[SupplierClosure]):
    """Both days are included."""

    class Meta:
        model = SupplierClosure
        fields: ClassVar[list[str]] = ["id", "supplier", "name", "starts_on", "ends_on"]
        read_only_fields = fields


class ClosureChangeSerializer(serializers.Serializer[Any]):
    """Those left out stay as they are."""

    name = serializers.CharField(max_length=120, required=False)
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False)


class NewClosureSerializer(serializers.Serializer[Any]):
    supplier = CodeOrIdField(queryset=Supplier.objects.all())
    name = serializers.CharField(max_length=120)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class SupplierClosureViewSet(TaggedRetrieve, ListModelMixin, RetrieveModelMixin, GenericViewSet[SupplierClosure]):
    """Days on which a supplier neither takes orders, works nor delivers."""

    versioned = CLOSURE
    serializer_class = SupplierClosureSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = READ_AND_EDIT
    filterset_fields: ClassVar[list[str]] = ["supplier"]
    queryset = SupplierClosure.objects.none()

    def get_queryset(self) -> QuerySet[SupplierClosure]:
        return all_closures()

    @extend_schema(request=NewClosureSerializer, responses={201: SupplierClosureSerializer}, parameters=[KEY_PARAMETER])
    def create(self, request: Request) -> Response:
        """Notes a period; the same name and first day again changes nothing."""
        wanted = NewClosureSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        once, values = Once(request), wanted.validated_data

        def act() -> Answer:
            closure = Closure(values["name"], values["starts_on"], values["ends_on"])
            (row,) = add_closures(supplier_id=values["supplier"].pk, closures=[closure], actor=once.user, now=once.now)
            return Answer(status.HTTP_201_CREATED, SupplierClosureSerializer(row).data)

        return once.answer(act)

    @extend_schema(request=ClosureChangeSerializer, responses=SupplierClosureSerializer, parameters=[IF_MATCH, ETAG])
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes the given fields."""
        row, wanted = self.get_object(), ClosureChangeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        kept = wanted.validated_data
        closure = Closure(
            kept.get("name", row.name), kept.get("starts_on", row.starts_on), kept.get("ends_on", row.ends_on)
        )
        change = partial(
            change_closure, closure_id=row.pk, closure=closure, actor=caller_of(request), now=timezone.now()
        )
        changed = edit_matching(request, CLOSURE, row.pk, change)
        return tagged(Response(SupplierClosureSerializer(changed).data), CLOSURE, row.pk)

    @extend_schema(parameters=[IF_MATCH])
    def destroy(self, request: Request, pk: str) -> Response:
        """They work on these days after all."""
        row = self.get_object()
        drop = partial(drop_closure, closure_id=row.pk, actor=caller_of(request), now=timezone.now())
        edit_matching(request, CLOSURE, row.pk, drop)
        return Response(status=status.HTTP_204_NO_CONTENT)
