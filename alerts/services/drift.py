"""Alerts about forecasts that demand runs away from, brought up to date after each weekly scoring."""

from datetime import datetime

from django.db import transaction

from alerts.domain.compare import Finding
from alerts.locks import lock_location
from alerts.models import AlertKind, Severity
from alerts.services.reconcile import Counts, Place, reconcile
from alerts.services.tell import tell
from forecasting.domain.scores import WINDOWS
from forecasting.selectors.scores import DriftRow, Question, drifting, score_runs

# The costliest of a location; the others stand on the accuracy page. More would only teach people to look away.
MOST_ALERTS = 50


def evaluate_drift(*, location_id: int, now: datetime) -> Counts:
    """One alert for each SKU at the location whose demand drifts from its forecast; repeating it changes nothing."""
    with transaction.atomic():
        lock_location(location_id)
        question = Question(window=WINDOWS[0], location_ids=[location_id])
        rows = drifting(question, score_runs([location_id]), MOST_ALERTS)
        place = Place(AlertKind.DRIFT, location_id)
        counts = reconcile(place=place, found=[_finding(row) for row in rows], now=now)
        tell(location_ids=[location_id], now=now)
    return counts


def _finding(row: DriftRow) -> Finding:
    facts = {"drift_weeks": row.weeks, "expected_units": round(row.expected), "came_units": round(row.actual)}
    return Finding(row.sku.pk, Severity.WARNING, facts, row.value)
