"""The forecasts that would have been made at each past day, with nothing seen that was not known then."""

from collections.abc import Iterator, Sequence

from forecasting.engine.boosted.model import GlobalModel
from forecasting.engine.boosted.training import Training, train
from forecasting.engine.choice import Choice, choose
from forecasting.engine.config import Config
from forecasting.engine.panel import Panel
from forecasting.engine.predict import forecast
from forecasting.engine.result import Forecast


def rolling(
    panel: Panel, config: Config, origins: Sequence[int], *, relearn_every: int = 28, training: Training | None = None
) -> Iterator[tuple[int, Forecast]]:
    """(origin, forecast) for each of `origins`, ascending numbers of periods seen.

    As in a shop that runs every night: the choice of methods and the global model are made anew from the past every
    `relearn_every` periods, the forecast itself at each origin.
    """
    choice: Choice | None = None
    model: GlobalModel | None = None
    learned = -relearn_every
    for origin in origins:
        known = panel.until(origin)
        if choice is None or origin - learned >= relearn_every:
            choice, model, learned = choose(known, config), train(known, config, training), origin
        yield origin, forecast(known, config, choice=choice, model=model)
