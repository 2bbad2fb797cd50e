"""Which kinds of promotion the global model is told apart, chosen once a week from what was measured of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

# Occurrences share their weather and their luck over all their days, so fewer than three tell little of a kind.
LEAST_TIMES = 3
# Each kind is a number more for each series and day, and on daily grocery three kinds took loss off, five added some.
MOST_KINDS = 3


@dataclass(frozen=True)
class SeenKind:
    """A kind as the sample saw it: begun on `times` different days, and so many promoted days of all SKUs together."""

    key: str
    times: int
    sku_days: int


def kinds_to_tell(seen: Iterable[SeenKind], measurable: Collection[str]) -> tuple[str, ...]:
    """Their keys, the most promoted first; none where there are not two of them, since one has nothing to be told from.

    What is not among them still counts by the share of its promotions.
    """
    often = [kind for kind in seen if kind.key in measurable and kind.times >= LEAST_TIMES]
    often.sort(key=lambda kind: (-kind.sku_days, kind.key))
    return tuple(kind.key for kind in often[:MOST_KINDS]) if len(often) > 1 else ()
