"""The challenge played from outside, week by week, with the command alone; and what it says of bad files."""

from io import StringIO

import numpy as np
import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from orders.domain.vn2 import LEVELS, variance_of

WEEKS, FIRST = 60, pd.Timestamp("2024-01-01")
PAIRS = [(0, 126), (1, 124), (1, 126)]
RATES = np.array([2.0, 6.0, 0.4])


@pytest.fixture
def game(tmp_path):
    return Game(tmp_path)


class Game:
    """Three series with Poisson demand, played by the rules of the challenge."""

    def __init__(self, folder):
        self.history, self.state, self.out = folder / "history.parquet", folder / "state.csv", folder / "orders.csv"
        rng = np.random.default_rng(3)
        self.sold = rng.poisson(RATES[:, None], (3, WEEKS)).astype(float)
        self.coming = rng.poisson(RATES[:, None], (3, 8)).astype(float)
        self.on_hand, self.transit = np.array([2.0, 6.0, 1.0]), np.tile(RATES[:, None], (1, 2)).round()

    def rows(self):
        return pd.DataFrame([
            {"Store": store, "Product": product, "week": FIRST + pd.Timedelta(weeks=week), "sales": sales,
             "in_stock": True}
            for (store, product), series in zip(PAIRS, self.sold, strict=True) for week, sales in enumerate(series)
        ])  # fmt: skip

    def states(self):
        keys = np.array(PAIRS)
        return pd.DataFrame({
            "Store": keys[:, 0], "Product": keys[:, 1], "End Inventory": self.on_hand,
            "In Transit W+1": self.transit[:, 0], "In Transit W+2": self.transit[:, 1],
        })  # fmt: skip

    def write(self, rows=None, states=None):
        (self.rows() if rows is None else rows).to_parquet(self.history)
        (self.states() if states is None else states).to_csv(self.state, index=False)

    def order(self):
        out = StringIO()
        call_command(
            "vn2", "--no-model", "--history", self.history, "--state", self.state, "--out", self.out, stdout=out
        )
        return pd.read_csv(self.out)

    def live(self, week, quantity):
        """The next week: what was in transit comes, customers come, the order is on its way."""
        self.on_hand = np.maximum(self.on_hand + self.transit[:, 0] - self.coming[:, week], 0)
        self.transit = np.stack([self.transit[:, 1], quantity], axis=1)
        self.sold = np.concatenate([self.sold, self.coming[:, [week]]], axis=1)


def test_it_is_played_week_by_week(game):
    served = 0.0
    for week in range(8):
        game.write()
        found = game.order()
        assert list(found.columns) == ["Store", "Product", "quantity"]
        assert list(zip(found.Store, found.Product, strict=True)) == PAIRS
        assert (found.quantity >= 0).all() and found.quantity.dtype == np.int64
        before = game.on_hand + game.transit[:, 0]
        served += np.minimum(before, game.coming[:, week]).sum()
        game.live(week, found.quantity.to_numpy(dtype=float))
    assert served > 0.85 * game.coming.sum()
    assert game.on_hand.sum() < 4 * RATES.sum()


def test_the_same_files_give_the_same_order(game):
    game.write()
    first, second = game.order(), game.order()
    assert first.equals(second) and first.quantity.sum() > 0


def test_enough_on_the_way_needs_no_order(game):
    game.transit = np.full((3, 2), 50.0)
    game.write()
    assert game.order().quantity.sum() == 0


def test_only_the_state_is_ordered_for(game):
    game.write(states=game.states().iloc[[2, 0]])
    assert list(game.order().Product) == [126, 126]
    assert list(game.order().Store) == [1, 0]


@pytest.mark.parametrize(
    ("column", "row", "value", "words"),
    [
        ("sales", 4, -1.0, "row 5, column sales: -1.0 must be a number of 0 or more"),
        ("sales", 0, np.nan, "row 1, column sales"),
        ("week", 7, FIRST + pd.Timedelta(days=3), "row 8, column week"),
        ("week", 1, FIRST, "row 2, column week"),
        ("Store", 2, None, "row 3, column Store"),
    ],
)
def test_a_bad_history_is_refused_by_row_and_column(game, column, row, value, words):
    rows = game.rows().astype({"Store": object})
    rows.loc[row, column] = value
    game.write(rows=rows)
    with pytest.raises(CommandError, match=words):
        game.order()
    assert not game.out.exists()


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("End Inventory", "many", "row 3, column End Inventory: 'many'"),
        ("In Transit W+2", "-2", "row 3, column In Transit W\\+2"),
        ("In Transit W+1", "", "row 3, column In Transit W\\+1: it is empty"),
        ("Product", "126", "row 4: store 1, product 126 stands in row 3 already"),
        ("Product", "9", "no row of store 1, product 9"),
    ],
)
def test_a_bad_state_is_refused_by_row_and_column(game, column, value, words):
    states = game.states().astype(object)
    states.loc[1, column] = value
    game.write(states=states)
    with pytest.raises(CommandError, match=words):
        game.order()
    assert not game.out.exists()


def test_a_missing_column_or_file_is_named(game):
    game.write(rows=game.rows().drop(columns="in_stock"))
    with pytest.raises(CommandError, match="no column 'in_stock'"):
        game.order()
    game.history.unlink()
    with pytest.raises(CommandError, match=r"history\.parquet cannot be read"):
        game.order()


def test_the_variance_of_a_curve_is_that_of_its_distribution():
    drawn = np.random.default_rng(1).gamma(4.0, 2.0, 200_000)
    assert variance_of(np.quantile(drawn, LEVELS)[None])[0] == pytest.approx(drawn.var(), rel=0.05)
