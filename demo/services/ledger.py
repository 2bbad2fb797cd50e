"""Puts the replay's movements into the ledger, through the door for bulk postings."""

from datetime import datetime

import numpy as np

from accounts.models import User
from demo.domain.acts import act_keys
from demo.domain.events import ADJUSTMENT, KINDS, OPENING, RECEIPT, SALE, TRANSFER, Movements
from demo.domain.grocery import BoolArray, IntArray
from demo.services.catalogue import Catalogue
from demo.services.clock import utc
from inventory.models import Posting
from inventory.services.bulk_posting import copy_movement_chunks
from inventory.services.stockouts import rebuild_stockouts

ORDER_SOURCE, TRANSFER_SOURCE = "purchase_order", "transfer"
# What comes in goes first, so that no step leaves a level below zero.
STEPS = (((OPENING,), ""), ((RECEIPT,), ORDER_SOURCE), ((TRANSFER,), TRANSFER_SOURCE), ((SALE, ADJUSTMENT), ""))


def post_year(
    moves: Movements,
    *,
    catalogue: Catalogue,
    order_ids: IntArray,
    transfer_ids: IntArray,
    time_zone: str,
    posted_by: User,
    now: datetime,
) -> int:
    """Post every movement and derive the stockout intervals; returns the number of movements."""
    papers = np.where(moves.kind == RECEIPT, _ids(order_ids, moves), _ids(transfer_ids, moves))
    document_ids = np.where(moves.document >= 0, papers, -1)
    keys, words, at = act_keys(moves, document_ids), np.array(KINDS), utc(moves.at, time_zone)

    def post(rows: BoolArray, source_type: str) -> int:
        columns = {
            "sku_id": catalogue.skus[moves.sku[rows]],
            "source_id": catalogue.places[moves.source[rows]],
            "destination_id": catalogue.places[moves.destination[rows]],
            "kind": words[moves.kind[rows]],
            "quantity": moves.quantity[rows],
            "occurred_at": at[rows],
            "posting_key": keys[rows],
            "unit_price": moves.unit_price_cents[rows] / 100,
            "document_id": document_ids[rows],
        }
        loaded = copy_movement_chunks(
            chunks=[columns], source_type=source_type, posted_by=posted_by, now=now, is_retelling_stockouts=False
        )
        return loaded.movement_count

    count = sum(post(np.isin(moves.kind, kinds), source_type) for kinds, source_type in STEPS)
    rebuild_stockouts(location_ids=catalogue.stocking_ids, now=now)
    return count


def _ids(ids: IntArray, moves: Movements) -> IntArray:
    """The id of each movement's paper; the last one where there is none, or where it is a paper of another kind."""
    found: IntArray = ids[np.clip(moves.document, -1, len(ids) - 1)]
    return found


def receipt_postings(order_ids: IntArray) -> dict[int, int]:
    """The posting of each order's receipt, by the index of the order."""
    index = {order_id: position for position, order_id in enumerate(order_ids.tolist())}
    postings = Posting.objects.filter(source_type=ORDER_SOURCE, source_id__in=index)
    return {index[order_id]: posting for order_id, posting in postings.values_list("source_id", "pk") if order_id}
