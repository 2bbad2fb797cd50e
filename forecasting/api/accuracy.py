"""How right the forecast was, in the API: for a SKU, a category, a store or all."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.naming import CodeOrIdField
from accounts.api.permissions import RolePermits, caller_of
from accounts.roles import VIEW_DASHBOARDS
from forecasting.domain.scores import WINDOWS
from forecasting.selectors.scores import Accuracy, DriftRow, Question, Totals, drifting, read_accuracy, score_runs
from inventory.api.fields import NamedLocationField
from inventory.models import Category, Sku
from inventory.selectors.scope import locations_for

MOST_DRIFTS = 200
SHARES = ("bias", "wape", "naive_wape", "gain", "pinball", "pinball_gain", "override_gain")


class AccuracyQuery(serializers.Serializer[Any]):
    """A SKU leaves no room for a category."""

    window = serializers.ChoiceField(choices=WINDOWS, default=WINDOWS[0], help_text="Days of the sums compared.")
    location = NamedLocationField(default=None)
    category = CodeOrIdField(queryset=Category.objects.all(), default=None)
    sku = CodeOrIdField(queryset=Sku.objects.all(), default=None)


class CoverageSerializer(serializers.Serializer[Any]):
    """A right quantile has its level between the two shares: demand comes in whole units."""

    level = serializers.FloatField()
    below = serializers.FloatField(help_text="Share of the judged windows with less demand than the quantile.")
    at_or_below = serializers.FloatField()


class FiguresSerializer(serializers.Serializer[Any]):
    """All shares are null where `state` is `not_enough_data`, or there is nothing to divide by."""

    state = serializers.ChoiceField(choices=["ok", "not_enough_data"])
    windows = serializers.IntegerField(help_text="Windows compared.")
    masked = serializers.IntegerField(help_text="Windows left out: out of stock most of the time.")
    expected_units = serializers.FloatField()
    actual_units = serializers.FloatField()
    bias = serializers.FloatField(allow_null=True, help_text="(expected - actual) / actual.")
    wape = serializers.FloatField(allow_null=True, help_text="Sum of absolute errors / actual.")
    naive_wape = serializers.FloatField(allow_null=True, help_text="That of repeating the last week.")
    gain = serializers.FloatField(allow_null=True, help_text="Part of the naive error that is saved.")
    pinball = serializers.FloatField(allow_null=True, help_text="Mean loss over all quantiles, units a window.")
    pinball_gain = serializers.FloatField(allow_null=True, help_text="Part of the naive forecast's loss saved.")
    override_gain = serializers.FloatField(
        allow_null=True, help_text="Part of the forecast's error that people's overrides took away; below 0: added."
    )
    override_windows = serializers.IntegerField()
    override_saved_units = serializers.FloatField()


class TotalSerializer(FiguresSerializer):
    coverage = CoverageSerializer(many=True, help_text="Empty where too few windows were in stock all the time.")


class WeekSerializer(FiguresSerializer):
    week_ends_on = serializers.DateField()
    is_rebuilt = serializers.BooleanField(help_text="Computed afterwards, without the global model.")


class LocationFiguresSerializer(FiguresSerializer):
    location = serializers.IntegerField()


class CategoryFiguresSerializer(FiguresSerializer):
    category = serializers.IntegerField(allow_null=True, help_text="Null: SKUs without a category.")


class DriftSerializer(serializers.Serializer[Any]):
    """A series whose demand ran away from its forecast over the last `weeks` weeks."""

    sku = serializers.IntegerField()
    sku_code = serializers.CharField()
    location = serializers.IntegerField()
    is_above = serializers.BooleanField(help_text="More was asked for than was expected.")
    weeks = serializers.IntegerField()
    expected_units = serializers.FloatField()
    actual_units = serializers.FloatField()
    value = serializers.DecimalField(max_digits=14, decimal_places=2)


class AccuracySerializer(serializers.Serializer[Any]):
    """The last half year. `locations` and `categories` are empty for a single SKU."""

    window_days = serializers.IntegerField()
    total = TotalSerializer(allow_null=True, help_text="Null until the first week is scored.")
    weeks = WeekSerializer(many=True)
    locations = LocationFiguresSerializer(many=True)
    categories = CategoryFiguresSerializer(many=True)
    drifts = DriftSerializer(many=True)


class AccuracyView(APIView):
    """What was forecast, against what came; time out of stock is left out of both."""

    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {"GET": VIEW_DASHBOARDS}

    @extend_schema(parameters=[AccuracyQuery], responses=AccuracySerializer)
    def get(self, request: Request) -> Response:
        """Bias, error against repeating last week, pinball loss, coverage, value of overrides, and drift."""
        asked = AccuracyQuery(data=request.query_params, context={"request": request})
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        place, sku, category = values["location"], values["sku"], values["category"]
        places = [place.pk] if place else list(locations_for(caller_of(request)).values_list("pk", flat=True))
        question = Question(
            window=int(values["window"]), location_ids=places, category_id=category and category.pk,
            sku_id=sku and sku.pk,
        )  # fmt: skip
        runs = score_runs(places)
        found = read_accuracy(question, runs)
        drifts = drifting(question, runs, MOST_DRIFTS) if found else []
        return Response({"window_days": question.window, **_answer(found), "drifts": [_drift(row) for row in drifts]})


def _answer(found: Accuracy | None) -> dict[str, Any]:
    if found is None:
        return {"total": None, "weeks": [], "locations": [], "categories": []}
    coverage = [
        {"level": level, "below": round(below, 4), "at_or_below": round(most, 4)}
        for level, below, most in found.total.coverage()
    ]
    return {
        "total": {**_figures(found.total), "coverage": coverage},
        "weeks": [
            {"week_ends_on": week.isoformat(), "is_rebuilt": week in found.rebuilt, **_figures(totals)}
            for week, totals in found.weeks.items()
        ],
        "locations": _parts("location", found.by_location),
        "categories": _parts("category", found.by_category),
    }


def _parts(name: str, parts: Mapping[Any, Totals]) -> list[dict[str, Any]]:
    """The most demand first."""
    ordered = sorted(parts.items(), key=lambda part: (-part[1].sums["actual"], part[0] or 0))
    return [{name: pk, **_figures(totals)} for pk, totals in ordered]


def _figures(totals: Totals) -> dict[str, Any]:
    shares = {name: getattr(totals, name) for name in SHARES}
    return {
        "state": "ok" if totals.has_enough else "not_enough_data",
        "windows": totals.windows,
        "masked": totals.masked,
        "expected_units": round(totals.sums["mean"], 3),
        "actual_units": round(totals.sums["actual"], 3),
        **{name: None if value is None else round(value, 4) for name, value in shares.items()},
        "override_windows": round(totals.sums["touched"]),
        "override_saved_units": round(totals.saved_units, 3),
    }


def _drift(row: DriftRow) -> dict[str, Any]:
    return {
        "sku": row.sku.pk, "sku_code": row.sku.code, "location": row.location.pk, "is_above": row.is_above,
        "weeks": row.weeks, "expected_units": round(row.expected, 3), "actual_units": round(row.actual, 3),
        "value": str(row.value),
    }  # fmt: skip
