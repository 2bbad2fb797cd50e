"""Alerts and the decisions beside them in one sentence each, for e-mails and chats, in the active language."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.text import format_day, format_money, format_quantity
from alerts.models import Alert, AlertKind
from alerts.selectors.emergencies import emergency_url
from orders.models import Emergency
from outbox.domain.chat.message import Note


def opened_note(alert: Alert, emergency: Emergency | None) -> Note:
    """What a chat is told of an alert, with the link to the decision where one waits."""
    said, value = alert_line(alert), str(alert.value_at_risk)
    if emergency is None:
        return Note(said, value=value, is_warning=True)
    return Note(f"{said} {decision_line(emergency)}", emergency_url(emergency), _("Decide"), value, is_warning=True)


def closed_note(alert: Alert) -> Note:
    what = str(alert.sku or alert.facts.get("title") or alert.subject)
    said = _("A proposal answers it: %(what)s") if alert.is_answered else _("Over: %(what)s")
    return Note(said % {"what": f"{alert.location}: {what}" if alert.location else what})


def answered_line(count: int) -> str:
    """One line for all that a proposal answers; empty without any."""
    said = ngettext(
        "%(count)d SKU is short, and a proposal that waits for approval answers it in time.",
        "%(count)d SKUs are short, and proposals that wait for approval answer them in time.",
        count,
    )
    return said % {"count": count} if count else ""


def decision_line(emergency: Emergency) -> str:
    said = (
        _("%(quantity)s moved from %(giver)s can be there on %(day)s and save %(money)s.")
        if emergency.source
        else _("%(quantity)s by express from %(giver)s can be there on %(day)s and save %(money)s.")
    )
    return said % {
        "quantity": format_quantity(emergency.quantity),
        "giver": emergency.source or emergency.supplier,
        "day": format_day(emergency.expected_on),
        "money": format_money(emergency.saving),
    }


def alert_line(alert: Alert) -> str:
    if alert.kind == AlertKind.LATE_ORDER:
        return _("%(location)s: order %(number)s of %(supplier)s was expected on %(day)s and has not come.") % {
            "location": alert.location,
            "number": alert.subject,
            "supplier": alert.facts.get("supplier", ""),
            "day": _day(alert.facts.get("expected_on", "")),
        }
    if alert.kind == AlertKind.SHORT_ORDER:
        return _word_line(alert)
    if alert.kind == AlertKind.LATE_JOB or alert.sku is None:
        said = _("The job %(job)s is late.") if alert.facts.get("is_late", True) else _("The job %(job)s failed.")
        return said % {"job": alert.facts.get("title", alert.subject)}
    if alert.kind == AlertKind.EXPIRING:
        said = _("%(location)s: %(sku)s - %(expired)s expired, %(expiring)s will expire unsold, %(money)s of cost.")
        units = {name: format_quantity(Decimal(alert.facts.get(name) or 0)) for name in ("expired", "expiring")}
        return said % {
            "location": alert.location, "sku": alert.sku, "money": format_money(alert.value_at_risk), **units
        }  # fmt: skip
    if alert.kind == AlertKind.DRIFT:
        said = _("%(location)s: %(sku)s - %(came)s asked for where %(expected)s were forecast, in %(weeks)s weeks.")
        facts = {"came": "came_units", "expected": "expected_units", "weeks": "drift_weeks"}
        units = {name: format_quantity(alert.facts.get(fact) or 0) for name, fact in facts.items()}
        return said % {"location": alert.location, "sku": alert.sku, **units}
    return _stock_line(alert)


def _stock_line(alert: Alert) -> str:
    """What is short, where, how much money hangs on it, and when it runs out and something comes."""
    line = _("%(location)s: %(sku)s - %(severity)s, %(available)s available, %(money)s at risk.") % {
        "location": alert.location,
        "sku": alert.sku,
        "severity": alert.get_severity_display().lower(),
        "available": format_quantity(Decimal(alert.facts.get("available") or 0)),
        "money": format_money(alert.value_at_risk),
    }
    out_on, comes_on = alert.facts.get("projected_out_on"), alert.facts.get("next_delivery_on")
    if out_on and Decimal(alert.facts.get("available") or 0) > 0:
        line += " " + _("Runs out on %(day)s.") % {"day": _day(out_on)}
    if comes_on and alert.facts.get("is_ordered"):
        line += " " + _("Next delivery on %(day)s.") % {"day": _day(comes_on)}
    return line


def _day(written: str) -> str:
    return format_day(date.fromisoformat(written)) if written else ""


def _word_line(alert: Alert) -> str:
    values = {"location": alert.location, "number": alert.subject, "supplier": alert.facts.get("supplier", "")}
    if alert.facts.get("short_lines"):
        return _("%(location)s: %(supplier)s is short of order %(number)s.") % values
    values["day"] = _day(alert.facts.get("promised_on", ""))
    return _("%(location)s: %(supplier)s brings order %(number)s later, on %(day)s.") % values
