"""What is told of a purchase order, and the ids under which it is told."""

from uuid import NAMESPACE_URL, UUID, uuid5

APPROVED = "purchase_order.approved"
REVISED = "purchase_order.revised"
RECEIVED = "purchase_order.received"
RETURNED = "purchase_order.returned"
CANCELLED = "purchase_order.cancelled"


def event_id_of(row_id: int, event: str) -> UUID:
    """Of an order, or of its receipt or return: the same for every repeat, so that nobody is told twice."""
    return uuid5(NAMESPACE_URL, f"urn:youhuo:purchase_order:{row_id}:{event}")
