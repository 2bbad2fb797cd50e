"""Rows of the calendar that are locked before they are changed."""

from forecasting.models import Promotion


def lock_promotion(promotion_id: int) -> Promotion | None:
    """The entry, as nobody else changes it before the end of the transaction; None where it was deleted."""
    return Promotion.objects.select_for_update().filter(pk=promotion_id).first()
