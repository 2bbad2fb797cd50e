"""Roughly how much is available, as a number that seldom changes and can therefore be indexed.

An index on the exact quantity would have to be written with every sale. The band changes only when `available` crosses
one of the borders, so that a sale rewrites one row and no index, and "available below x" still reads only the few bands
that can hold such levels.
"""

from bisect import bisect_right
from decimal import Decimal

# Where bands 1, 2, 3, ... begin; band 0 is "nothing available". The database keeps the same list, see the migration.
BORDERS = tuple(
    Decimal(border) + Decimal("0.001")
    for border in (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597, 2584, 4181, 6765, 10946)
)


def band_of(available: Decimal) -> int:
    """0 for nothing, then more for more. Whoever has less is never in a higher band."""
    return bisect_right(BORDERS, available)
