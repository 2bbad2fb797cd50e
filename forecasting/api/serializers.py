"""Shapes of forecasts in the API."""

from typing import Any

from rest_framework import serializers

from forecasting.models import SeriesForecast, SeriesState
from forecasting.selectors.series import view_of


class ForecastSerializer(serializers.Serializer[SeriesForecast]):
    """The published forecast of a series, day by day; arrays are empty where there is not enough data."""

    sku = serializers.IntegerField()
    sku_code = serializers.CharField()
    location = serializers.IntegerField()
    location_code = serializers.CharField()
    as_of = serializers.DateField(help_text="Last day the forecast has seen; the first value is for the day after.")
    state = serializers.ChoiceField(choices=[state.name.lower() for state in SeriesState])
    days = serializers.ListField(child=serializers.DateField())
    mean = serializers.ListField(child=serializers.FloatField(), help_text="Expected units per day.")
    quantiles = serializers.DictField(child=serializers.ListField(child=serializers.FloatField()))
    methods = serializers.ListField(child=serializers.CharField(), help_text="Combined ones, the heaviest first.")
    gain = serializers.FloatField(
        help_text="Why these: the part of the pinball loss of all methods on average that the best of them saved."
    )
    origins = serializers.IntegerField(help_text="Past days it was measured on; 0: series of like volume decided.")
    recovered_units = serializers.FloatField(help_text="Demand that stockouts hid in the history, estimated.")

    def to_representation(self, instance: SeriesForecast) -> dict[str, Any]:
        view = view_of(instance)
        return {
            "sku": instance.sku_id,
            "sku_code": instance.sku.code,
            "location": instance.location_id,
            "location_code": instance.location.code,
            "as_of": view.as_of.isoformat(),
            "state": view.state.name.lower(),
            "days": [day.isoformat() for day in view.days],
            "mean": [round(value, 4) for value in view.mean],
            "quantiles": {str(level): values for level, values in view.quantiles.items()},
            "methods": [f"{label} ({weight:.0%})" for label, weight in view.methods],
            "gain": round(view.gain, 4),
            "origins": view.origins,
            "recovered_units": round(view.recovered_units, 3),
        }
