"""Looks at the stock, the orders and the jobs of this moment and opens, changes and closes alerts accordingly."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from alerts.domain.compare import Finding
from alerts.locks import lock_jobs_alerts, lock_location
from alerts.models import AlertKind, Severity
from alerts.services.reconcile import Counts, Place, reconcile
from alerts.services.tell import tell
from inventory.domain.days import local_date
from inventory.domain.movements import plain
from inventory.selectors.lots import Expired, expired_at
from jobs.selectors.health import JobHealth, job_health
from orders.selectors.late_lines import LateOrder, late_orders
from orders.selectors.proposed import proposed_arrivals
from orders.selectors.risk import RiskRow, at_risk, load_risk
from orders.selectors.supplier_word import BrokenPromise, broken_promises

CENT = Decimal("0.01")
# So many late lines of an order are named; of the others it is said how many they are.
LINES_TOLD = 20
_SEVERITIES = {"out": Severity.OUT, "low": Severity.LOW, "projected": Severity.PROJECTED}


def evaluate_location(*, location_id: int, now: datetime, sku_ids: Collection[int] | None = None) -> Counts:
    """Brings the alerts of stock and lots (of these SKUs, or all) and of orders of a location up to date, and tells.

    Repeating it changes nothing. Two evaluations of one location wait for each other, so that an older view of the
    stock is never written over a newer one.
    """
    with transaction.atomic():
        location = lock_location(location_id)
        today = local_date(now, location.time_zone)
        proposed = proposed_arrivals(location_id, today=today, sku_ids=sku_ids)
        rows = load_risk(location_ids=[location_id], today=today, sku_ids=sku_ids, proposed=proposed)
        stock = reconcile(
            place=Place(AlertKind.STOCK_RISK, location_id, sku_ids),
            found=[_risk_finding(row) for row in at_risk(rows)],
            now=now,
        )
        expired = expired_at(location_id, now=now, sku_ids=sku_ids)
        lots = reconcile(
            place=Place(AlertKind.EXPIRING, location_id, sku_ids),
            found=[_lot_finding(row, expired.get(row.sku_id)) for row in rows if row.expiring or row.sku_id in expired],
            now=now,
        )
        orders = reconcile(
            place=Place(AlertKind.LATE_ORDER, location_id),
            found=[_late_finding(late) for late in late_orders(location_id, today)],
            now=now,
        )
        words = reconcile(
            place=Place(AlertKind.SHORT_ORDER, location_id),
            found=[_word_finding(promise) for promise in broken_promises(location_id)],
            now=now,
        )
        tell(location_ids=[location_id], now=now)
    kinds = (stock, lots, orders, words)
    return Counts(sum(counts.opened for counts in kinds), sum(counts.closed for counts in kinds))


def evaluate_jobs(*, now: datetime) -> Counts:
    """One alert for each job that did not succeed within its time, or whose last run failed."""
    with transaction.atomic():
        lock_jobs_alerts()
        found = [_job_finding(health) for health in job_health(now) if health.is_late or health.last_error]
        counts = reconcile(place=Place(AlertKind.LATE_JOB, None), found=found, now=now)
        tell(location_ids=None, now=now)
    return counts


def _risk_finding(row: RiskRow) -> Finding:
    facts = {
        "on_hand": _text(row.on_hand),
        "available": _text(row.available),
        "position": _text(row.position),
        "on_order": _text(row.on_order),
        "in_transit": _text(row.in_transit),
        "reorder_point": _text(row.reorder_point),
        "days_of_cover": None if row.days_of_cover is None else round(row.days_of_cover, 1),
        "projected_out_on": _day(row.projected_out_on),
        "next_delivery_on": _day(row.next_delivery_on),
        "is_ordered": row.is_ordered,
        "expected_lost_units": round(row.expected_lost_units, 2),
    }
    if row.proposed:
        due_on = row.proposed.expected_on if row.proposed.quantity else None
        facts |= {"proposed": _text(row.proposed.quantity), "proposed_on": _day(due_on)}
    return Finding(row.sku_id, _SEVERITIES[row.status], facts, row.value_at_risk, row.is_answered)


def _lot_finding(row: RiskRow, expired: Expired | None) -> Finding:
    """What has expired and still stands there, and what will expire unsold; its cost is what is thrown away."""
    units = expired.units if expired else Decimal(0)
    facts = {
        "expired": _text(units),
        "expired_on": _day(expired.since) if expired else None,
        "expiring": _text(row.expiring),
        "on_hand": _text(row.on_hand),
    }
    return Finding(row.sku_id, Severity.WARNING, facts, ((units + row.expiring) * row.cost).quantize(CENT))


def _late_finding(late: LateOrder) -> Finding:
    """One alert for an order, which names the lines that are late, each by its own day."""
    told = late.lines[:LINES_TOLD]
    facts = {
        "order_id": late.order_id,
        "supplier": late.supplier,
        "expected_on": late.lines[0].due_on.isoformat(),
        "late_skus": [[line.sku_name, _text(line.quantity), line.due_on.isoformat()] for line in told],
        "late_count": len(late.lines),
        "missing_value": str(late.value.quantize(CENT)),
        "currency": late.currency,
    }
    return Finding(late.number, Severity.WARNING, facts)


def _word_finding(promise: BrokenPromise) -> Finding:
    """What the supplier said themselves, before the day on which it would have been missed."""
    facts = {
        "order_id": promise.order_id,
        "supplier": promise.supplier,
        "short_lines": promise.short_lines,
        "short_value": str(promise.short_value.quantize(CENT)) if promise.short_lines else None,
        "late_lines": promise.late_lines,
        "promised_on": _day(promise.latest_on),
        "currency": promise.currency,
    }
    return Finding(promise.number, Severity.WARNING, facts)


def _job_finding(health: JobHealth) -> Finding:
    last = health.last_success.isoformat() if health.last_success else None
    return Finding(
        health.name, Severity.WARNING, {"title": health.title, "last_success": last, "is_late": health.is_late}
    )


def _text(value: Decimal | None) -> str | None:
    """Without the zeros that the column adds, so that 12 and 12.000 are the same fact."""
    return None if value is None else plain(value)


def _day(value: Any) -> str | None:
    return None if value is None else value.isoformat()
