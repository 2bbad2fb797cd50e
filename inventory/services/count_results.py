"""From what was found to what is posted: handing in, approving, leaving as it was, counting again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.domain.counting import Limits, expected_level, is_above
from inventory.domain.movements import QUANTITY_LIMIT, Balance
from inventory.errors import OwnCount
from inventory.locks import lock_levels, lock_stock_count
from inventory.models import (
    CountEntry,
    CountHold,
    CountLineState,
    CountPolicy,
    CountState,
    MovementKind,
    StockCount,
    StockCountLine,
)
from inventory.selectors.count_findings import Finding, last_counted, levels_at, read_findings
from inventory.selectors.count_policy import policy_of
from inventory.selectors.places import counterpart_ids
from inventory.services.adjustments import Change, change_line
from inventory.services.count_rows import LineResult, note_counted, write_results
from inventory.services.posting import MAX_LINES, post_movements

SOURCE_TYPE = "stock_count"
COUNTABLE = (CountState.OPEN, CountState.COUNTING)
DECIDABLE = (CountState.SUBMITTED, CountState.COUNTING)


@transaction.atomic
def submit_count(*, count_id: int, user: User | None, now: datetime) -> StockCount:
    """Compares what was found with the ledger as of the moment of each line, and posts what needs no second look.

    Differences above a limit of the place wait for approval. Lines that nobody counted stay as they are. Raises
    `IllegalStateChange`, `InvalidInput` when nothing was counted or a recount is missing.
    """
    count = lock_stock_count(count_id)
    _require(count, COUNTABLE)
    findings = read_findings(count.pk, state=CountLineState.OPEN)
    _refuse_unfinished(count, findings)
    results = _judge(count, findings, policy_of(count.location))
    _post(count, results, user, now)
    uncounted = count.lines.filter(state=CountLineState.OPEN).exclude(pk__in=[row.line_id for row in results])
    uncounted.update(state=CountLineState.SKIPPED)
    count.submitted_at, count.submitted_by = now, user
    _close_if_done(count, now)
    count.save(update_fields=["state", "submitted_at", "submitted_by", "finished_at"])
    _record(count, "submitted", user, now, {"lines": len(results)})
    return count


@transaction.atomic
def approve_lines(*, count_id: int, line_ids: Sequence[int], user: User, now: datetime) -> StockCount:
    """Says that what was counted was right, and posts what makes the ledger agree with it.

    Raises `OwnCount` for a line that the approver counted, `OutOfStock` when less would be left than is reserved.
    """
    count = _open_decision(count_id, line_ids, user)
    findings = read_findings(count.pk, state=CountLineState.PENDING, line_ids=line_ids)
    results = [
        result if result.state == CountLineState.SUPERSEDED else replace(result, state=CountLineState.POSTED)
        for result in _judge(count, findings, policy_of(count.location))
    ]
    _post(count, results, user, now, is_decision=True)
    return _close(count, "approved", line_ids, user, now)


@transaction.atomic
def dismiss_lines(*, count_id: int, line_ids: Sequence[int], user: User, now: datetime) -> StockCount:
    """Leaves the stock of these lines as the ledger has it. Raises `OwnCount`."""
    count = _open_decision(count_id, line_ids, user)
    decided = {"decided_by": user, "decided_at": now}
    count.lines.filter(pk__in=line_ids).update(state=CountLineState.DISMISSED, **decided)
    return _close(count, "dismissed", line_ids, user, now)


@transaction.atomic
def request_recount(*, count_id: int, line_ids: Sequence[int], user: User, now: datetime) -> StockCount:
    """Asks that these lines be counted once more, from nothing. What was found before stays in the history."""
    count = lock_stock_count(count_id)
    _require(count, DECIDABLE)
    _require_pending(count, line_ids)
    chosen = count.lines.filter(pk__in=line_ids)
    found = chosen.order_by("pk").values_list("sku__code", "counted", "expected")
    before = [[code, str(counted), str(expected)] for code, counted, expected in found]
    chosen.update(
        state=CountLineState.OPEN,
        round=F("round") + 1,
        **dict.fromkeys(("counted", "expected", "variance", "unit_cost", "counted_at", "counted_by")),
        hold=CountHold.NONE,
    )
    count.state = CountState.COUNTING
    count.save(update_fields=["state"])
    _record(count, "recount", user, now, {"found": before})
    return count


def _require(count: StockCount, states: Sequence[CountState]) -> None:
    if count.state not in states:
        values = {"number": count.number, "state": count.get_state_display()}
        raise IllegalStateChange(_("%(number)s is “%(state)s”; this is not possible any more.") % values)


def _refuse_unfinished(count: StockCount, findings: Sequence[Finding]) -> None:
    counted = [finding.line_id for finding in findings]
    again = count.lines.filter(state=CountLineState.OPEN, round__gt=1).exclude(pk__in=counted)
    codes = list(again.order_by("sku__code").values_list("sku__code", flat=True))
    if codes:
        raise InvalidInput(
            _("These SKUs have to be counted again first: %(codes)s.") % {"codes": ", ".join(codes[:10])},
            details=[{"sku": code, "message": _("%(sku)s: not counted again yet.") % {"sku": code}} for code in codes],
        )
    huge = [finding.sku_code for finding in findings if finding.counted >= QUANTITY_LIMIT]
    if huge:
        named = {"codes": ", ".join(huge[:10])}
        raise InvalidInput(_("Too many were counted of these SKUs. Take the wrong entry back: %(codes)s.") % named)
    if not findings:
        raise InvalidInput(_("Nothing was counted yet. Count at least one SKU, or cancel the count."))


def _judge(count: StockCount, findings: Sequence[Finding], policy: CountPolicy) -> list[LineResult]:
    """Locks the levels and compares. The state of a result says what is to be done with its line."""
    skus, place = [finding.sku_id for finding in findings], count.location_id
    pairs = sorted((sku_id, place) for sku_id in skus)
    balances = lock_levels(pairs, missing=pairs)
    levels = levels_at(place, [(row.sku_id, at) for row in findings for at in (row.first_at, row.last_at)])
    since = last_counted(place, skus)
    limits = Limits(policy.limit_units, policy.limit_percent, policy.limit_money)
    return [_result(row, levels, balances[row.sku_id, place], since.get(row.sku_id), limits) for row in findings]


def _result(
    row: Finding,
    levels: Mapping[tuple[int, datetime], Decimal],
    balance: Balance,
    counted_since: datetime | None,
    limits: Limits,
) -> LineResult:
    expected = expected_level(row.counted, levels[row.sku_id, row.first_at], levels[row.sku_id, row.last_at])
    hold = _hold(row, row.counted - expected, expected, balance, limits)
    state = CountLineState.PENDING if hold else CountLineState.POSTED
    if counted_since is not None and counted_since > row.last_at:
        # A later count made the level right already; correcting it by this one would make it wrong again.
        state, hold = CountLineState.SUPERSEDED, CountHold.NONE
    return LineResult(
        row.line_id, row.sku_id, state, row.counted, expected, row.unit_cost, hold, row.last_at, row.counted_by_id
    )


def _hold(row: Finding, variance: Decimal, expected: Decimal, balance: Balance, limits: Limits) -> CountHold:
    if not variance:
        return CountHold.NONE
    if variance < 0 and not balance.may_go_negative and balance.available + variance < 0:
        return CountHold.SHORT
    if not row.is_planned:
        return CountHold.UNPLANNED
    if row.place_count < row.known_places:
        return CountHold.PLACES
    if row.is_clock_doubtful:
        return CountHold.CLOCK
    is_large = is_above(limits, variance=variance, expected=expected, unit_cost=row.unit_cost)
    return CountHold.LIMIT if is_large else CountHold.NONE


def _post(
    count: StockCount, results: Sequence[LineResult], user: User | None, now: datetime, *, is_decision: bool = False
) -> None:
    """Writes the results; posts the differences of those that are settled, dated when they were counted."""
    settled = [row for row in results if row.state == CountLineState.POSTED]
    moving = [row for row in settled if row.variance]
    posted = dict(_post_part(count, moving[at : at + MAX_LINES], user, now) for at in range(0, len(moving), MAX_LINES))
    posting_of = {line_id: posting_id for posting_id, lines in posted.items() for line_id in lines}
    rows = [replace(row, posting_id=posting_of.get(row.line_id)) for row in results]
    if is_decision:
        write_results(rows, decided_by_id=user.pk if user else None, decided_at=now)
    else:
        write_results(rows)
    note_counted(count.location_id, {row.sku_id: row.counted_at for row in settled})


def _post_part(
    count: StockCount, rows: Sequence[LineResult], user: User | None, now: datetime
) -> tuple[int, list[int]]:
    loss = counterpart_ids()["loss"]
    lines = [
        replace(
            change_line(Change(row.sku_id, row.variance), count.location_id, loss, None),
            occurred_at=row.counted_at,
            unit_price=row.unit_cost,
        )
        for row in rows
    ]
    posting = post_movements(
        lines=lines,
        kind=MovementKind.COUNT,
        key=None,
        now=now,
        posted_by=user,
        source_type=SOURCE_TYPE,
        source_id=count.pk,
        note=count.number,
    )
    return posting.pk, [row.line_id for row in rows]


def _open_decision(count_id: int, line_ids: Sequence[int], user: User) -> StockCount:
    count = lock_stock_count(count_id)
    _require(count, DECIDABLE)
    _require_pending(count, line_ids)
    own = CountEntry.objects.filter(line__in=line_ids, line__stock_count=count, counted_by=user)
    codes = sorted(set(own.values_list("line__sku__code", flat=True)))
    if codes:
        raise OwnCount(
            _("You counted %(codes)s yourself; another person has to decide on it.") % {"codes": ", ".join(codes[:10])},
            details=[{"sku": code} for code in codes],
        )
    return count


def _require_pending(count: StockCount, line_ids: Sequence[int]) -> None:
    wanted = set(line_ids)
    pending = set(count.lines.filter(pk__in=wanted, state=CountLineState.PENDING).values_list("pk", flat=True))
    if not wanted:
        raise InvalidInput(_("Choose at least one line."))
    if wanted - pending:
        raise IllegalStateChange(_("A chosen line does not wait for a decision any more. Look at the count again."))


def _close(count: StockCount, act: str, line_ids: Iterable[int], user: User, now: datetime) -> StockCount:
    _close_if_done(count, now)
    count.save(update_fields=["state", "finished_at"])
    _record(count, act, user, now, {"lines": list(line_ids)})
    return count


def _close_if_done(count: StockCount, now: datetime) -> None:
    left = set(StockCountLine.objects.filter(stock_count=count).values_list("state", flat=True).distinct())
    if CountLineState.OPEN in left:
        count.state = CountState.COUNTING
    elif CountLineState.PENDING in left:
        count.state = CountState.SUBMITTED
    else:
        count.state, count.finished_at = CountState.POSTED, now


def _record(count: StockCount, act: str, user: User | None, now: datetime, data: Mapping[str, Any]) -> None:
    record_audit(
        actor=user, action=f"stock_count.{act}", object_type=SOURCE_TYPE, object_id=count.pk, now=now, data=data
    )
