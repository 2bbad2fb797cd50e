"""What an occasion did to demand is found where it is there, and called noise where it is not."""

from datetime import date

import numpy as np
import pytest

from forecasting.domain.occasions import measure, shared_effects
from forecasting.engine import Panel

DAYS, SERIES = 730, 60
XMAS = [300, 665]


def column(*days, share=1.0):
    found = np.zeros(DAYS + 28, np.float32)
    found[list(days)] = share
    return found


def panel(lift=None, rate=4.0):
    """Poisson demand with a week profile; `lift` [d] multiplies it."""
    rng = np.random.default_rng(5)
    week = 1 + 0.3 * np.sin(2 * np.pi * np.arange(DAYS) / 7)
    mean = rate * week * (np.ones(DAYS) if lift is None else lift)
    return Panel(rng.poisson(np.broadcast_to(mean, (SERIES, DAYS))).astype(np.float32), start=date(2024, 1, 1))


def found(lift, columns, promotions=None):
    return {effect.key: effect for effect in measure(panel(lift), columns, promotions or [])}


def test_an_effect_is_found_with_its_size():
    lift = np.ones(DAYS)
    lift[XMAS] = 1.8
    effect = found(lift, {"xmas": column(*XMAS)})["xmas"]
    assert effect.uplift == pytest.approx(0.8, abs=0.15) and effect.is_measurable
    assert (effect.times, effect.days) == (2, 2)


def test_a_day_like_another_has_no_measurable_effect():
    effect = found(None, {"nothing": column(100, 465)})["nothing"]
    assert abs(effect.uplift) < 0.15 and not effect.is_measurable and effect.times == 2


def test_what_lies_ahead_was_never_seen():
    effect = found(None, {"next": column(DAYS + 3)})["next"]
    assert (effect.times, effect.days, effect.is_measurable) == (0, 0, False)


def test_two_that_meet_are_told_apart_by_the_days_on_which_they_do_not():
    lift = np.ones(DAYS)
    lift[[100, 465]] = 1.5
    effects = found(lift, {"one": column(100, 465), "both": column(100, 200, 465, 565)})
    assert effects["one"].uplift == pytest.approx(0.5, abs=0.15) and not effects["both"].is_measurable


def test_closed_days_are_no_evidence():
    total, expected = np.full(DAYS, 100.0), np.full(DAYS, 100.0)
    total[XMAS], expected[XMAS] = 0.0, 0.0
    [effect] = shared_effects(total, expected, {"xmas": column(*XMAS)[:DAYS]})
    assert (effect.uplift, effect.times) == (0.0, 0)


def test_what_marks_much_of_the_year_is_left_to_the_season():
    effect = found(None, {"weekends": column(*range(5, DAYS, 7))})["weekends"]
    assert effect.times == 0


def test_a_promotion_of_some_series_is_measured_on_them():
    shares = np.zeros((SERIES, DAYS), np.float32)
    shares[:10, 600:614] = 1.0
    lifted = panel()
    demand = lifted.demand.copy()
    demand[:10, 600:614] *= 3
    [effect] = measure(Panel(demand, start=lifted.start), {}, [("sale", shares)])
    assert effect.uplift == pytest.approx(2.0, abs=0.4) and effect.is_measurable
    [none] = measure(lifted, {}, [("sale", shares)])
    assert not none.is_measurable and none.times == 1


def test_days_of_another_promotion_are_no_ordinary_days():
    """Weeks of displays (five times the demand) every five, and of mailers (a fifth more) two weeks after each."""
    week = np.arange(DAYS) // 7 % 5
    display, mailer = (np.broadcast_to(week == at, (SERIES, DAYS)).astype(np.float32) for at in (0, 2))
    plain = panel(1 + 4 * display[0] + 0.2 * mailer[0])
    promoted = Panel(plain.demand, start=plain.start, promotion=np.maximum(display, mailer))
    [first, second] = measure(promoted, {}, [("display", display), ("mailer", mailer)])
    assert first.uplift == pytest.approx(4.0, abs=0.2) and second.uplift == pytest.approx(0.2, abs=0.05)
    [_, misled] = measure(plain, {}, [("display", display), ("mailer", mailer)])
    assert misled.uplift < 0


def test_too_short_a_past_tells_nothing():
    [effect] = shared_effects(np.ones(10), np.ones(10), {"one": column(9)[:10]})
    assert not effect.is_measurable
