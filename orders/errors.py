"""Refusals of the order services; each says which line, and what to do."""

from accounts.errors import DomainError, InvalidInput


class AlreadyDecided(DomainError):
    """Proposals that somebody has decided in the meantime. `details` has a row per proposal: id, sku, state."""

    code = "already_decided"


class UnknownIds(DomainError):
    """Some of the ids of a call name nothing of the user's. `details` has a row per id."""

    code = "not_found"
    status = 404


class ChangedMeanwhile(DomainError):
    """Proposals whose quantity, or orders whose total, is no longer the one that was seen. `details` of proposals: id,
    sku, seen, quantity."""

    code = "changed_meanwhile"


class NotApproved(DomainError):
    """Orders that were to be approved together. `details` has a row per refused one: order, number, message."""

    code = "not_approved"


class OverBudget(DomainError):
    """More than what is left of a budget. `details` has a row per budget: budget, name, left, wanted, first_on,
    last_on."""

    code = "over_budget"


class OverReceipt(InvalidInput):
    """More came than is open. `details` has a row per offending line: line, sku, open, received."""

    code = "over_receipt"


class LinkEnded(DomainError):
    """A link of a supplier that is over: too old, or taken back."""

    code = "link_ended"
    status = 410


class AlreadyTaken(DomainError):
    """A request to deliver that another supplier was faster with, or that is over."""

    code = "already_taken"
