"""How long deliveries really took."""

from django.db import models
from django.db.models import F, Q

from inventory.models import Sku
from suppliers.models.supplier import Supplier


class ObservedLeadTime(models.Model):
    """One delivered order line. `source_key` keeps a repeat of the same receipt from counting twice."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="observed_lead_times", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+", db_index=False)
    ordered_on = models.DateField()
    # The first day whose orders it was among, when the supplier's hour had passed; empty is `ordered_on`.
    taken_on = models.DateField(null=True, blank=True)
    expected_on = models.DateField()
    received_on = models.DateField()
    source_key = models.CharField(max_length=80, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received_on__gte=F("ordered_on")), name="suppliers_received_after_ordered"
            )
        ]
        indexes = [models.Index(fields=["supplier", "sku", "received_on"], name="suppliers_lead_time_series")]

    def __str__(self) -> str:
        return f"{self.supplier_id}: {self.ordered_on} to {self.received_on}"
