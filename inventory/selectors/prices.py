"""What customers paid by SKU and day, as a matrix, read as blocks."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from django.db import connection

from inventory.binary_copy import Column, copy_out
from inventory.domain.blocks import BLOCK_DAYS, block_start
from inventory.selectors.demand import EPOCH, Matrix, lay_out

COLUMNS = (Column("sku_id", "int8"), Column("starts_on", "int4"), Column("price", "float4", BLOCK_DAYS))
READ = """
SELECT sku_id, starts_on - '2000-01-01'::date, price FROM inventory_priceblock
WHERE sku_id = ANY(%s) AND starts_on = ANY(%s)
"""


def load_prices(sku_ids: Sequence[int], first_day: date, days: int) -> Matrix:
    """float32 [n, days]: row i is the mean price of a unit of sku_ids[i], ascending, column j the day `first_day + j`;
    0 where none is known.
    """
    starts = range(block_start(first_day).toordinal(), first_day.toordinal() + days, BLOCK_DAYS)
    with connection.cursor() as cursor:
        blocks = copy_out(cursor, READ, [list(sku_ids), [date.fromordinal(day) for day in starts]], COLUMNS)
    rows = np.searchsorted(np.asarray(sku_ids, np.int64), blocks["sku_id"])
    offsets = blocks["starts_on"].astype(np.int64) - (first_day - EPOCH).days
    return lay_out(blocks["price"], rows, offsets, days, len(sku_ids))
