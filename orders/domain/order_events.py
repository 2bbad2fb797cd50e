"""What is told of a purchase order, and the ids under which it is told."""

from uuid import NAMESPACE_URL, UUID, uuid5

APPROVED = "purchase_order.approved"
REVISED = "purchase_order.revised"
RECEIVED = "purchase_order.received"
RECEIPT_UNDONE = "purchase_order.receipt_undone"
RETURNED = "purchase_order.returned"
CANCELLED = "purchase_order.cancelled"


def mail_event_id(order_id: int, revision: int) -> UUID:
    """Under which its supplier is mailed the order as it is at that revision; 0 is the order as it was approved."""
    return event_id_of(order_id, f"{REVISED}/{revision}" if revision else APPROVED)


def event_id_of(row_id: int, event: str) -> UUID:
    """Of an order, or of its receipt or return: the same for every repeat, so that nobody is told twice."""
    return uuid5(NAMESPACE_URL, f"urn:youhuo:purchase_order:{row_id}:{event}")
