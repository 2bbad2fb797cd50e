"""The global model: its trees as arrays, its file, and what it adds."""

from dataclasses import replace
from datetime import date

import lightgbm
import numpy as np
import pytest

from forecasting.engine import Config, GlobalModel, Learned, Panel, PanelError, PeerEvidence, State, forecast
from forecasting.engine.boosted import features, trees, windows
from forecasting.engine.boosted.groups import peer_columns
from forecasting.engine.boosted.model import TRAINED_LEVELS, net_shares, peers_for
from forecasting.engine.boosted.training import LIGHTGBM, Training, anchors_for, forest_of, train
from forecasting.engine.exposure import learn_factors, observed, stock_share

MONDAY = date(2025, 1, 6)
SMALL = Training(rows=6_000, rounds=12)


@pytest.fixture(scope="module")
def panel():
    rng = np.random.default_rng(7)
    promotion = (rng.random((60, 20)) < 0.2).repeat(7, axis=1).astype(np.float32)
    rate = np.exp(rng.normal(0.5, 1.0, (60, 1))) * (1 + 2 * promotion)
    return Panel(rng.poisson(rate)[:, :126].astype(np.float32), MONDAY, promotion=promotion)


@pytest.fixture(scope="module")
def model(panel):
    return train(panel, Config(horizon_days=14), SMALL)


def test_arrays_predict_what_lightgbm_predicts():
    rng = np.random.default_rng(8)
    x = rng.normal(size=(900, 5)).astype(np.float32)
    booster = lightgbm.train({**LIGHTGBM, "objective": "l2"}, lightgbm.Dataset(x, x[:, 0] * x[:, 1]), 20)
    forest = forest_of([booster], 6)
    np.testing.assert_allclose(forest.predict(x)[:, 0], booster.predict(x), rtol=1e-4, atol=1e-5)


def test_trees_and_their_slow_twin():
    rng = np.random.default_rng(9)
    forest = rng.integers(0, 4, (2, 3, 7)).astype(np.uint16), rng.normal(size=(2, 3, 7)), rng.normal(size=(2, 3, 8))
    args = (
        rng.normal(size=(70, 4)).astype(np.float32),
        forest[0],
        *(a.astype(np.float32) for a in forest[1:]),
        np.array([3, 2]),
    )
    np.testing.assert_allclose(trees.evaluate(*args), trees.evaluate_slow(*args), rtol=1e-9)


def test_sums_after_and_window_sums():
    demand = np.array([[1.0, 2.0, 0.0, 4.0, 5.0]])
    after = windows.sums_after(demand, np.array([1, 3]), np.array([1, 3]))
    assert after.tolist() == [[[2.0, 6.0], [4.0, 9.0]]]
    none = np.zeros((1, 0), np.float32)
    back = windows.window_sums(demand, np.ones((1, 5)), none, np.array([4]), np.array([2]))
    assert back[0, 0, 0].tolist() == [4.0, 2.0, 16.0, 1.0, 0.0]
    assert windows.silence(demand, np.ones((1, 5)), np.array([3])).tolist() == [[[1.0, 3.0]]]


def test_what_comes_after_an_origin_changes_no_feature_of_it(panel):
    plain = Panel(panel.demand, MONDAY)
    changed = panel.demand.copy()
    changed[:, 100:] += 50
    shots = [shot_at(p, 100) for p in (plain.until(100), Panel(changed, MONDAY).until(100))]
    np.testing.assert_array_equal(shots[0].values, shots[1].values)


def shot_at(panel, origin):
    share = stock_share(panel)
    demand = observed(panel, share)
    factors = learn_factors(panel, share, demand)
    peers = peers_for(panel, share, demand, factors)
    return features.snapshot(panel, share, demand, factors, peers, np.array([origin]), np.array([7, 14]))


def test_saved_and_loaded_it_says_the_same(panel, model, tmp_path):
    model.save(tmp_path / "model.npz")
    config = Config(horizon_days=14)
    both = [forecast(panel, config, model=m).sum_quantiles for m in (model, GlobalModel.load(tmp_path / "model.npz"))]
    np.testing.assert_array_equal(*both)


def test_a_model_of_another_version_is_not_read(model):
    arrays = model.arrays()
    for other in (arrays | {"version": np.array(1)}, {name: arrays[name] for name in arrays if name != "version"}):
        with pytest.raises(ValueError, match="train it again"):
            GlobalModel.of(other)


def test_a_stored_model_of_another_version_is_left_out(model, monkeypatch):
    packed = Learned(model, PeerEvidence(np.zeros(0), np.ones((1, 2)), np.ones((1, 3)))).pack()
    assert Learned.unpack(packed).model is not None
    monkeypatch.setattr("forecasting.engine.boosted.model.MODEL_VERSION", 0)
    assert Learned.unpack(packed).model is None


