"""Who may buy for how much, and who stands in for whom."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Role


class ApprovalLimit(models.Model):
    """Of everybody with a role, in the firm's currency. An empty amount is no limit; so is a role without a row."""

    role = models.CharField(max_length=16, choices=Role.choices, unique=True)
    # What one person buys of one supplier within the window of `BuyingSettings` without anybody else looking.
    alone_up_to = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    # What a person may approve of what somebody else has made.
    release_up_to = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(alone_up_to__isnull=True) | Q(alone_up_to__gte=0))
                & (Q(release_up_to__isnull=True) | Q(release_up_to__gte=0)),
                name="orders_approval_limit_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.alone_up_to}, {self.release_up_to}"


class BuyingSettings(models.Model):
    """One row: what holds for every order of the firm."""

    # Orders of one person to one supplier within so many days count together, so that splitting one gains nothing.
    window_days = models.PositiveSmallIntegerField(default=7)
    # What nobody has decided by then is taken back; the next night proposes anew with the figures of its day.
    proposal_days = models.PositiveSmallIntegerField(default=14)
    approval_days = models.PositiveSmallIntegerField(default=7)
    # Of a line: what may come beyond it, and what may be missing without anybody waiting for it.
    over_receipt_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    under_receipt_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    # While this is set no rule approves anything.
    is_auto_approval_stopped = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="orders_buying_settings_once"),
            models.CheckConstraint(
                condition=Q(window_days__gte=1) & Q(proposal_days__gte=1) & Q(approval_days__gte=1),
                name="orders_buying_settings_days_positive",
            ),
            models.CheckConstraint(
                condition=Q(over_receipt_percent__gte=0, over_receipt_percent__lte=100)
                & Q(under_receipt_percent__gte=0, under_receipt_percent__lte=100),
                name="orders_buying_settings_percent_range",
            ),
        ]

    def __str__(self) -> str:
        return "buying settings"


class Delegation(models.Model):
    """`taker` may approve as `giver` does, from the first to the last day; never what the giver has made."""

    giver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="orders_delegation_days_in_order"),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="orders_delegation_of_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} to {self.taker_id}"
