"""Tables of alerts and of who wants to hear of them."""

from alerts.models.alert import Alert, AlertKind, AlertState, Severity

__all__ = ["Alert", "AlertKind", "AlertState", "Severity"]
