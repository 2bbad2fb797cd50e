"""The demand panel: dense arrays, one row per series, one column per period."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.errors import PanelError
from forecasting.engine.kernels import F32, I32, Bools

Frequency = Literal["D", "W", "M"]
SEASON = {"D": 7, "W": 1, "M": 12}
PERIODS_PER_YEAR = {"D": 365, "W": 52, "M": 12}


@dataclass(frozen=True)
class Panel:
    """Demand of `n` series over `d` periods, and what is known about the `H` periods after them.

    demand          float32 [n, d], units asked for in the period; zero allowed, NaN and negative refused.
    start           date of column 0.
    frequency       "D" (a week has 7), "W" (no season inside a month) or "M" (a year has 12).
    in_stock_share  float32 [n, d], 0..1: share of the period's usual demand hours in which the series could be
                    bought. None: always in stock. A period at 0 tells nothing about demand.
    first_day       int32 [n], index of the first period on sale; earlier columns are ignored. None: all 0.
    promotion       float32 [n, d] or [n, d + H], 0..1 (a flag, or the share of stores, or the depth). With d + H
                    columns the promotions of the horizon are known ahead. None: no promotions.
    price           float32 [n, d] or [n, d + H], positive. None: unknown.
    drivers         float32 [n, d, m] or [n, d + H, m]: m other numbers that may move demand, of any sign (the weather,
                    a column for each kind of promotion); only the global model reads them. With d + H columns those
                    of the horizon are known ahead. One in 0..1 that is 0 wherever promotion is tells a kind of it
                    (see `kinds`). None: none.
    events          float32 [k, d + H], calendar columns shared by all series (holidays, 618, days closed). None: none.
    is_integer      bool [n]: counted in whole units, so quantiles are whole. None: found from the data.
    category        int32 [n], any ids: series of one category lend each other what one alone cannot tell.
    location        int32 [n], likewise.
    item            int32 [n], likewise: the same thing at different locations.
    style           int32 [n], likewise: variants of one style; -1 for none.
    predecessor     int32 [n]: row of the series whose place a new one takes, -1 for none; only read of a whole panel.
    predecessor_share  float32 [n]: how much of the predecessor's demand is expected. None: all of it.
    """

    demand: F32
    start: date
    frequency: Frequency = "D"
    in_stock_share: F32 | None = None
    first_day: I32 | None = None
    promotion: F32 | None = None
    price: F32 | None = None
    drivers: F32 | None = None
    events: F32 | None = None
    is_integer: Bools | None = None
    category: I32 | None = None
    location: I32 | None = None
    item: I32 | None = None
    style: I32 | None = None
    predecessor: I32 | None = None
    predecessor_share: F32 | None = None
    checked: bool = field(default=True, repr=False)

    def __post_init__(self) -> None:
        if self.checked:
            check_panel(self)

    @property
    def n_series(self) -> int:
        return int(self.demand.shape[0])

    @property
    def n_days(self) -> int:
        return int(self.demand.shape[1])

    @property
    def season(self) -> int:
        """Periods in the short season: 7 days in a week, 12 months in a year, 1 for weeks."""
        return SEASON[self.frequency]

    def day(self, index: int) -> date:
        """The date of column `index` (months are counted as 30 days: only their order matters)."""
        return self.start + timedelta(days=index * {"D": 1, "W": 7, "M": 30}[self.frequency])

    def integer(self) -> Bools:
        """bool [n]: given, or true where every demand is a whole number."""
        if self.is_integer is not None:
            return self.is_integer
        found: Bools = np.all(self.demand == np.rint(self.demand), axis=1)
        return found

    def rows(self, part: slice | NDArray[np.int64]) -> "Panel":
        """The panel of some of the series, without copying where `part` is a slice."""
        changes: dict[str, Any] = {name: None if (a := getattr(self, name)) is None else a[part] for name in BY_SERIES}
        return replace(self, **changes, checked=False)

    @property
    def promotion_or_none(self) -> F32:
        """Promotions as the kernels take them: float32 [n, >= d], or [n, 0] where there are none."""
        return self.promotion if self.promotion is not None else np.zeros((self.n_series, 0), np.float32)

    @property
    def knows_promotions_ahead(self) -> bool:
        """Whether promotion reaches beyond the last period of demand."""
        return self.promotion is not None and self.promotion.shape[1] > self.n_days

    def with_promotion(self, promotion: F32) -> "Panel":
        """The panel with other promotions of the same shape."""
        return replace(self, promotion=promotion, checked=False)

    def until(self, n_days: int) -> "Panel":
        """What was known after the first `n_days` periods.

        Promotion and price of later periods stay known where the panel knows its own future ones; events always do.
        """
        stock = None if self.in_stock_share is None else self.in_stock_share[:, :n_days]
        ahead = {
            name: values[:, :n_days]
            for name in ("promotion", "price", "drivers")
            if (values := getattr(self, name)) is not None and values.shape[1] == self.n_days
        }
        return replace(self, demand=self.demand[:, :n_days], in_stock_share=stock, checked=False, **ahead)


IDS = ("category", "location", "item", "style", "predecessor", "predecessor_share")
BY_SERIES = ("demand", "in_stock_share", "first_day", "promotion", "price", "drivers", "is_integer", *IDS)


def check_panel(panel: Panel) -> None:
    """Raise PanelError when an array cannot be what it is said to be."""
    if panel.demand.ndim != 2 or panel.demand.shape[1] == 0:
        raise PanelError(f"demand must be [n_series, n_days] with at least one day, not {panel.demand.shape}.")
    if not isinstance(panel.start, date):
        raise PanelError(f"start must be a datetime.date, the day of the first column, not {panel.start!r}.")
    if panel.frequency not in SEASON:
        raise PanelError(f"frequency must be D, W or M, not {panel.frequency!r}.")
    for name in ("demand", "in_stock_share", "promotion", "price", "events"):
        _check_values(panel, name)
    _check_drivers(panel)
    for name in ("first_day", "is_integer", *IDS):
        ids = getattr(panel, name)
        if ids is not None and ids.shape != (panel.n_series,):
            raise PanelError(f"{name} must have one value per series ({panel.n_series}), not the shape {ids.shape}.")
    _check_predecessors(panel)


def _check_predecessors(panel: Panel) -> None:
    n, rows, shares = panel.n_series, panel.predecessor, panel.predecessor_share
    if rows is not None and ((rows < -1) | (rows >= n) | (rows == np.arange(n))).any():
        i = int(np.flatnonzero((rows < -1) | (rows >= n) | (rows == np.arange(n)))[0])
        raise PanelError(
            f"predecessor of series {i} is {rows[i]}: it must be the row of another series, or -1 for none."
        )
    if shares is not None and not ((shares >= 0) & np.isfinite(shares)).all():
        i = int(np.flatnonzero(~((shares >= 0) & np.isfinite(shares)))[0])
        raise PanelError(f"predecessor_share of series {i} is {shares[i]}: it must be a number of 0 or more.")


def _check_drivers(panel: Panel) -> None:
    values = panel.drivers
    if values is None:
        return
    n, d = panel.demand.shape
    if values.ndim != 3 or values.shape[0] != n or values.shape[1] < d:
        raise PanelError(f"drivers has the shape {values.shape}, which does not fit demand of {n} series x {d} days.")
    if not np.isfinite(values).all():
        row, column, driver = np.argwhere(~np.isfinite(values))[0]
        raise PanelError(f"drivers of series {row}, day {column}, number {driver} must be a finite number.")


def _check_values(panel: Panel, name: str) -> None:
    values = getattr(panel, name)
    if values is None:
        return
    n, d = panel.demand.shape
    rows, exact = (values.shape[0], False) if name == "events" else (n, name in ("demand", "in_stock_share"))
    if values.ndim != 2 or values.shape[0] != rows or values.shape[1] < d or (exact and values.shape[1] != d):
        raise PanelError(f"{name} has the shape {values.shape}, which does not fit demand of {n} series x {d} days.")
    bad = ~(values >= 0)
    if name == "in_stock_share":
        bad |= values > 1
    if bad.any() or not np.isfinite(values).all():
        row, column = np.argwhere(bad | ~np.isfinite(values))[0]
        raise PanelError(
            f"{name} of series {row}, day {column} is {values[row, column]}: it must be a number "
            f"{'from 0 to 1' if name == 'in_stock_share' else 'of 0 or more'}. Put 0 where nothing was asked for, "
            "and in_stock_share 0 where nothing could be asked for."
        )
