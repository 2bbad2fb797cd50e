"""Suppliers and their terms in the API. They belong to the whole firm, so only the role limits them."""

from functools import partial
from typing import ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.idempotency import KEY_PARAMETER, Once
from accounts.api.permissions import RolePermits, caller_of
from accounts.api.versions import ETAG, IF_MATCH, TaggedRetrieve, edit_matching, tagged
from accounts.roles import EDIT_SUPPLIERS, VIEW_ORDERS
from accounts.services.idempotency import Answer
from suppliers.api.serializers import (
    NewSupplierSerializer,
    NewTermsSerializer,
    SupplierChangeSerializer,
    SupplierSerializer,
    TermsSerializer,
)
from suppliers.models import Supplier, SupplierTerms
from suppliers.selectors.terms import all_suppliers, all_terms
from suppliers.services.suppliers import create_supplier, update_supplier
from suppliers.services.terms import Terms, end_terms, set_terms
from suppliers.versions import SUPPLIER, TERMS

READ_AND_EDIT = {"GET": VIEW_ORDERS, "POST": EDIT_SUPPLIERS, "PATCH": EDIT_SUPPLIERS, "DELETE": EDIT_SUPPLIERS}


class SupplierViewSet(TaggedRetrieve, ListModelMixin, RetrieveModelMixin, GenericViewSet[Supplier]):
    """Who delivers."""

    versioned = SUPPLIER
    serializer_class = SupplierSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = READ_AND_EDIT
    filterset_fields: ClassVar[list[str]] = ["code", "is_active"]
    queryset = Supplier.objects.none()

    def get_queryset(self) -> QuerySet[Supplier]:
        return all_suppliers()

    @extend_schema(request=NewSupplierSerializer, responses={201: SupplierSerializer}, parameters=[KEY_PARAMETER])
    def create(self, request: Request) -> Response:
        """Adds a supplier. A code that exists is refused."""
        wanted = NewSupplierSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        once = Once(request)

        def act() -> Answer:
            supplier = create_supplier(**wanted.validated_data, actor=once.user, now=once.now)
            return Answer(status.HTTP_201_CREATED, SupplierSerializer(supplier).data)

        return once.answer(act)

    @extend_schema(request=SupplierChangeSerializer, responses=SupplierSerializer, parameters=[IF_MATCH, ETAG])
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes the given fields; the same change again changes nothing."""
        supplier = self.get_object()
        wanted = SupplierChangeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        change = partial(update_supplier, changes=wanted.validated_data, actor=caller_of(request), now=timezone.now())
        changed = edit_matching(request, SUPPLIER, supplier.pk, partial(change, supplier_id=supplier.pk))
        return tagged(Response(SupplierSerializer(changed).data), SUPPLIER, supplier.pk)


class SupplierTermsViewSet(TaggedRetrieve, ListModelMixin, RetrieveModelMixin, GenericViewSet[SupplierTerms]):
    """At what price, in what packs and how fast a supplier delivers a SKU."""

    versioned = TERMS
    serializer_class = TermsSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = READ_AND_EDIT
    filterset_fields: ClassVar[list[str]] = ["supplier", "sku", "is_active"]
    queryset = SupplierTerms.objects.none()

    def get_queryset(self) -> QuerySet[SupplierTerms]:
        return all_terms()

    @extend_schema(request=NewTermsSerializer, responses={201: TermsSerializer}, parameters=[KEY_PARAMETER, IF_MATCH])
    def create(self, request: Request) -> Response:
        """Sets the terms of a supplier for a SKU. Those that exist are replaced, which needs their version."""
        wanted = NewTermsSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = dict(wanted.validated_data)
        supplier, sku = values.pop("supplier"), values.pop("sku")
        once = Once(request)

        def write() -> SupplierTerms:
            new = Terms(**values)
            return set_terms(supplier_id=supplier.pk, sku_id=sku.pk, terms=new, actor=once.user, now=once.now)

        def act() -> Answer:
            there = all_terms().filter(supplier=supplier, sku=sku).first()
            terms = edit_matching(request, TERMS, there.pk, write) if there else write()
            return Answer(status.HTTP_201_CREATED, TermsSerializer(terms).data)

        return once.answer(act)

    @extend_schema(parameters=[IF_MATCH])
    def destroy(self, request: Request, pk: str) -> Response:
        """Ends the terms: the supplier is no longer asked for this SKU."""
        terms_id = self.get_object().pk
        end = partial(end_terms, terms_id=terms_id, actor=caller_of(request), now=timezone.now())
        edit_matching(request, TERMS, terms_id, end)
        return Response(status=status.HTTP_204_NO_CONTENT)
