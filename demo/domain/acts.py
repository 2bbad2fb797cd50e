"""Which movements of the replay belong to one act (posting): a day at a shop's till, an arrival, a van. Pure."""

from dataclasses import dataclass

import numpy as np

from demo.domain.events import ADJUSTMENT, RECEIPT, SALE, TRANSFER, Movements, Times
from demo.domain.grocery import BoolArray, IntArray
from demo.domain.supplier_book import IN_TRANSIT

_SPAN = 1_000_000


@dataclass(frozen=True)
class Acts:
    """`act` is the index of its act per movement; the other columns describe the acts.

    `document` indexes the purchase order (receipts) or the transfer, else -1; `is_arrival` tells a transfer's two acts
    apart; `posted_at` is the local moment of its last movement.
    """

    act: IntArray
    kind: IntArray
    document: IntArray
    is_arrival: BoolArray
    posted_at: Times


def group_acts(moves: Movements) -> Acts:
    """One act per shop and day of sales or waste, per receipt, per end of a transfer, and one for each opening place."""
    day = (moves.at.astype("datetime64[D]") - moves.at[0].astype("datetime64[D]")).astype(np.int64)
    by_document = (moves.kind == RECEIPT) | (moves.kind == TRANSFER)
    by_day = (moves.kind == SALE) | (moves.kind == ADJUSTMENT)
    # Each kind counts within its own span, so that no two kinds share a number.
    number = np.where(by_document, moves.document * 2 + (moves.source == IN_TRANSIT), moves.destination)
    number = np.where(by_day, day * 16 + moves.source, number)
    _, first, act = np.unique(moves.kind * _SPAN + number, return_index=True, return_inverse=True)
    # Movements are in order of time, so the last one written per act is its latest.
    posted_at = moves.at[first].copy()
    posted_at[act] = moves.at
    return Acts(
        act=act,
        kind=moves.kind[first],
        document=np.where(by_document[first], moves.document[first], -1),
        is_arrival=moves.source[first] == IN_TRANSIT,
        posted_at=posted_at,
    )
