"""Styles with their axes, the making of variants, and the matrix of what is there; also the reasons for adjustments."""

from functools import partial
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import KEY_PARAMETER, Once
from accounts.api.permissions import RolePermits, caller_of
from accounts.api.versions import IF_MATCH, edit_matching, tagged
from accounts.roles import EDIT_CATALOGUE, VIEW_STOCK
from accounts.services.idempotency import Answer
from inventory.api.fields import MONEY, QUANTITY, OwnLocationField
from inventory.models import Category, Reason, Style
from inventory.selectors.scope import locations_for
from inventory.selectors.styles import Cell, axes_of, read_matrix, styles_for
from inventory.services.styles import AxisChange, ValueChange, create_style, update_style
from inventory.services.variants import create_variants
from inventory.versions import STYLE


class ReasonSerializer(serializers.ModelSerializer[Reason]):
    class Meta:
        model = Reason
        fields = ("id", "code", "name", "is_active")


class ReasonsView(ListAPIView[Reason]):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK}
    serializer_class = ReasonSerializer
    queryset = Reason.objects.order_by("code")


class ValueSerializer(serializers.Serializer[Any]):
    """`id` of a value that is there already; one without is new."""

    id = serializers.IntegerField(required=False, min_value=1)
    name = serializers.CharField(max_length=40)


class AxisSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=40)
    values = ValueSerializer(many=True)


class StyleSerializer(serializers.ModelSerializer[Style]):
    """Axes and their values stand in their order: the first axis makes the rows, the second the columns."""

    category = serializers.SlugRelatedField(
        slug_field="code", queryset=Category.objects.all(), allow_null=True, required=False
    )
    # Whether the code is free is for the service to say.
    code = serializers.CharField(max_length=40)
    cost = serializers.DecimalField(**MONEY, required=False)
    price = serializers.DecimalField(**MONEY, required=False)
    axes = serializers.ListField(child=AxisSerializer(), min_length=1, max_length=3)

    class Meta:
        model = Style
        fields = ("id", "code", "name", "category", "cost", "price", "axes")
        read_only_fields = ("id",)

    def to_representation(self, instance: Style) -> dict[str, Any]:
        shown = {
            name: str(getattr(instance, name)) if name in ("cost", "price") else getattr(instance, name)
            for name in ("id", "code", "name", "cost", "price")
        }
        axes = [
            {"name": axis.name, "values": [{"id": value.pk, "name": value.name} for value in in_order(axis.values)]}
            for axis in in_order(instance.axes)
        ]
        return {**shown, "category": instance.category.code if instance.category else None, "axes": axes}


def in_order(rows: Any) -> list[Any]:
    """Related rows that were fetched beforehand, by their position."""
    return sorted(rows.all(), key=lambda row: (row.position, row.pk))


class VariantsInput(serializers.Serializer[Any]):
    cells = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=3),
        required=False,
        allow_null=True,
        default=None,
        max_length=400,
        help_text="Ids of a value of each axis for every variant to make; without it all that are missing are made.",
    )
    locations = serializers.ListField(
        child=OwnLocationField(), required=False, default=list, help_text="Where they go on sale."
    )


class VariantsOutput(serializers.Serializer[Any]):
    skus = serializers.ListField(child=serializers.CharField())


class CellOutput(serializers.Serializer[Any]):
    values = serializers.ListField(child=serializers.CharField())
    sku = serializers.CharField(allow_null=True)
    on_hand = serializers.DecimalField(**QUANTITY)
    available = serializers.DecimalField(**QUANTITY)


class MatrixOutput(serializers.Serializer[Any]):
    axes = serializers.ListField(child=serializers.CharField())
    cells = CellOutput(many=True)


def _values(given: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in given.items() if name not in ("axes", "category")}
    if "category" in given:
        values["category_id"] = given["category"].pk if given["category"] else None
    return values


