"""Movements of the replay fall into acts: one till day, one arrival, one van."""

import numpy as np

from demo.domain.acts import act_keys
from demo.domain.events import ADJUSTMENT, OPENING, RECEIPT, SALE, TRANSFER, Movements
from demo.domain.supplier_book import CUSTOMERS, IN_TRANSIT, LOSS, SUPPLIERS, WAREHOUSE

ROWS = [
    # kind, source, destination, moment, document, key
    (OPENING, SUPPLIERS, 0, "2026-01-01T00:00", -1, "demo:opening:S1"),
    (RECEIPT, SUPPLIERS, 0, "2026-01-01T06:00", 3, "demo:receipt:103:receive"),
    (RECEIPT, SUPPLIERS, 0, "2026-01-01T06:00", 3, "demo:receipt:103:receive"),
    (SALE, 0, CUSTOMERS, "2026-01-01T09:00", -1, "demo:sale:2026-01-01:S1"),
    (SALE, 1, CUSTOMERS, "2026-01-01T10:00", -1, "demo:sale:2026-01-01:S2"),
    (SALE, 0, CUSTOMERS, "2026-01-01T18:00", -1, "demo:sale:2026-01-01:S1"),
    (TRANSFER, WAREHOUSE, IN_TRANSIT, "2026-01-01T20:00", 3, "demo:transfer:103:ship"),
    (ADJUSTMENT, 0, LOSS, "2026-01-01T22:15", -1, "demo:adjustment:2026-01-01:S1"),
    (TRANSFER, IN_TRANSIT, 1, "2026-01-02T08:00", 3, "demo:transfer:103:arrive"),
    (SALE, 0, CUSTOMERS, "2026-01-02T09:00", -1, "demo:sale:2026-01-02:S1"),
]


def test_each_movement_finds_its_act():
    kind, source, destination, at, document, keys = (np.array(column) for column in zip(*ROWS, strict=True))
    ones = np.ones(len(ROWS), np.int64)
    moves = Movements(ones, source, destination, kind, ones, at.astype("datetime64[s]"), ones, document)
    assert act_keys(moves, np.where(document >= 0, document + 100, -1)).tolist() == keys.tolist()
