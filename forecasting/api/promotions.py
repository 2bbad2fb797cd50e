"""The promotion calendar in the API, and what the forecast learned. What holds everywhere is for those who see all."""

from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.idempotency import KEY_PARAMETER, Once
from accounts.api.naming import NamedFilterSet
from accounts.api.permissions import RolePermits, caller_of
from accounts.api.versions import ETAG, IF_MATCH, TaggedRetrieve, edit_matching, tagged
from accounts.models import User
from accounts.roles import PLAN_DEMAND, VIEW_DASHBOARDS
from accounts.services.idempotency import Answer
from forecasting.models import OccasionEffect, Promotion, PromotionScope
from forecasting.pack_names import KIND_NAMES, PACK_NAMES
from forecasting.selectors.calendar import changeable_promotions, learned_effects, promotions_for, zones_of
from forecasting.services.promotions import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_SKUS,
    Entry,
    delete_promotion,
    load_pack,
    save_promotion,
)
from forecasting.versions import PROMOTION
from inventory.api.fields import PlacedSerializer
from inventory.domain.public_holidays import supported_countries
from inventory.models import Category, Sku


class PromotionSerializer(serializers.ModelSerializer[Promotion]):
    """An empty location means all. `categories` and `skus` are ids; they count with their scope."""

    categories = serializers.SerializerMethodField()
    skus = serializers.SerializerMethodField()

    class Meta:
        model = Promotion
        fields: ClassVar[list[str]] = [
            "id", "name", "kind", "starts_on", "ends_on", "location", "scope", "categories", "skus", "share",
            "discount_percent",
        ]  # fmt: skip
        read_only_fields = fields

    def get_categories(self, row: Promotion) -> list[int]:
        return [part.category_id for part in row.categories.all()]

    def get_skus(self, row: Promotion) -> list[int]:
        return [part.sku_id for part in row.skus.all()]


class WrittenPromotionSerializer(PlacedSerializer):
    """The whole entry, to make it and to write it anew."""

    name = serializers.CharField(max_length=120)
    kind = serializers.CharField(max_length=60, default="", allow_blank=True)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    scope = serializers.ChoiceField(choices=PromotionScope.choices, default=PromotionScope.ALL)
    categories = serializers.ListField(child=serializers.IntegerField(), max_length=1_000, default=list)
    skus = serializers.ListField(child=serializers.IntegerField(), max_length=MOST_SKUS, default=list)
    share = serializers.DecimalField(max_digits=4, decimal_places=3, default=Decimal(1))
    discount_percent = serializers.DecimalField(max_digits=4, decimal_places=1, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        for name, model in (("categories", Category), ("skus", Sku)):
            known = set(model._default_manager.filter(pk__in=attrs[name]).values_list("pk", flat=True))
            unknown = sorted(set(attrs[name]) - known)
            if unknown:
                message = _("Not known: %(ids)s.") % {"ids": ", ".join(map(str, unknown[:5]))}
                raise serializers.ValidationError({name: message})
        return attrs

    def entry(self) -> Entry:
        """What was sent; call it after `is_valid`."""
        values = dict(self.validated_data)
        place = values.pop("location")
        categories, skus = values.pop("categories"), values.pop("skus")
        return Entry(**values, location_id=place.pk if place else None, category_ids=categories, sku_ids=skus)


class PackSerializer(serializers.Serializer[Any]):
    """Which pack, for which country and years."""

    pack = serializers.ChoiceField(choices=list(PACK_NAMES))
    country = serializers.ChoiceField(choices=sorted(supported_countries()))
    years = serializers.ListField(
        child=serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR), min_length=1, max_length=10
    )


class LoadedSerializer(serializers.Serializer[Any]):
    added = serializers.IntegerField()
    known = serializers.IntegerField(help_text="Loaded before; they stay as they were edited.")


class PromotionFilter(NamedFilterSet):
    """By place, kind, scope and days."""

    ends_from = django_filters.DateFilter(field_name="ends_on", lookup_expr="gte")
    starts_until = django_filters.DateFilter(field_name="starts_on", lookup_expr="lte")

    class Meta:
        model = Promotion
        fields: ClassVar[list[str]] = ["location", "kind", "scope"]


