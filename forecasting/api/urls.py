"""Addresses of `forecasting` under /api/v1/."""

from rest_framework.routers import SimpleRouter

from forecasting.api.views import ForecastViewSet

router = SimpleRouter()
router.register("forecasts", ForecastViewSet, basename="forecast")
urlpatterns = router.urls
