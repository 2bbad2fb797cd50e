"""A display and a line in a leaflet are no longer one promotion: each counts by what it does to demand."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from forecasting.engine import Config, GlobalModel, Panel, PanelError, forecast
from forecasting.engine.boosted.kind_weights import ORDINARY, kind_evidence, kind_evidence_slow, kind_weights
from forecasting.engine.boosted.training import Training, train
from forecasting.engine.kinds import kinds_told, with_kinds_weighed

MONDAY = date(2025, 1, 6)
DISPLAY, LEAFLET = 0, 1


@pytest.fixture(scope="module")
def panel():
    """40 series, 20 weeks and two ahead: ten units a day, forty with a display, twelve with a leaflet."""
    rng = np.random.default_rng(5)
    kind = rng.choice(3, (40, 22), p=[0.6, 0.2, 0.2]).repeat(7, axis=1)
    drivers = np.stack([kind == 1, kind == 2], axis=2).astype(np.float32)
    demand = rng.poisson(np.array([10, 40, 12])[kind[:, :140]]).astype(np.float32)
    return Panel(demand, MONDAY, promotion=(kind > 0).astype(np.float32), drivers=drivers)


def test_a_display_that_adds_thirty_units_weighs_fifteen_times_a_leaflet_that_adds_two(panel):
    itself, display, leaflet = kind_weights(panel)
    seen = with_kinds_weighed(panel, np.array([itself, display, leaflet])).promotion
    assert seen[panel.drivers[..., DISPLAY] > 0] == pytest.approx(1.0, abs=1e-5)
    assert seen[panel.drivers[..., LEAFLET] > 0] == pytest.approx(2 / 30, abs=0.02)
    assert (seen[panel.promotion == 0] == 0).all()


def test_what_is_ahead_changes_no_weight(panel):
    drivers = panel.drivers.copy()
    drivers[:, 140:] = drivers[:, 140:, ::-1]
    assert kind_weights(replace(panel, drivers=drivers)).tolist() == kind_weights(panel).tolist()


def test_kinds_without_an_effect_leave_the_promotion_as_it_is(panel):
    flat = replace(panel, demand=np.full_like(panel.demand, 10.0))
    assert kind_weights(flat).tolist() == [1.0, 0.0, 0.0]
    assert with_kinds_weighed(flat, kind_weights(flat)) is flat


def test_only_what_lies_in_0_to_1_and_shows_itself_on_promotion_alone_is_a_kind(panel):
    shown = panel.drivers[..., DISPLAY]
    temperature = np.full_like(shown, -3.0)
    weekend = np.broadcast_to((np.arange(shown.shape[1]) % 7 > 4).astype(np.float32), shown.shape)
    others = [temperature, 30 * shown, weekend, 0 * shown]
    assert kinds_told(replace(panel, drivers=np.stack([*others, shown], axis=2))).tolist() == [4]


def test_kinds_known_less_far_ahead_than_the_promotion_are_no_kinds(panel):
    assert kinds_told(replace(panel, drivers=panel.drivers[:, :140])).tolist() == []
    assert kinds_told(replace(panel, promotion=None)).tolist() == []


@pytest.mark.parametrize("drivers", [None, slice(0, 1)])
def test_a_panel_without_the_kinds_that_were_learned_is_refused_in_words(panel, drivers):
    fewer = None if drivers is None else panel.drivers[:, :, drivers]
    with pytest.raises(PanelError, match="trained on 2 drivers"):
        with_kinds_weighed(replace(panel, drivers=fewer), kind_weights(panel))
    with pytest.raises(PanelError, match="for the periods that the promotion is known for"):
        with_kinds_weighed(replace(panel, drivers=panel.drivers[:, :140]), kind_weights(panel))


def test_the_model_keeps_the_weights_and_foresees_more_of_a_display_than_of_a_leaflet(panel, tmp_path):
    config = Config(horizon_days=14)
    train(panel, config, Training(rows=6_000, rounds=12)).save(tmp_path / "model.npz")
    model = GlobalModel.load(tmp_path / "model.npz")
    assert model.kinds.tolist() == kind_weights(panel).tolist()
    ahead = [sum_with(panel, kind, config, model) for kind in (DISPLAY, LEAFLET)]
    assert ahead[0] > 2 * ahead[1]


def sum_with(panel, kind, config, model):
    """Mean sum of the next 14 days over the series, were all of them on this kind of promotion throughout."""
    drivers = panel.drivers.copy()
    drivers[:, 140:] = 0.0
    drivers[:, 140:, kind] = 1.0
    promotion = panel.promotion.copy()
    promotion[:, 140:] = 1.0
    found = forecast(replace(panel, promotion=promotion, drivers=drivers), config, model=model)
    return found.mean.sum(axis=1).mean()


def test_the_kernel_and_its_slow_twin():
    rng = np.random.default_rng(6)
    promotion = np.where(rng.random((4, 60)) < 0.3, rng.random((4, 60)), 0.0).astype(np.float32)
    drivers = (promotion[..., None] * rng.random((4, 60, 3))).astype(np.float32)
    exposure = np.where(rng.random((4, 50)) < 0.1, 0.0, rng.uniform(0.3, 1.6, (4, 50)))
    args = rng.poisson(3.0, (4, 50)).astype(float), exposure, promotion, drivers, np.array([0, 2])
    np.testing.assert_allclose(kind_evidence(*args, ORDINARY), kind_evidence_slow(*args, ORDINARY), rtol=1e-9)
