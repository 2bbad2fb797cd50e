"""Histories of hundreds of thousands of movements: staged by COPY, checked in sets, posted whole or not at all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.binary_copy import copy_in
from inventory.errors import InvalidLines, KeyAlreadyUsed
from inventory.locks import lock_levels_of
from inventory.services import bulk_posting_sql as sql
from inventory.services.bulk_posting_lots import write_lots
from inventory.services.bulk_steps import SHOWN_FAULTS, refuse_shortages, run
from inventory.services.movement_columns import KINDS, LOT, STAGED, IntArray, staged_columns
from inventory.services.posting_checks import FUTURE_SLACK
from inventory.services.reserved import settle_expired_of
from inventory.services.stockouts import rebuild_stockouts_of_pairs

CHUNK_ROWS = 100_000


@dataclass(frozen=True)
class Loaded:
    """What a load wrote."""

    posting_count: int
    movement_count: int


@dataclass
class _Stage:
    """Postings met so far, in the order in which their keys first appeared."""

    numbers: dict[str, int] = field(default_factory=dict)
    row_count: int = 0
    has_lots: bool = False

    def number(self, keys: Sequence[str]) -> IntArray:
        codes, found = pd.factorize(np.asarray(keys, dtype=object))
        mapped = np.array([self.numbers.setdefault(str(key), len(self.numbers) + 1) for key in found], np.int64)
        return mapped[codes]


def copy_movements(
    *,
    sku_id: Sequence[int],
    source_id: Sequence[int],
    destination_id: Sequence[int],
    kind: str | Sequence[str],
    quantity: Sequence[Any],
    occurred_at: Sequence[Any],
    posting_key: Sequence[str],
    now: datetime,
    unit_price: Sequence[Any] | None = None,
    document_id: Sequence[Any] | None = None,
    lot_id: Sequence[Any] | None = None,
    source_type: str = "",
    posted_by: User | None = None,
    is_retelling_stockouts: bool = True,
) -> Loaded:
    """Posts equally long columns (lists, numpy arrays, pandas columns); rows with one `posting_key` are one posting.

    `occurred_at` are aware datetimes or datetime64 in UTC. `document_id` is the source document of a row's posting
    (None and -1 say there is none, as in `lot_id`); each row of a lot-tracked SKU names its lot. No level may end
    below zero; on the way it may. A caller that loads in several steps sets `is_retelling_stockouts` off and calls
    `rebuild_stockouts` at the end. Raises `InvalidLines`, `OutOfStock`, `KeyAlreadyUsed`; then nothing is written.
    """
    columns = {
        "sku_id": sku_id, "source_id": source_id, "destination_id": destination_id, "kind": kind, "quantity": quantity,
        "occurred_at": occurred_at, "posting_key": posting_key, "unit_price": unit_price, "document_id": document_id,
        "lot_id": lot_id,
    }  # fmt: skip
    return copy_movement_chunks(
        chunks=_cut(columns, len(sku_id)),
        now=now,
        source_type=source_type,
        posted_by=posted_by,
        is_retelling_stockouts=is_retelling_stockouts,
    )


def copy_movement_chunks(
    *,
    chunks: Iterable[Mapping[str, Any]],
    now: datetime,
    source_type: str = "",
    posted_by: User | None = None,
    is_retelling_stockouts: bool = True,
) -> Loaded:
    """The same for columns that arrive piece by piece: a file of a million rows never stands in memory whole."""
    with transaction.atomic():
        stage = _stage(chunks)
        if not stage.row_count:
            return Loaded(0, 0)
        run(sql.STAGE_KEYS, [list(stage.numbers)])
        post_stage(
            now=now,
            source_type=source_type,
            posted_by=posted_by,
            has_lots=stage.has_lots,
            is_retelling_stockouts=is_retelling_stockouts,
        )
    return Loaded(len(stage.numbers), stage.row_count)


def post_stage(
    *,
    now: datetime,
    source_type: str,
    posted_by: User | None,
    has_lots: bool,
    is_retelling_stockouts: bool = True,
    on_progress: Callable[[float], None] = lambda part: None,
) -> None:
    """Checks and posts `staged_movement` under the keys of `staged_key`, inside the caller's transaction.

    The movements are written before any level is locked, so that the shops sell on while a million of them goes in;
    what decides is looked at under the lock once more.
    """
    _refuse(run(sql.FIND_FAULTS, [now + FUTURE_SLACK, SHOWN_FAULTS]))
    run(sql.GATHER_PAIRS)
    refuse_shortages(sql.FIND_EARLY_SHORTAGES)
    on_progress(0.1)
    _write(now, source_type, posted_by, on_progress)
    _refuse(run(sql.FIND_SWITCHED, [SHOWN_FAULTS]))
    on_progress(0.8)
    lock_levels_of(sql.PAIRS)
    _refuse(run(sql.FIND_KITS, [SHOWN_FAULTS]))
    settle_expired_of(sql.PAIRS, now)
    refuse_shortages(sql.FIND_SHORTAGES)
    _refuse(run(sql.FIND_TOO_MUCH, [SHOWN_FAULTS]))
    if has_lots:
        write_lots(now)
    run(sql.UPDATE_LEVELS)
    if is_retelling_stockouts:
        # Of the pairs that are locked, and no others: more locks now could meet a basket that waits for one of ours.
        rebuild_stockouts_of_pairs(pairs=run(sql.TOUCHED_PAIRS), now=now)
    on_progress(0.95)


def _cut(columns: Mapping[str, Any], count: int) -> Iterable[Mapping[str, Any]]:
    for start in range(0, count, CHUNK_ROWS):
        rows = slice(start, start + CHUNK_ROWS)
        yield {
            name: values if values is None or isinstance(values, str) else values[rows]
            for name, values in columns.items()
        }


def _stage(chunks: Iterable[Mapping[str, Any]]) -> _Stage:
    stage = _Stage()
    run(sql.CREATE_STAGE)
    for chunk in chunks:
        numbers = stage.number(chunk["posting_key"])
        values = staged_columns(numbers, stage.row_count + 1, chunk)
        is_with_lots = "lot_id" in values
        with connection.cursor() as cursor:
            copy_in(cursor, sql.MOVEMENTS, (*STAGED, LOT) if is_with_lots else STAGED, values)
        stage.has_lots = stage.has_lots or is_with_lots
        stage.row_count += len(numbers)
    run(sql.ANALYZE_STAGE)
    return stage


def _refuse(faults: Sequence[tuple[Any, ...]]) -> None:
    """Raises `InvalidLines` if there are faults, each the number of a line and the name of what is wrong with it."""
    if not faults:
        return
    texts = {
        "sku": _("There is no such SKU."),
        "location": _("There is no such location."),
        "virtual": _("At least one end must be a place of ours."),
        "closed": _("The place that it goes to is closed. Open it again, or name another place."),
        "kit": _("It is a kit and has no stock of its own."),
        "same": _("A movement must go from one location to another one."),
        "kind": _("There is no such kind of movement."),
        "quantity": _("The quantity must be above zero and not too large."),
        "whole": _("This SKU is counted in whole units."),
        "no_lot": _("This SKU is tracked by lot. Say which lot it is."),
        "lot_untracked": _("This SKU is not tracked by lot. Leave the lot out."),
        "lot": _("This SKU has no such lot."),
        "future": _("It is dated in the future."),
        "too_much": _("With it, the stock would be a number that is too large to be kept. Check the quantity."),
    }
    details = [{"line": line, "message": texts[fault]} for line, fault in faults]
    raise InvalidLines(_("Line %(line)d: %(message)s") % details[0], details=details)


def _write(now: datetime, source_type: str, posted_by: User | None, on_progress: Callable[[float], None]) -> None:
    taken = run(sql.FIND_TAKEN_KEY)
    if taken:
        raise KeyAlreadyUsed(_("The key %(key)s was used for another posting.") % {"key": taken[0][0]})
    run(sql.NUMBER_POSTINGS, [list(KINDS)])
    run(sql.INSERT_POSTINGS, [source_type, posted_by.pk if posted_by else None, now])
    on_progress(0.3)
    run(sql.INSERT_MOVEMENTS, [list(KINDS)])
    on_progress(0.6)
    _check_references()


def _check_references() -> None:
    """Foreign keys of what was written, now: at the commit they would be checked while the levels are locked."""
    names = ", ".join(connection.ops.quote_name(row[0]) for row in run(sql.DEFERRED_KEYS))
    run(f"SET CONSTRAINTS {names} IMMEDIATE")
    run(f"SET CONSTRAINTS {names} DEFERRED")