def test_the_nets_have_their_share_beside_the_trees(model):
    values = np.random.default_rng(5).normal(size=(50, len(model.nets.low))).astype(np.float32)
    levels = len(TRAINED_LEVELS)
    trees = np.sort(model.forest.predict(values)[:, :levels], axis=1)
    anchor = np.arange(50) % len(model.anchors)
    share = model.net_share[anchor, None]
    expected = (1 - share) * trees + share * model.nets.predict(values)
    np.testing.assert_allclose(model.predict(values, anchor)[:, :levels], expected, rtol=1e-9, atol=1e-9)


def test_nets_weigh_less_where_few_windows_lie_apart(model):
    assert (np.diff(model.net_share) < 0).all() and (model.net_share < 0.6).all() and (model.net_share > 0.1).all()
    np.testing.assert_allclose(net_shares(np.array([0.0, 6.0, 1e9])), [0, 0.3, 0.6], atol=1e-6)


def test_with_the_model_quantiles_keep_order_and_sign(panel, model):
    sums = forecast(panel, Config(horizon_days=14), model=model).sum_quantiles
    assert (np.diff(sums, axis=2) >= 0).all() and (np.diff(sums, axis=1) >= 0).all() and (sums >= 0).all()
    assert (sums == np.rint(sums)).all()


def test_a_known_promotion_raises_the_forecast(panel, model):
    none, full = (np.hstack([panel.promotion[:, :126], np.full((60, 14), p, np.float32)]) for p in (0, 1))
    low, high = (
        forecast(Panel(panel.demand, MONDAY, promotion=p), Config(horizon_days=14), model=model).mean.sum()
        for p in (none, full)
    )
    assert high > 2 * low


def test_a_driver_known_ahead_moves_the_forecast(panel):
    driver = np.pad(panel.promotion, ((0, 0), (0, 14)), mode="wrap")[:, :, None]
    taught = train(Panel(panel.demand, MONDAY, drivers=driver[:, :127]), Config(horizon_days=14), SMALL)
    sums = []
    for ahead in (0, 1):
        shown = np.concatenate([driver[:, :126], np.full((60, 14, 1), ahead, np.float32)], axis=1)
        sums.append(
            forecast(Panel(panel.demand, MONDAY, drivers=shown), Config(horizon_days=14), model=taught).mean.sum()
        )
    assert sums[1] > 1.3 * sums[0]
    with pytest.raises(PanelError, match="more drivers"):
        forecast(panel, Config(horizon_days=14), model=taught)


def test_drivers_that_do_not_fit_are_refused(panel):
    with pytest.raises(PanelError, match="shape"):
        Panel(panel.demand, MONDAY, drivers=np.zeros((60, 5, 1), np.float32))
    holes = np.zeros((60, 126, 2), np.float32)
    holes[3, 7, 1] = np.nan
    with pytest.raises(PanelError, match="series 3, day 7, number 1"):
        Panel(panel.demand, MONDAY, drivers=holes)


def test_with_one_sum_alone_the_model_serves_just_that(panel):
    config = Config(horizon_days=14, grid=(14,))
    found = forecast(panel, config, model=train(panel, config, SMALL))
    assert found.sum_quantiles.shape[1] == 1 and np.isfinite(found.sum_quantiles).all()


def test_one_sum_alone_is_learned_alone_where_the_past_is_long():
    alone, usual = Config(horizon_days=14, grid=(14,)), Config(horizon_days=14)
    long, short = (Panel(np.ones((300, days), np.float32), MONDAY) for days in (300, 100))
    assert anchors_for(long, alone).tolist() == [14]
    assert anchors_for(long.rows(slice(0, 100)), alone).tolist() == [1, 5, 14]
    assert anchors_for(short, alone).tolist() == anchors_for(long, usual).tolist() == [1, 5, 14]


def test_peers_tell_a_part_of_the_series_what_they_tell_all(panel):
    by_item = replace(panel, item=np.repeat(np.arange(20, dtype=np.int32), 3))
    share = stock_share(by_item)
    demand = observed(by_item, share)
    peers = peers_for(by_item, share, demand, learn_factors(by_item, share, demand))
    asked = np.array([60, 120]), np.array([7, 14]), "D", features.WINDOWS["D"]
    part = peer_columns([p and p.rows(slice(30, 40)) for p in peers], *asked)
    for few, whole in zip(part, peer_columns(peers, *asked), strict=True):
        np.testing.assert_array_equal(few, whole if len(whole) == 1 else whole[30:40])


def test_too_little_history_gives_no_model():
    assert train(Panel(np.ones((2, 20), np.float32), MONDAY), Config(horizon_days=7)) is None


def test_a_new_series_borrows_from_its_category():
    demand = np.full((5, 100), 6.0, np.float32)
    demand[4, :95] = 0
    first = np.array([0, 0, 0, 0, 95], np.int32)
    found = forecast(Panel(demand, MONDAY, first_day=first, category=np.ones(5, np.int32)), Config(horizon_days=7))
    assert found.state.tolist() == [0, 0, 0, 0, State.BORROWED]
    np.testing.assert_allclose(found.mean[4], 6.0, rtol=1e-3)
