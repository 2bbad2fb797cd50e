"""Kinds of promotion weighed into one: a display on the shelf and a line in a leaflet do not move demand alike.

A driver that lies in 0..1 and shows something only in periods on promotion tells a kind of promotion, such as the share
of stores with a display. What a unit of each kind adds to demand is learned from all series together, and the
promotion that the engine sees becomes the weighed sum: a week with many displays and one with many leaflets are then
no longer the same step of promotion.
"""

import numpy as np

from forecasting.engine.errors import PanelError
from forecasting.engine.kernels import F32, F64, I64
from forecasting.engine.panel import Panel


def kinds_told(panel: Panel) -> I64:
    """int64 [k]: the drivers that tell kinds of promotion, as far ahead as the promotion itself is known."""
    none = np.zeros(0, np.int64)
    if panel.promotion is None or panel.drivers is None or panel.drivers.shape[1] != panel.promotion.shape[1]:
        return none
    off = panel.promotion <= 0
    told = [m for m in range(panel.drivers.shape[2]) if _tells_a_kind(panel.drivers[:, :, m], off)]
    return np.array(told, dtype=np.int64)


def _tells_a_kind(driver: F32, off: np.ndarray) -> bool:
    return bool(driver.min(initial=0) >= 0 and 0 < driver.max(initial=0) <= 1 and not driver[off].any())


def with_kinds_weighed(panel: Panel, weights: F64) -> Panel:
    """The panel with the weighed promotion, 0..1, in place of its own; `weights` as of `kind_weights`.

    Raises PanelError where the drivers that tell the kinds are missing, or known for fewer periods than the promotion.
    """
    if panel.promotion is None or not weights[1:].any():
        return panel
    if panel.drivers is None or panel.drivers.shape[1:] != (panel.promotion.shape[1], len(weights) - 1):
        raise PanelError(
            f"The model was trained on {len(weights) - 1} drivers of which some tell kinds of promotion: give as many, "
            "for the periods that the promotion is known for."
        )
    return panel.with_promotion(np.clip(weighed_sum(panel, weights), 0.0, 1.0))


def weighed_sum(panel: Panel, weights: F64) -> F32:
    """float32 [n, p] of weights [1 + m]."""
    small = weights.astype(np.float32)
    total = panel.promotion_or_none * small[0]
    if panel.drivers is not None and len(weights) > 1:
        total = total + panel.drivers @ small[1:]
    return np.asarray(total, dtype=np.float32)
