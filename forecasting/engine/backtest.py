"""Backtest: the engine and simple methods on the same past, told origin by origin, scored in one table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from forecasting.engine.boosted.training import Training, train
from forecasting.engine.config import Config
from forecasting.engine.kernels import F64
from forecasting.engine.predict import forecast
from forecasting.engine.rivals import rival_quantiles, simple_sums, statsforecast_sums
from forecasting.engine.trial import SCORED, Gain, Trial, bias, coverage, paired_gain, scaled_pinball, wape

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Score:
    """What a method scored on a trial.

    loss      float64 [n]: mean scaled pinball loss of each series (NaN where no window counted).
    coverage  float64 [5]: share of sums at or under the quantile, for `trial.SCORED`.
    bias      (forecast - actual) / actual; wape: sum of absolute errors / actual.
    """

    name: str
    loss: F64
    coverage: F64
    bias: float
    wape: float

    @property
    def pinball(self) -> float:
        """Mean loss over the series; NaN where none counts."""
        return float(np.nanmean(self.loss)) if np.isfinite(self.loss).any() else float("nan")

    def gain_over(self, other: "Score") -> Gain:
        """How far the loss lies under the other's, series by series."""
        return paired_gain(self.loss, other.loss)


def engine_result(
    trial: Trial, training: Training | None, progress: Progress = lambda _part, _done, _total: None
) -> tuple[F64, F64]:
    """Quantiles [n, o, 5] for SCORED and means [n, o] of the engine; `training` None: the statistical methods alone.

    At each origin everything is learned anew from what was known then. Series without a forecast get zeros.
    """
    found = []
    for j, origin in enumerate(trial.origins):
        found.append(_at_origin(trial, origin, training))
        progress("engine" if training else "statistics", j + 1, len(trial.origins))
    return np.stack([f[0] for f in found], axis=1), np.stack([f[1] for f in found], axis=1)


def _at_origin(trial: Trial, origin: int, training: Training | None) -> tuple[F64, F64]:
    known = trial.known(origin)
    config = Config(horizon_days=trial.horizon, choice_horizon=trial.horizon, levels=SCORED)
    model = train(known, config, training) if training else None
    found = forecast(known, config, model=model)
    quantiles = np.nan_to_num(found.sum_quantiles[:, -1].astype(np.float64))
    return quantiles, np.nan_to_num(found.mean.sum(axis=1).astype(np.float64))


def score(trial: Trial, name: str, quantiles: F64, sums: F64) -> Score:
    """The scores of quantiles [n, o, 5] and means [n, o]."""
    return Score(
        name, scaled_pinball(trial, quantiles), coverage(trial, quantiles), bias(trial, sums), wape(trial, sums)
    )


def run_backtest(
    trial: Trial, training: Training | None, with_statsforecast: bool, progress: Progress
) -> Iterator[Score]:
    """Seasonal naive, the plain average, statsforecast's methods where asked for, our methods alone and, with
    `training`, with the global model; each as soon as it is known.
    """
    for name, sums in simple_sums(trial).items():
        yield score(trial, name, rival_quantiles(trial, sums), sums)
    if with_statsforecast:
        yield from _theirs(trial, progress)
    yield score(trial, "statistical methods", *engine_result(trial, None, progress))
    if training is not None:
        yield score(trial, "with the global model", *engine_result(trial, training, progress))


def _theirs(trial: Trial, progress: Progress) -> Iterator[Score]:
    progress("statsforecast", 0, len(trial.origins))
    parts = []
    for _origin, found in statsforecast_sums(trial):
        parts.append(found)
        progress("statsforecast", len(parts), len(trial.origins))
    for name in parts[0]:
        sums = np.stack([part[name] for part in parts], axis=1)
        yield score(trial, name, rival_quantiles(trial, sums), sums)