def _axes(given: dict[str, Any]) -> list[AxisChange] | None:
    if "axes" not in given:
        return None
    return [
        AxisChange(axis["name"], [ValueChange(value["name"], value.get("id")) for value in axis["values"]])
        for axis in given["axes"]
    ]


class StylesView(ListAPIView[Style]):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK, "POST": EDIT_CATALOGUE}
    serializer_class = StyleSerializer
    queryset = Style.objects.none()

    def get_queryset(self) -> QuerySet[Style]:
        return styles_for(caller_of(self.request)).prefetch_related("axes__values")

    @extend_schema(
        request=StyleSerializer, responses={201: StyleSerializer}, parameters=[KEY_PARAMETER], tags=["catalogue"]
    )
    def post(self, request: Request) -> Response:
        """Make a style."""
        once = Once(request)
        given = StyleSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return once.answer(lambda: self._create(once, given.validated_data))

    def _create(self, once: Once, given: dict[str, Any]) -> Answer:
        style = create_style(values=_values(given), axes=_axes(given) or (), user=once.user, now=once.now)
        return Answer(201, StyleSerializer(style).data)


class StyleView(APIView):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK, "PATCH": EDIT_CATALOGUE}

    @extend_schema(responses=StyleSerializer, tags=["catalogue"])
    def get(self, request: Request, pk: int) -> Response:
        return tagged(Response(StyleSerializer(_style(request, pk)).data), STYLE, pk)

    @extend_schema(
        request=StyleSerializer, responses=StyleSerializer, parameters=[KEY_PARAMETER, IF_MATCH], tags=["catalogue"]
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change a style. `axes` are sent whole; a value that variants have cannot be left out."""
        once = Once(request)
        style = _style(request, pk)
        given = StyleSerializer(style, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        act = partial(self._update, once, style.pk, given.validated_data)
        return once.answer(lambda: edit_matching(request, STYLE, style.pk, act))

    def _update(self, once: Once, pk: int, given: dict[str, Any]) -> Answer:
        style = update_style(style_id=pk, values=_values(given), axes=_axes(given), user=once.user, now=once.now)
        return Answer(200, StyleSerializer(style).data)


class VariantsView(APIView):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"POST": EDIT_CATALOGUE}

    @extend_schema(
        request=VariantsInput, responses={201: VariantsOutput}, parameters=[KEY_PARAMETER], tags=["catalogue"]
    )
    def post(self, request: Request, pk: int) -> Response:
        """Make the SKUs of cells that have none."""
        once = Once(request)
        style = _style(request, pk)
        given = VariantsInput(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        return once.answer(lambda: self._create(once, style, given.validated_data))

    def _create(self, once: Once, style: Style, given: dict[str, Any]) -> Answer:
        cells = given["cells"]
        skus = create_variants(
            style_id=style.pk,
            keys=None if cells is None else ["-".join(map(str, cell)) for cell in cells],
            location_ids=[place.pk for place in given["locations"]],
            user=once.user,
            now=once.now,
        )
        return Answer(201, {"skus": [sku.code for sku in skus]})


class MatrixView(APIView):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK}

    @extend_schema(
        parameters=[OpenApiParameter("location", str, description="The code of one of your places; else all of them.")],
        responses=MatrixOutput,
        tags=["catalogue"],
    )
    def get(self, request: Request, pk: int) -> Response:
        """What is there of each variant."""
        style = _style(request, pk)
        places = locations_for(caller_of(request))
        if "location" in request.query_params:
            places = places.filter(code=request.query_params["location"])
        ids = list(places.values_list("pk", flat=True))
        matrix = read_matrix(style, location_ids=ids)
        axes = [axis.name for axis in axes_of(style)]
        return Response(MatrixOutput({"axes": axes, "cells": [_cell(cell) for cell in matrix.cells]}).data)


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "values": [value.name for value in cell.values],
        "sku": cell.sku.code if cell.sku else None,
        "on_hand": cell.on_hand,
        "available": cell.available,
    }


def _style(request: Request, pk: int) -> Style:
    return get_object_or_404(styles_for(caller_of(request)), pk=pk)
