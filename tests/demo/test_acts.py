"""Movements of the replay fall into acts: one till day, one arrival, one van."""

import numpy as np

from demo.domain.acts import group_acts
from demo.domain.events import ADJUSTMENT, OPENING, RECEIPT, SALE, TRANSFER, Movements
from demo.domain.supplier_book import CUSTOMERS, IN_TRANSIT, LOSS, SUPPLIERS, WAREHOUSE

ROWS = [
    # kind, source, destination, moment, document
    (OPENING, SUPPLIERS, 0, "2026-01-01T00:00", -1),
    (RECEIPT, SUPPLIERS, 0, "2026-01-01T06:00", 3),
    (RECEIPT, SUPPLIERS, 0, "2026-01-01T06:00", 3),
    (SALE, 0, CUSTOMERS, "2026-01-01T09:00", -1),
    (SALE, 1, CUSTOMERS, "2026-01-01T10:00", -1),
    (SALE, 0, CUSTOMERS, "2026-01-01T18:00", -1),
    (TRANSFER, WAREHOUSE, IN_TRANSIT, "2026-01-01T20:00", 3),
    (ADJUSTMENT, 0, LOSS, "2026-01-01T22:15", -1),
    (TRANSFER, IN_TRANSIT, 1, "2026-01-02T08:00", 3),
    (SALE, 0, CUSTOMERS, "2026-01-02T09:00", -1),
]


def acts():
    kind, source, destination, at, document = (np.array(column) for column in zip(*ROWS, strict=True))
    ones = np.ones(len(ROWS), np.int64)
    return group_acts(Movements(ones, source, destination, kind, ones, at.astype("datetime64[s]"), ones, document))


def test_only_rows_of_one_act_share_its_number():
    act = acts().act
    assert act[1] == act[2]
    assert act[3] == act[5]
    assert len(set(act)) == len(ROWS) - 2


def test_the_header_knows_kind_document_and_last_moment():
    found = acts()
    till = found.act[3]
    assert found.kind[till] == SALE
    assert found.posted_at[till] == np.datetime64("2026-01-01T18:00")
    assert found.document[till] == -1
    assert found.document[found.act[1]] == found.document[found.act[6]] == 3


def test_the_two_ends_of_a_transfer_are_two_acts():
    found = acts()
    assert not found.is_arrival[found.act[6]]
    assert found.is_arrival[found.act[8]]
