"""Calendar events shared by all series: learned, shrunk by how often they were seen, applied ahead."""

from datetime import date

import numpy as np

from forecasting.engine import Config, Panel, forecast


def forecast_with(event_ahead, times):
    events = np.zeros((1, 147), np.float32)
    events[0, 30 : 30 + 15 * times : 15] = 1
    demand = np.where(events[:, :140] > 0, 40.0, 10.0).repeat(20, axis=0).astype(np.float32)
    events[0, 142] = event_ahead
    return forecast(Panel(demand, date(2025, 1, 6), events=events), Config(horizon_days=7)).mean[0]


def test_an_event_seen_often_is_expected_again():
    found = forecast_with(1, times=7)
    assert 30 < found[2] < 40 and abs(found[1] - 10) < 1.5


def test_an_event_seen_once_is_half_believed():
    assert 20 < forecast_with(1, times=1)[2] < 28


def test_no_event_ahead_changes_nothing():
    assert abs(forecast_with(0, times=7)[2] - 10) < 1.5


def test_weekends_are_no_event():
    weekend = np.isin(np.arange(147) % 7, (5, 6)).astype(np.float32)
    demand = (5 + 10 * weekend[:140])[None].repeat(3, axis=0)
    with_events = Panel(demand, date(2025, 1, 6), events=weekend[None])
    config = Config(horizon_days=7)
    np.testing.assert_array_equal(
        forecast(with_events, config).mean, forecast(Panel(demand, date(2025, 1, 6)), config).mean
    )
