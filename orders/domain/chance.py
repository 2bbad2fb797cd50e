"""The chance that a demand exceeds a stock, read off a curve of quantiles."""

import math
from collections.abc import Sequence


def chance_of_exceeding(curve: Sequence[float], levels: Sequence[float], stock: float) -> float:
    """P(D > stock), 0..1. `curve` holds the quantiles of D at the ascending `levels`; between them the distribution
    function is straight, it begins at demand 0, and beyond the last its tail is exponential with the last slope."""
    if curve[-1] <= 0:
        return 0.0
    if stock < 0:
        return 1.0
    if stock >= curve[-1]:
        step = max(curve[-1] - curve[-2], 1e-9)
        rate = math.log((1.0 - levels[-2]) / (1.0 - levels[-1])) / step
        return (1.0 - levels[-1]) * math.exp(-rate * (stock - curve[-1]))
    knots, chances = [0.0, *curve], [0.0, *levels]
    right = next(i for i, knot in enumerate(knots) if knot > stock)
    part = (stock - knots[right - 1]) / (knots[right] - knots[right - 1])
    return 1.0 - (chances[right - 1] + part * (chances[right] - chances[right - 1]))
