"""Who takes whose place."""

from django.db.models import QuerySet

from forecasting.models import Predecessor


def predecessors() -> QuerySet[Predecessor]:
    """All of them, with both SKUs, by the code of the new one."""
    return Predecessor.objects.select_related("sku", "predecessor").order_by("sku__code")


def predecessor_of(sku_id: int) -> Predecessor | None:
    """Whose place this SKU takes; None for nobody's."""
    return predecessors().filter(sku=sku_id).first()
