"""Lots that a file names: found, or made where its rows bring goods in."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from imports.domain.errors import CellError
from imports.services.context import ImportContext
from imports.services.staging import Check, check_all
from inventory.domain.goods import LotName
from inventory.errors import InvalidLines
from inventory.models import Location
from inventory.services.bulk_steps import run
from inventory.services.lots import Wanted, make_lots

PREPARE = """
ALTER TABLE staged_line ADD COLUMN lot_id int8;
UPDATE staged_line SET lot_id = lot.id FROM inventory_lot lot
WHERE staged_line.lot <> '' AND lot.sku_id = staged_line.sku_id AND upper(lot.code) = upper(staged_line.lot)
"""
# One row for each lot that is new, or whose expiry is said.
NAMED = """
SELECT DISTINCT ON (location_id, sku_id, upper(lot), expires_on) location_id, sku_id, lot, expires_on, line
FROM staged_line
WHERE lot <> '' AND is_lot_tracked AND location_id IS NOT NULL AND (lot_id IS NULL OR expires_on IS NOT NULL)
    {is_inward}
ORDER BY location_id, sku_id, upper(lot), expires_on, line
"""
RESOLVE = """
UPDATE staged_line SET lot_id = lot.id FROM inventory_lot lot
WHERE staged_line.lot <> '' AND staged_line.lot_id IS NULL AND lot.sku_id = staged_line.sku_id
    AND upper(lot.code) = upper(staged_line.lot)
"""
CHECKS = (
    Check(
        "lot",
        "lot_untracked",
        "SELECT line, lot, '' FROM staged_line WHERE lot <> '' AND sku_id IS NOT NULL AND NOT is_lot_tracked",
    ),
    Check("lot", "lot_missing", "SELECT line, '', '' FROM staged_line WHERE lot = '' AND is_lot_tracked"),
    Check(
        "lot",
        "unknown_lot",
        "SELECT line, lot, '' FROM staged_line WHERE lot <> '' AND is_lot_tracked AND lot_id IS NULL",
    ),
)


def add_lots(context: ImportContext, *, kinds: Sequence[str]) -> None:
    """Gives each row of `staged_line` its lot; movements of `kinds` may bring lots that nobody has met before.

    A table without a column `kind` only brings goods.
    """
    run(PREPARE)
    if run("SELECT 1 FROM staged_line WHERE lot <> '' LIMIT 1"):
        has_kind = bool(run("SELECT 1 FROM pg_attribute WHERE attrelid = 'staged_line'::regclass AND attname = 'kind'"))
        rows = run(NAMED.format(is_inward="AND kind = ANY(%s)" if has_kind else ""), [list(kinds)] if has_kind else [])
        _make(rows, context)
        run(RESOLVE)
    check_all(CHECKS, context)


def _make(rows: Sequence[tuple[Any, ...]], context: ImportContext) -> None:
    places = Location.objects.in_bulk({row[0] for row in rows})
    for location_id, of_place in groupby(rows, key=lambda row: row[0]):
        wanted = [Wanted(sku_id, LotName(lot, expires_on), line) for _place, sku_id, lot, expires_on, line in of_place]
        try:
            make_lots(wanted=wanted, location=places[location_id], now=context.now)
        except InvalidLines as faulty:
            for row in faulty.details:
                context.errors.add(CellError(int(row["line"]), "lot", "refused", hint=str(row["message"])))
