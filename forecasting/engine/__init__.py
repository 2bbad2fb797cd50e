"""Probabilistic demand forecasts on plain arrays, aware of stockouts and promotions. No Django here.

from datetime import date
import numpy as np
from forecasting.engine import Config, Panel, forecast, lead_time_quantiles

demand = np.random.default_rng(1).poisson(2.0, (3, 200)).astype(np.float32)     # 3 series x 200 days
found = forecast(Panel(demand, start=date(2025, 1, 6)), Config(horizon_days=28))
found.mean[0, :7]                                   # expected units on each of the next 7 days
found.sum_quantiles[0, found.grid.index(14)]        # quantiles of the sum over the next 14 days
lead_time_quantiles(found, 9)                       # ... over 9 days
lead_time_quantiles(found, np.array([[7, 9, 14]] * 3), weights=np.array([0.5, 0.3, 0.2]))  # uncertain
"""

from forecasting.engine.boosted.model import GlobalModel
from forecasting.engine.choice import Choice, PeerEvidence, choose, learn_peers
from forecasting.engine.config import Config
from forecasting.engine.errors import ConfigError, FileError, PanelError
from forecasting.engine.leadtime import lead_time_quantiles
from forecasting.engine.panel import Panel
from forecasting.engine.predict import forecast
from forecasting.engine.result import Forecast, State
from forecasting.engine.stored import Learned

__all__ = [
    "Choice",
    "Config",
    "ConfigError",
    "FileError",
    "Forecast",
    "GlobalModel",
    "Learned",
    "Panel",
    "PanelError",
    "PeerEvidence",
    "State",
    "choose",
    "forecast",
    "lead_time_quantiles",
    "learn_peers",
]
