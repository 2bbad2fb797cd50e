"""What the system suggests to buy or to move."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.fields import RealField
from inventory.models import Location, Sku, Transfer
from orders.domain.seen_terms import terms_seen
from orders.models.budget import Budget
from orders.models.purchase_order import PurchaseOrder
from suppliers.models import Supplier


class ProposalState(models.TextChoices):
    OPEN = "open", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("No longer needed")


class ReplenishmentProposal(models.Model):
    """One need of one SKU at one location, bought from a supplier or moved from another location. At most one is open
    per need."""

    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+", db_index=False)
    supplier = models.ForeignKey(Supplier, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals")
    source = models.ForeignKey(Location, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    # What the plan reckoned, whatever there is to spend; differs from `quantity` when a person edited it or a budget
    # cuts it.
    suggested_quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    expected_on = models.DateField()
    # Position, forecast over the interval, levels, rounding, choice of supplier: the lines of "why this number".
    reason = models.JSONField(default=dict)
    # Money at risk: expected lost margin until the delivery if nothing is ordered. Sorts the inbox.
    value_at_risk = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    # The lost margin that each eighth more of the suggested quantity averts in all, in the firm's currency; empty when
    # nothing is known of the demand, and for what is moved.
    averted = ArrayField(RealField(), default=list, db_default=models.Value([], ArrayField(RealField())))
    # What the budgets leave of the suggested quantity, 0 when it is held; which of them it is that ran out, and the
    # lost margin expected of it. Empty when nothing is cut.
    cut_quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    cut_by = models.ForeignKey(
        Budget, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cut_cost = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # A quantity that a person typed is theirs: the night keeps it, and says when the need behind it changed.
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    needs_review = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # A repeat of the same approval finds what it approved the first time.
    approval_key = models.CharField(max_length=120, blank=True, default="")
    decision_note = models.CharField(max_length=300, blank=True, default="")
    # A rejection holds until then, so that the next night does not ask again.
    snoozed_until = models.DateField(null=True, blank=True)
    purchase_order = models.ForeignKey(
        PurchaseOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )
    transfer = models.ForeignKey(Transfer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sku", "location"], condition=Q(state="open"), name="orders_proposal_one_open"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_proposal_quantity_positive"),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="orders_proposal_state_known"),
            models.CheckConstraint(
                condition=Q(supplier__isnull=False, source__isnull=True)
                | Q(supplier__isnull=True, source__isnull=False),
                name="orders_proposal_one_source",
            ),
            models.CheckConstraint(
                condition=Q(needs_review=False) | Q(edited_at__isnull=False), name="orders_proposal_review_after_edit"
            ),
            models.CheckConstraint(
                condition=Q(cut_quantity__isnull=True, cut_by__isnull=True, cut_cost__isnull=True)
                | Q(cut_quantity__gte=0, cut_by__isnull=False, supplier__isnull=False),
                name="orders_proposal_cut_by_budget",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(purchase_order__isnull=False) | Q(transfer__isnull=False),
                name="orders_proposal_approved_has_document",
            ),
        ]
        indexes = [
            models.Index(fields=["supplier", "location"], condition=Q(state="open"), name="orders_proposal_inbox"),
            # Serves the question what of a SKU open proposals will take away from other places: few of them move.
            models.Index(
                fields=["sku", "source"], condition=Q(state="open", source__isnull=False), name="orders_proposal_moves"
            ),
            # Serves the question whether somebody said "not before" of a need.
            models.Index(
                fields=["location", "sku"], condition=Q(snoozed_until__isnull=False), name="orders_proposal_snoozed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_id} for {self.location_id}"

    @property
    def offered_quantity(self) -> Decimal:
        """What stands in the inbox unless a person types another quantity."""
        return self.cut_quantity or self.suggested_quantity

    @property
    def terms_seen(self) -> str:
        """Who delivers it and for how much, as a page carries it along."""
        return terms_seen(self.supplier_id, self.source_id, self.unit_price)

    @property
    def is_held(self) -> bool:
        """Whether a budget leaves nothing for it."""
        return self.cut_quantity == 0


class ProposalPart(models.Model):
    """What one order brings of a need that a person bought from several suppliers at once. A need that went whole to
    one supplier has none."""

    proposal = models.ForeignKey(ReplenishmentProposal, on_delete=models.CASCADE, related_name="parts", db_index=False)
    purchase_order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="proposal_parts")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "purchase_order"], name="orders_proposal_part_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_proposal_part_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of proposal {self.proposal_id}"
