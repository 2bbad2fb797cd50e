"""Tables of forecasts."""

from forecasting.models.choice import ChoiceRun, ChoiceRunState, Predecessor, SeriesChoice
from forecasting.models.occasion import OccasionEffect
from forecasting.models.override import ForecastOverride
from forecasting.models.promotion import Promotion, PromotionCategory, PromotionScope, PromotionSku
from forecasting.models.run import ForecastRun, ForecastRunState, PublishedForecast
from forecasting.models.score import ScoreRun, ScoreState, ScoreSummary, SeriesScore
from forecasting.models.series import SeriesForecast, SeriesState

__all__ = [
    "ChoiceRun",
    "ChoiceRunState",
    "ForecastOverride",
    "ForecastRun",
    "ForecastRunState",
    "OccasionEffect",
    "Predecessor",
    "Promotion",
    "PromotionCategory",
    "PromotionScope",
    "PromotionSku",
    "PublishedForecast",
    "ScoreRun",
    "ScoreState",
    "ScoreSummary",
    "SeriesChoice",
    "SeriesForecast",
    "SeriesScore",
    "SeriesState",
]
