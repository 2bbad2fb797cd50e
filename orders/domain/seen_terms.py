"""What a proposal would buy where and for how much, in one word: a page carries it, so that nothing else is bought."""

from decimal import Decimal

from inventory.domain.movements import plain


def terms_seen(supplier_id: int | None, source_id: int | None, unit_price: Decimal) -> str:
    """Who delivers, or the place that it is moved from, and the price of a unit: "s12:3.5", "p4:1"."""
    whence = f"s{supplier_id}" if supplier_id is not None else f"p{source_id}"
    return f"{whence}:{plain(unit_price)}"
