"""Settings of a forecast. Defaults are for days; `grid_for` gives those of weeks and months."""

from dataclasses import dataclass

import numpy as np

from forecasting.engine.errors import ConfigError
from forecasting.engine.panel import Frequency

DEFAULT_LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.80, 0.90, 0.95, 0.975, 0.98, 0.99)
DEFAULT_GRID = {
    "D": (1, 2, 3, 5, 7, 10, 14, 21, 28),
    "W": (1, 2, 3, 4, 6, 8, 13),
    "M": (1, 2, 3, 4, 6),
}
DEFAULT_ORIGINS = {"D": (12, 7), "W": (26, 2), "M": (12, 1)}  # how many, and how far apart
ALL_METHODS = ("average", "smoothing", "trend", "croston", "tsb")


@dataclass(frozen=True)
class Config:
    """What to forecast and how.

    horizon_days    periods ahead (days, weeks or months, as the panel's frequency says).
    levels          quantile levels, ascending, inside (0, 1).
    grid            horizons h for which the quantiles of the SUM over the next h periods are given; () means the
                    default of the frequency. Horizons beyond `horizon_days` are dropped, `horizon_days` is added.
    chart_levels    levels of the per-period quantiles (for a chart).
    choice_horizon  the sum whose pinball loss chooses the methods; 0: half of the horizon.
    choice_origins  how many past origins are looked at, `choice_step` periods apart; 0: those of DEFAULT_ORIGINS.
    min_history     periods in stock that a series needs for a forecast of its own.
    methods         names out of ALL_METHODS.
    seed            of every random draw (training samples).
    """

    horizon_days: int = 28
    levels: tuple[float, ...] = DEFAULT_LEVELS
    grid: tuple[int, ...] = ()
    chart_levels: tuple[float, ...] = (0.05, 0.25, 0.50, 0.75, 0.95)
    choice_horizon: int = 0
    choice_origins: int = 0
    choice_step: int = 0
    min_history: int = 14
    methods: tuple[str, ...] = ALL_METHODS
    seed: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.horizon_days, int | np.integer) or self.horizon_days < 1:
            raise ConfigError(f"horizon_days must be a whole number of at least 1, not {self.horizon_days!r}.")
        for name in ("levels", "chart_levels"):
            levels = getattr(self, name)
            if not levels or list(levels) != sorted(set(levels)) or levels[0] <= 0 or levels[-1] >= 1:
                raise ConfigError(f"{name} must ascend inside (0, 1), not {levels}.")
        unknown = set(self.methods) - set(ALL_METHODS)
        if unknown or not self.methods:
            raise ConfigError(f"methods must be some of {', '.join(ALL_METHODS)}; not known: {sorted(unknown)}.")

    def grid_for(self, frequency: Frequency) -> tuple[int, ...]:
        """Horizons of the sums, ascending, ending with `horizon_days`."""
        grid = self.grid or DEFAULT_GRID[frequency]
        if list(grid) != sorted(set(grid)) or grid[0] < 1:
            raise ConfigError(f"grid must ascend from at least 1, not {grid}.")
        return (*(h for h in grid if h < self.horizon_days), self.horizon_days)

    def choice_sum(self) -> int:
        """Length of the sum that decides between methods."""
        return self.choice_horizon or max(1, self.horizon_days // 2)
