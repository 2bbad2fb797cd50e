"""Something a person should look at now."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Location, Sku


class AlertKind(models.TextChoices):
    STOCK_RISK = "stock_risk", _("Stock at risk")
    LATE_ORDER = "late_order", _("Late delivery")
    SHORT_ORDER = "short_order", _("Supplier is short or late")
    EXPIRING = "expiring", _("Expires unsold")
    LATE_JOB = "late_job", _("Job is late")
    DRIFT = "drift", _("Forecast drifts")


class Severity(models.TextChoices):
    PROJECTED = "projected", _("Will run out before the next delivery")
    LOW = "low", _("Below the reorder point")
    OUT = "out", _("Out of stock")
    WARNING = "warning", _("Warning")


class AlertState(models.TextChoices):
    OPEN = "open", _("Open")
    ACKNOWLEDGED = "acknowledged", _("Seen")
    CLOSED = "closed", _("Closed")


class Told(models.TextChoices):
    """What people and programs were last told of an alert."""

    NOTHING = "nothing", _("Nothing")
    OPEN = "open", _("Opened")
    CLOSED = "closed", _("Closed")
    # A proposal that waits for approval would end it in time.
    ANSWERED = "answered", _("Answered by a proposal")


class Alert(models.Model):
    """One fact that calls for an act. A SKU at a location has one stock alert however often its level moves about.

    Only its severity changes.

    `is_answered`: a proposal that waits for approval would end it in time, so it asks nobody to act on it by itself. It
    asks again as soon as the proposal is rejected, expires, or turns out too small or too late.

    `subject` tells apart what has no SKU: the number of an order, the name of a job.
    """

    kind = models.CharField(max_length=12, choices=AlertKind.choices)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    sku = models.ForeignKey(Sku, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey(
        Location, null=True, blank=True, on_delete=models.CASCADE, related_name="alerts", db_index=False
    )
    subject = models.CharField(max_length=80, blank=True, default="")
    state = models.CharField(max_length=12, choices=AlertState.choices, default=AlertState.OPEN)
    # on_hand, available, on_order, reorder_point, days_of_cover, expected_on ... as they were when last evaluated.
    facts = models.JSONField(default=dict)
    value_at_risk = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    opened_at = models.DateTimeField()
    is_answered = models.BooleanField(default=False, db_default=False)
    # When it last opened, closed, was answered or lost its answer; it may have been told otherwise since, see
    # `alerts.services.tell`.
    turned_at = models.DateTimeField()
    told = models.CharField(max_length=8, choices=Told.choices, default=Told.NOTHING)
    updated_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    snoozed_until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "sku", "location", "subject"],
                condition=~Q(state="closed"),
                nulls_distinct=False,
                name="alerts_alert_one_open",
            ),
            models.CheckConstraint(condition=Q(state__in=AlertState.values), name="alerts_alert_state_known"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | ~Q(state="closed"),
                name="alerts_alert_closed_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["location", "-value_at_risk"], condition=~Q(state="closed"), name="alerts_alert_inbox"
            ),
            # Serve the figures of the first page, which count and add without reading the rows.
            models.Index(
                fields=["location", "severity"],
                include=["value_at_risk"],
                condition=Q(kind="stock_risk") & ~Q(state="closed"),
                name="alerts_alert_figures",
            ),
            models.Index(
                fields=["-value_at_risk", "id"],
                condition=Q(kind="stock_risk") & ~Q(state="closed"),
                name="alerts_alert_costliest",
            ),
            # Serve what is to be told, and the alert that comes back soon after it closed.
            models.Index(fields=["location"], condition=Q(told="open"), name="alerts_alert_told_open"),
            models.Index(fields=["location", "kind", "-closed_at"], name="alerts_alert_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sku_id or self.subject}"
