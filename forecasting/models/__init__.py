"""Tables of forecasts."""

from forecasting.models.promotion import Promotion, PromotionSku
from forecasting.models.run import ForecastRun, ForecastRunState, PublishedForecast
from forecasting.models.series import SeriesForecast, SeriesState

__all__ = [
    "ForecastRun",
    "ForecastRunState",
    "Promotion",
    "PromotionSku",
    "PublishedForecast",
    "SeriesForecast",
    "SeriesState",
]
