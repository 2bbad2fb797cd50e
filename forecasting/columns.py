"""The layout of stored forecast and choice rows, for writing and reading by binary COPY."""

from forecasting.domain.scores import FIGURES
from forecasting.engine import Config
from forecasting.engine.methods.registry import candidates
from forecasting.models import ChoiceRun, ForecastRun, ScoreRun
from inventory.binary_copy import Column

KEPT_CANDIDATES = 5
KEY = (Column("run_id", "int8"), Column("sku_id", "int8"), Column("location_id", "int8"))


def series_columns(run: ForecastRun) -> list[Column]:
    """The columns of `SeriesForecast` for a run: array lengths follow from its horizon, grid and levels."""
    return [
        *KEY,
        Column("state", "int2"),
        Column("mean", "float4", run.horizon_days),
        Column("daily_quantiles", "float4", run.horizon_days * len(run.daily_levels)),
        Column("sum_quantiles", "float4", len(run.sum_days) * len(run.levels)),
        Column("recovered_units", "float4"),
        Column("candidates", "int2", KEPT_CANDIDATES),
        Column("weights", "float4", KEPT_CANDIDATES),
        Column("gain", "float4"),
        Column("origins", "int2"),
    ]


def choice_columns(run: ChoiceRun) -> list[Column]:
    """The columns of `SeriesChoice` for a run."""
    return [
        *KEY,
        Column("candidates", "int2", KEPT_CANDIDATES),
        Column("weights", "float4", KEPT_CANDIDATES),
        Column("ratios", "float4", len(run.sum_days)),
        Column("unit", "float4"),
        Column("gain", "float4"),
        Column("origins", "int2"),
    ]


def score_columns(run: ScoreRun) -> list[Column]:
    """The columns of `SeriesScore` for a run."""
    windows = len(run.windows)
    return [
        *KEY,
        Column("figures", "float4", windows * len(FIGURES)),
        Column("ranks", "int2", windows * 2),
        Column("drift", "int2"),
    ]


def candidate_labels(config: Config) -> list[str]:
    """What the numbers of candidates in stored rows mean: the label of each, in the order of its number."""
    found = candidates("D", config.methods)
    return [found.label(index) for index in range(len(found.method))]
