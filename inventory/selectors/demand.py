"""Daily demand of many series as matrices, read as blocks and never as single days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from inventory.binary_copy import Column, copy_out
from inventory.domain.blocks import BLOCK_DAYS, block_start
from inventory.domain.returns import net_of_returns

Matrix = NDArray[np.float32]
EPOCH = date(2000, 1, 1)
COLUMNS = (
    Column("location_id", "int8"),
    Column("sku_id", "int8"),
    Column("starts_on", "int4"),
    Column("sold", "float4", BLOCK_DAYS),
    Column("lost", "float4", BLOCK_DAYS),
    Column("in_stock", "float4", BLOCK_DAYS),
)
# The last block of a series is short; zeros make it as long as the others, and mean "not observed" there. A whole block
# goes as it is: joining and cutting all of them would take a fifth of the reading.
WHOLE = """CASE WHEN cardinality({name}) = {days} THEN {name}
    ELSE ({name} || array_fill(0::real, ARRAY[{days}]))[1:{days}] END"""
READ = f"""
SELECT location_id, sku_id, starts_on - '2000-01-01'::date,
       {", ".join(WHOLE.format(name=name, days=BLOCK_DAYS) for name in ("sold", "lost", "in_stock"))}
FROM inventory_demandblock
WHERE location_id = ANY(%s) AND starts_on BETWEEN %s AND %s {{only}}
ORDER BY location_id, sku_id, starts_on
"""  # noqa: S608 (only names of our own stand in it)


@dataclass(frozen=True)
class Demand:
    """n series x `days`: row i is SKU `sku_ids[i]` at `location_ids[i]`, column j is `first_day + j`.

    `sold` and `lost` are units, float32, never below zero; what was brought back is off the days before it. `in_stock`
    is the share of opening hours with stock, 0..1; it is 0 on days that are not closed, or on which the SKU was not on
    sale there.
    """

    sku_ids: NDArray[np.int64]
    location_ids: NDArray[np.int64]
    sold: Matrix
    lost: Matrix
    in_stock: Matrix
    first_day: date


def load_demand(location_ids: Sequence[int], through: date, days: int, sku_ids: Sequence[int] | None = None) -> Demand:
    """The last `days` days up to and with `through` of every series of these locations (of these SKUs alone, where they
    are given), ordered by location and SKU.
    """
    first_day = through - timedelta(days=days - 1)
    query, parameters = READ.replace("{only}", ""), [list(location_ids), block_start(first_day), through]
    if sku_ids is not None:
        query, parameters = READ.replace("{only}", "AND sku_id = ANY(%s)"), [*parameters, list(sku_ids)]
    with connection.cursor() as cursor:
        blocks = copy_out(cursor, query, parameters, COLUMNS)
    keys = np.stack([blocks["location_id"], blocks["sku_id"]], axis=1)
    starts_row = np.ones(len(keys), bool)
    starts_row[1:] = (keys[1:] != keys[:-1]).any(axis=1)
    rows = np.cumsum(starts_row) - 1
    offsets = blocks["starts_on"].astype(np.int64) - (first_day - EPOCH).days
    sold, lost, in_stock = (
        lay_out(blocks[name], rows, offsets, days, int(starts_row.sum())) for name in ("sold", "lost", "in_stock")
    )
    series = keys[starts_row].astype(np.int64)
    return Demand(series[:, 1], series[:, 0], net_of_returns(sold), lost, in_stock, first_day)


def lay_out(
    blocks: NDArray[np.generic], rows: NDArray[np.int64], offsets: NDArray[np.int64], days: int, count: int
) -> Matrix:
    """Puts blocks [m, BLOCK_DAYS], each beginning `offsets` days after the first column, side by side."""
    matrix = np.zeros((count, days), np.float32)
    for offset in np.unique(offsets):
        chosen = offsets == offset
        low, high = max(int(offset), 0), min(int(offset) + BLOCK_DAYS, days)
        if low < high:
            matrix[rows[chosen], low:high] = blocks[chosen, low - offset : high - offset]
    return matrix
