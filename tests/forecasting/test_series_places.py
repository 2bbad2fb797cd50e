"""Where series stand among others, as one look-up after another finds it."""

import numpy as np
import pytest

from forecasting.domain.series_places import places_among


def pairs(rng, count):
    """So many different ones, sorted by location and SKU."""
    return sorted({(int(rng.integers(1, 6)), int(rng.integers(1, 30))) for _ in range(count)})


def columns(rows):
    found = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


@pytest.mark.parametrize("seed", range(5))
def test_each_is_found_where_it_stands_or_not_at_all(seed):
    rng = np.random.default_rng(seed)
    known, wanted = pairs(rng, 60), pairs(rng, 40)
    at, is_there = places_among(*columns(known), *columns(wanted))
    place = {pair: row for row, pair in enumerate(known)}
    assert is_there.tolist() == [pair in place for pair in wanted]
    assert [row for row, found in zip(at.tolist(), is_there, strict=True) if found] == [
        place[pair] for pair in wanted if pair in place
    ]


def test_among_none_is_nobody():
    at, is_there = places_among(*columns([]), *columns([(1, 2)]))
    assert (at.tolist(), is_there.tolist()) == ([0], [False])


def test_of_none_wanted_none_is_found():
    at, is_there = places_among(*columns([(1, 2)]), *columns([]))
    assert (at.tolist(), is_there.tolist()) == ([], [])
