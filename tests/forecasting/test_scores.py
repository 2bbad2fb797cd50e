"""Scores of past forecasts, on windows small enough to reckon by hand."""

from datetime import date, timedelta

import numpy as np
import pytest

from forecasting.domain.scores import (
    FIGURES,
    SUMS,
    Origin,
    Seen,
    awaited,
    drift,
    score_window,
    summed,
    week_end,
)

LEVELS = (0.05, 0.5, 0.95)


def origin(mean=2.0, quantiles=(8, 14, 20), factor=1.0, count=1):
    return Origin(
        np.full((count, 28), mean, np.float32), np.tile(np.float32(quantiles), (count, 1, 1)), (7,), LEVELS,
        np.full((count, 28), factor),
    )  # fmt: skip


def seen(demand, share=1.0, before=1.0):
    demand = np.array([demand], np.float32)
    return Seen(demand, np.broadcast_to(np.float32(share), demand.shape), np.full((1, 7), before, np.float32))


def figures(scored):
    return dict(zip(FIGURES, scored.figures[0].tolist(), strict=True))


def test_a_week_in_stock():
    # 14 were expected and 17 came: above two of three levels; the naive forecast said 7.
    scored = score_window(origin(), seen([2, 2, 2, 2, 3, 3, 3]))
    found = figures(scored)
    assert (found["actual"], found["mean"], found["planned"], found["naive"]) == (17, 14, 14, 7)
    assert found["pinball"] == pytest.approx((0.05 * 9 + 0.5 * 3 + 0.05 * 3) / 3)
    assert found["naive_pinball"] == pytest.approx((0.05 + 0.5 + 0.95) * 10 / 3)
    assert (scored.missed[0], scored.tied[0], found["is_touched"]) == (2, 0, 0)


def test_what_meets_a_quantile_exactly_is_neither_above_nor_below():
    scored = score_window(origin(), seen([2] * 7))
    assert (scored.missed[0], scored.tied[0]) == (1, 1)
    totals = summed(scored, np.zeros(1, np.int64), 1, 3)
    assert totals.at_or_below[0].tolist() == [0, 1, 1]
    assert totals.below[0].tolist() == [0, 0, 1]


def test_an_empty_shelf_neither_praises_nor_blames():
    # Out of stock from Friday on: two a day were asked for while there was stock.
    scored = score_window(origin(), seen([2, 2, 2, 2, 0, 0, 0], share=[1, 1, 1, 1, 0, 0, 0]))
    found = figures(scored)
    assert (found["actual"], found["mean"], found["naive"]) == (8, 8, 4)
    assert found["in_stock"] == pytest.approx(4 / 7) and scored.missed[0] == -1
    sums = dict(zip(SUMS, summed(scored, np.zeros(1, np.int64), 1, 3).sums[0], strict=True))
    assert (sums["windows"], sums["masked"], sums["judged"], sums["error"]) == (1, 0, 0, 0)


def test_out_of_stock_most_of_the_week_it_is_masked():
    scored = score_window(origin(), seen([2, 2, 2, 0, 0, 0, 0], share=[1, 1, 1, 0, 0, 0, 0]))
    sums = dict(zip(SUMS, summed(scored, np.zeros(1, np.int64), 1, 3).sums[0], strict=True))
    assert (sums["windows"], sums["masked"]) == (0, 1)


def test_without_a_forecast_nothing_is_counted():
    scored = score_window(origin(mean=np.nan), seen([2] * 7))
    assert summed(scored, np.zeros(1, np.int64), 1, 3).sums.sum() == 0


def test_an_override_is_scored_beside_the_forecast():
    # 14 were expected, the planner said half as much again, 20 came: 6 off against 1.
    scored = score_window(origin(factor=1.5), seen([2, 3, 3, 3, 3, 3, 3]))
    sums = dict(zip(SUMS, summed(scored, np.zeros(1, np.int64), 1, 3).sums[0], strict=True))
    assert (sums["touched"], sums["touched_error"], sums["touched_planned_error"]) == (1, 6, 1)


def weeks(actual, mean=10.0, count=8):
    row = dict.fromkeys(FIGURES, 0.0) | {"in_stock": 1.0, "mean": mean, "spread": 3.0}
    return np.array([[list({**row, "actual": value}.values()) for value in np.resize(actual, count)]])


@pytest.mark.parametrize(
    ("actual", "count", "found"),
    [([20], 8, 1), ([2], 8, -1), ([5, 15], 8, 0), ([11], 8, 0), ([20], 3, 0)],
)
def test_it_drifts_when_errors_add_up(actual, count, found):
    assert drift(weeks(actual, count=count)).tolist() == [found]


def test_a_large_sku_that_is_a_little_off_does_not_drift():
    assert drift(weeks([1100.0], mean=1000.0)).tolist() == [0]


def test_weeks_that_were_not_scored_say_nothing():
    missing = np.full((1, 5, len(FIGURES)), np.nan)
    assert drift(np.concatenate([weeks([20], count=3), missing], axis=1)).tolist() == [0]


def test_of_old_runs_the_last_of_each_week_waits_for_its_windows():
    sunday = date(2026, 3, 8)
    runs = [(number, sunday - timedelta(days=number)) for number in range(60)]
    kept = awaited(runs, sunday, 28)
    assert kept == {0, 7, 14, 21, 28}
    assert awaited(runs[1:], sunday, 28) == {1, 7, 14, 21, 28}
    assert (week_end(sunday), week_end(sunday + timedelta(days=6))) == (sunday, sunday)
