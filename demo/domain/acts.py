"""Which movements of the replay belong to one act (posting): a day at a shop's tills, an arrival, a van. Pure."""

import numpy as np
import numpy.typing as npt

from demo.domain.events import ADJUSTMENT, KINDS, RECEIPT, SALE, TRANSFER, Movements
from demo.domain.grocery import IntArray
from demo.domain.supplier_book import IN_TRANSIT, PLACES

# Each kind counts its acts within its own span, so that no two kinds share a number.
_SPAN = 1_000_000


def act_keys(moves: Movements, document_ids: IntArray) -> npt.NDArray[np.object_]:
    """The key of the act of each movement.

    One act per shop and day of sales or waste, per receipt, per end of a transfer, per opening place. `document_ids`
    are the ids of the papers by movement; they name the acts that have one.
    """
    by_day = (moves.kind == SALE) | (moves.kind == ADJUSTMENT)
    by_document = (moves.kind == RECEIPT) | (moves.kind == TRANSFER)
    days = moves.at.astype("datetime64[D]")
    is_arrival = moves.source == IN_TRANSIT
    number = np.where(by_document, moves.document * 2 + is_arrival, moves.destination)
    number = np.where(by_day, (days - days[0]).astype(np.int64) * len(PLACES) + moves.source, number)
    _, first, act = np.unique(moves.kind * _SPAN + number, return_index=True, return_inverse=True)
    keys = []
    for row in first.tolist():
        kind = KINDS[moves.kind[row]]
        if by_document[row]:
            end = ("ship", "arrive")[int(is_arrival[row])] if moves.kind[row] == TRANSFER else "receive"
            keys.append(f"demo:{kind}:{document_ids[row]}:{end}")
        elif by_day[row]:
            keys.append(f"demo:{kind}:{days[row]}:{PLACES[moves.source[row]].code}")
        else:
            keys.append(f"demo:{kind}:{PLACES[moves.destination[row]].code}")
    return np.array(keys, object)[act]
