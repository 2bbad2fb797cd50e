"""Brings the open proposals in line with a plan."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from inventory.models import Location
from orders.domain.averted import averted_curves
from orders.domain.decision import Decision
from orders.domain.plan_reasons import proposal_lines
from orders.domain.reasons import pack_lines
from orders.domain.sourcing import SourceKind
from orders.models import Outcome
from orders.services.proposal_rows import text_row, write_proposals


@dataclass(frozen=True)
class Synced:
    """How many open proposals the plan added, changed, left as they were and withdrew."""

    created: int
    changed: int
    unchanged: int
    withdrawn: int

    def plus(self, other: "Synced") -> "Synced":
        """Both together."""
        return Synced(
            self.created + other.created, self.changed + other.changed, self.unchanged + other.unchanged,
            self.withdrawn + other.withdrawn,
        )  # fmt: skip


def source_id_of(location: Location, decision: Decision) -> int | None:
    """The place that goods are moved from."""
    return decision.donor.location_id if decision.donor else location.supplied_by_id


def sync_proposals(
    *,
    location: Location,
    open_ids: Sequence[int],
    decisions: Sequence[Decision],
    as_of: date,
    today: date,
    now: datetime,
    is_check: bool,
) -> Synced:
    """Makes the open proposals those that the decisions ask for. The caller holds the lock on those of `open_ids`."""
    source_name = location.supplied_by.name if location.supplied_by else ""
    proposed = [decision for decision in decisions if decision.outcome == Outcome.PROPOSED]
    rows = [
        _row(location, decision, source_name, today, averted)
        for decision, averted in zip(proposed, averted_curves(proposed), strict=True)
    ]
    parameters = {
        "location": location.pk,
        "as_of": as_of.isoformat(),
        "now": now,
        "is_check": is_check,
        "locked": list(open_ids),
    }
    written = write_proposals(rows, parameters)
    unchanged = len(open_ids) - written.changed - written.withdrawn
    return Synced(written.added, written.changed, unchanged, written.withdrawn)


def _row(location: Location, decision: Decision, source_name: str, today: date, averted: Sequence[float]) -> str:
    """What a proposal says, in the order of the columns of `proposal_rows`; why, as codes without words."""
    buy, kind = decision.case.buy, decision.choice.kind
    return text_row(
        (
            decision.case.sku_id,
            decision.quantity,
            decision.unit_price,
            today + timedelta(days=decision.days_to_arrive),
            buy.supplier_id if buy and kind is SourceKind.SUPPLIER else None,
            source_id_of(location, decision) if kind is SourceKind.LOCATION else None,
            decision.value_at_risk,
            json.dumps(pack_lines(proposal_lines(decision, source_name)), ensure_ascii=False, separators=(",", ":")),
            "{" + ",".join(map(str, averted)) + "}",
        )
    )
