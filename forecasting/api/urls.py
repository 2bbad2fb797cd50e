"""Addresses of `forecasting` under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from forecasting.api.accuracy import AccuracyView
from forecasting.api.overrides import OverrideViewSet
from forecasting.api.predecessors import PredecessorViewSet
from forecasting.api.promotions import EffectViewSet, PromotionViewSet
from forecasting.api.views import ForecastViewSet

router = SimpleRouter()
router.register("forecasts", ForecastViewSet, basename="forecast")
router.register("forecast-overrides", OverrideViewSet, basename="forecast-override")
router.register("promotions", PromotionViewSet, basename="promotion")
router.register("occasion-effects", EffectViewSet, basename="occasion-effect")
router.register("predecessors", PredecessorViewSet, basename="predecessor")
urlpatterns = [path("forecast-accuracy/", AccuracyView.as_view(), name="forecast-accuracy"), *router.urls]
