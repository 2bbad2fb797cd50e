"""What has to change so that the open alerts say what was found. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

# A SKU, or the number of an order, or the name of a job; unique within the kind and the location.
Key = int | str


@dataclass(frozen=True)
class Finding:
    """Something that is wrong now."""

    key: Key
    severity: str
    facts: Mapping[str, Any]
    value_at_risk: Decimal = Decimal(0)
    # Whether an open proposal would end it in time.
    is_answered: bool = False


@dataclass(frozen=True)
class Known:
    """An alert as it is stored: open, or closed so recently that it is taken up again instead of a new one."""

    alert_id: int
    is_open: bool
    severity: str
    facts: Mapping[str, Any]
    value_at_risk: Decimal
    is_answered: bool = False


@dataclass(frozen=True)
class Changes:
    """`to_update` and `to_reopen` pair the alert with what it is to say."""

    to_open: list[Finding] = field(default_factory=list)
    to_reopen: list[tuple[int, Finding]] = field(default_factory=list)
    to_update: list[tuple[int, Finding]] = field(default_factory=list)
    to_close: list[int] = field(default_factory=list)


def compare(found: Collection[Finding], known: Mapping[Key, Known]) -> Changes:
    """One alert for each finding, none for anything else; an alert that already says it is left alone."""
    changes = Changes()
    for finding in found:
        alert = known.get(finding.key)
        if alert is None:
            changes.to_open.append(finding)
        elif not alert.is_open:
            changes.to_reopen.append((alert.alert_id, finding))
        elif _says_otherwise(alert, finding):
            changes.to_update.append((alert.alert_id, finding))
    keys = {finding.key for finding in found}
    changes.to_close.extend(alert.alert_id for key, alert in known.items() if alert.is_open and key not in keys)
    return changes


def _says_otherwise(alert: Known, finding: Finding) -> bool:
    stored = (alert.severity, alert.facts, alert.value_at_risk, alert.is_answered)
    return stored != (finding.severity, finding.facts, finding.value_at_risk, finding.is_answered)
