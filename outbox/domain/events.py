"""Names of events: those that an endpoint may ask for, and the one that the outbox itself makes."""

TEST_EVENT = "webhook.test"
# The apps above make them. They are named here so that a slip of the pen is refused, not waited for in vain.
EVENT_TYPES = (
    "alert.opened", "alert.closed",
    "purchase_order.approved", "purchase_order.answered", "purchase_order.revised", "purchase_order.received",
    "purchase_order.returned", "purchase_order.cancelled",
)  # fmt: skip
