"""What can be done with a purchase order in which state. Pages, API and services all ask here."""

from typing import Final

BEFORE_SUPPLIER: Final = ("draft", "awaiting_approval")
EXPECTED: Final = ("approved", "sent", "confirmed", "partly_received")
STATES_OF_ACT: Final[dict[str, tuple[str, ...]]] = {
    "edit": BEFORE_SUPPLIER,
    "draft": ("draft",),
    "submit": ("draft",),
    "approve": ("awaiting_approval",),
    "refuse": ("awaiting_approval",),
    "mark_sent": ("approved",),
    "confirm": ("approved", "sent", "confirmed"),
    "revise": EXPECTED,
    "receive": EXPECTED,
    "link": EXPECTED,
    "cancel": (*BEFORE_SUPPLIER, "approved", "sent", "confirmed"),
    "close": ("partly_received",),
    "undo_receipt": ("partly_received", "received", "closed"),
    "give_back": ("partly_received", "received", "closed"),
}


def is_possible(act: str, state: str) -> bool:
    """Whether the act can be done in this state, whoever does it."""
    return state in STATES_OF_ACT[act]