class PromotionViewSet(TaggedRetrieve, ListModelMixin, RetrieveModelMixin, GenericViewSet[Promotion]):
    """Promotions and other occasions, past and planned; the next night forecasts with them."""

    versioned = PROMOTION
    serializer_class = PromotionSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {
        "GET": VIEW_DASHBOARDS, "POST": PLAN_DEMAND, "PUT": PLAN_DEMAND, "DELETE": PLAN_DEMAND,
    }  # fmt: skip
    filterset_class = PromotionFilter
    queryset = Promotion.objects.none()

    def get_queryset(self) -> QuerySet[Promotion]:
        if getattr(self, "swagger_fake_view", False) or not isinstance(self.request.user, User):
            return Promotion.objects.none()
        user = self.request.user
        rows = promotions_for(user) if self.request.method == "GET" else changeable_promotions(user)
        return rows.prefetch_related("categories", "skus")

    @extend_schema(request=WrittenPromotionSerializer, responses={201: PromotionSerializer}, parameters=[KEY_PARAMETER])
    def create(self, request: Request) -> Response:
        """Makes an entry."""
        return self._save(request, None, status.HTTP_201_CREATED)

    @extend_schema(
        request=WrittenPromotionSerializer, responses=PromotionSerializer, parameters=[KEY_PARAMETER, IF_MATCH, ETAG]
    )
    def update(self, request: Request, pk: str) -> Response:
        """Writes the whole entry anew."""
        return self._save(request, self.get_object().pk, status.HTTP_200_OK)

    @extend_schema(request=None, responses={204: None}, parameters=[IF_MATCH])
    def destroy(self, request: Request, pk: str) -> Response:
        """It leaves the calendar."""
        row_id = self.get_object().pk
        drop = partial(delete_promotion, promotion_id=row_id, actor=caller_of(request), now=timezone.now())
        edit_matching(request, PROMOTION, row_id, drop)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=PackSerializer, responses=LoadedSerializer, parameters=[KEY_PARAMETER])
    @action(detail=False, methods=["post"], url_path="load-pack")
    def load_pack(self, request: Request) -> Response:
        """Adds the occasions of a pack for all places; what was loaded before stays as it is."""
        wanted = PackSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        once, names = Once(request), {kind: str(name) for kind, name in KIND_NAMES.items()}
        if not once.user.sees_all_locations:
            raise PermissionDenied(_("A pack holds for all stores, so only those who see all of them may load it."))

        def act() -> Answer:
            loaded = load_pack(**wanted.validated_data, names=names, actor=once.user, now=once.now)
            return Answer(200, {"added": loaded.added, "known": loaded.known})

        return once.answer(act)

    def _save(self, request: Request, promotion_id: int | None, code: int) -> Response:
        wanted = WrittenPromotionSerializer(data=request.data, context={"request": request})
        wanted.is_valid(raise_exception=True)
        once = Once(request)

        save = partial(save_promotion, promotion_id=promotion_id, entry=wanted.entry(), actor=once.user, now=once.now)

        def act() -> Answer:
            row = save() if promotion_id is None else edit_matching(request, PROMOTION, promotion_id, save)
            return Answer(code, PromotionSerializer(row).data)

        answer = once.answer(act)
        return tagged(answer, PROMOTION, answer.data["id"])


class EffectSerializer(serializers.ModelSerializer[OccasionEffect]):
    """`uplift` 0.3 is 30% more than on the days around; the forecast uses it where `is_used`."""

    class Meta:
        model = OccasionEffect
        fields: ClassVar[list[str]] = ["key", "uplift", "error", "times", "days", "is_used"]
        read_only_fields = fields


class EffectViewSet(GenericViewSet[OccasionEffect]):
    """What holidays and promotions did to demand, as the last weekly look at the past found it."""

    serializer_class = EffectSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {"GET": VIEW_DASHBOARDS}
    pagination_class = None
    filter_backends = ()
    queryset = OccasionEffect.objects.none()

    @extend_schema(responses=EffectSerializer(many=True))
    def list(self, request: Request) -> Response:
        """All of them, those in use first."""
        return Response(EffectSerializer(learned_effects(zones_of(caller_of(request))), many=True).data)
