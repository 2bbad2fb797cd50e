"""Entries of the calendar that people and programs edit, with the SKUs and categories that belong to them."""

from accounts.versions import Versioned
from forecasting.locks import lock_promotion

PROMOTION = Versioned(
    "forecasting_promotion",
    lock=lock_promotion,
    parts=(("forecasting_promotionsku", "promotion_id"), ("forecasting_promotioncategory", "promotion_id")),
)
