"""The small networks beside the trees: what they learn, and their slow twin."""

from dataclasses import fields

import numpy as np
import pytest

from forecasting.engine import PanelError
from forecasting.engine.boosted import net
from forecasting.engine.boosted.bag import NETS, bag_of, train_bag
from forecasting.engine.boosted.net import Net, train_net

LEVELS = (0.1, 0.5, 0.9)


@pytest.fixture(scope="module")
def examples():
    rng = np.random.default_rng(3)
    values = rng.normal(size=(40_000, 4)).astype(np.float32)
    values[:, 3] = 7  # says nothing
    return values, values[:, 0] + (1 + (values[:, 1] > 0)) * rng.normal(size=40_000)


@pytest.fixture(scope="module")
def nets(examples):
    return [train_net(*examples, LEVELS, seed=seed) for seed in (1, 2)]


@pytest.fixture(scope="module")
def trained(nets):
    return bag_of(nets)


def test_it_learns_level_and_spread(trained):
    asked = np.array([[0, -1, 0, 7], [0, 1, 0, 7], [1, -1, 0, 7]], np.float32)
    assert trained.predict(asked) == pytest.approx(
        np.array([[-1.28, 0, 1.28], [-2.56, 0, 2.56], [-0.28, 1, 2.28]]), abs=0.4
    )


def test_its_quantiles_ascend(trained, examples):
    assert (np.diff(trained.predict(examples[0]), axis=1) >= 0).all()


def test_it_says_the_same_of_a_series_alone_and_among_others(trained, examples):
    together = trained.predict(examples[0][:300])
    alone = np.concatenate([trained.predict(examples[0][i : i + 1]) for i in range(300)])
    np.testing.assert_array_equal(together, alone)


def slow_twin(found: Net, row):
    """One row, one unit after another."""
    scaled = [
        (min(max(float(x), lo), hi) - c) / w
        for x, lo, hi, c, w in zip(row, found.low, found.high, found.centre, found.width, strict=True)
    ]
    for weights, bias, leak in (
        (found.first, found.first_bias, net.LEAK), (found.second, found.second_bias, net.LEAK),
        (found.last, found.last_bias, 1.0),
    ):  # fmt: skip
        products = [[x * w for x, w in zip(scaled, column, strict=True)] for column in weights.T]
        sums = [sum(product) + b for product, b in zip(products, bias, strict=True)]
        scaled = [max(x, leak * x) for x in sums]
    return sorted(scaled)


@pytest.mark.parametrize(("dtype", "close"), [(np.float64, 1e-9), (np.float32, 1e-4)])
def test_prediction_and_its_slow_twin(nets, examples, dtype, close):
    some = examples[0][:20]
    means = np.mean([[slow_twin(one, row) for row in some] for one in nets], axis=0)
    np.testing.assert_allclose(bag_of(nets, dtype).predict(some), means, rtol=close, atol=close)


def test_a_bag_is_the_mean_of_nets_from_different_starts(examples):
    few = examples[0][:600], examples[1][:600]
    alone = [bag_of([train_net(*few, LEVELS, seed=seed)]).predict(few[0]) for seed in range(5, 5 + NETS)]
    np.testing.assert_allclose(train_bag(*few, LEVELS, 5).predict(few[0]), np.mean(alone, axis=0), rtol=1e-4, atol=1e-4)
    assert np.abs(alone[0] - alone[1]).max() > 0.01


@pytest.mark.parametrize("rows", [1, net.ROWS, 3 * net.ROWS + 5])
def test_products_in_pieces_are_the_whole_product(rows):
    rng = np.random.default_rng(6)
    x, weights, back = (rng.normal(size=shape) for shape in ((rows, 7), (7, 4), (rows, 4)))
    np.testing.assert_allclose(net.times(x, weights), x @ weights, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(net.crossed(x, back), x.T @ back, rtol=1e-9, atol=1e-9)


def test_slopes_are_those_of_the_loss(monkeypatch):
    monkeypatch.setattr(net, "DROPPED", 0.0)
    rng = np.random.default_rng(4)
    inputs, wanted, levels = rng.normal(size=(9, 3)), rng.normal(size=9), np.array(LEVELS)
    layers = [rng.normal(size=shape) for shape in ((3, 5), (5,), (5, 4), (4,), (4, 3), (3,))]
    slopes = net._slopes(layers, inputs, wanted, levels, rng)
    for layer, slope in zip(layers, slopes, strict=True):
        place = tuple(np.array(layer.shape) - 1)
        losses = []
        for step in (1e-5, -1e-5):
            layer[place] += step
            losses.append(loss(layers, inputs, wanted, levels))
            layer[place] -= step
        assert slope[place] == pytest.approx((losses[0] - losses[1]) / 2e-5, abs=1e-3)


def loss(layers, inputs, wanted, levels):
    """Pinball loss with the kink rounded off, per example."""
    first, first_bias, second, second_bias, last, last_bias = layers
    hidden = net.leaky(net.leaky(inputs @ first + first_bias) @ second + second_bias)
    miss = wanted[:, None] - (hidden @ last + last_bias)
    bend = np.clip(miss, -net.SOFT, net.SOFT)
    return ((levels - 0.5) * miss + 0.5 * np.abs(miss - bend) + bend**2 / (4 * net.SOFT)).sum() / len(wanted)


def test_another_number_of_features_is_refused(trained):
    with pytest.raises(PanelError, match="drivers"):
        trained.predict(np.zeros((2, 5), np.float32))


def test_trained_twice_it_is_the_same(examples):
    few = examples[0][:700], examples[1][:700]
    one, two = (train_net(*few, LEVELS, seed=2) for _ in range(2))
    for field in fields(Net):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(two, field.name))


def test_what_it_is_not_to_see_changes_nothing(examples):
    values, target = examples
    blind = train_bag(values, target, LEVELS, seed=1, unseen=slice(1, 3))
    asked = np.array([[1, -1, 0, 7], [1, 1, 5, 7]], np.float32)
    one, other = blind.predict(asked)
    np.testing.assert_array_equal(one, other)
    # Of two spreads that it cannot tell apart it says the common one, and still sees the level.
    assert one == pytest.approx([-1.1, 1, 3.1], abs=0.4)
