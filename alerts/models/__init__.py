"""Tables of alerts and of who wants to hear of them."""

from alerts.models.alert import Alert, AlertKind, AlertState, Severity, Told
from alerts.models.notice import AlertNotice

__all__ = ["Alert", "AlertKind", "AlertNotice", "AlertState", "Severity", "Told"]
