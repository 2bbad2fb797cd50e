"""Refusals of the stock services; each says which line, which SKU and where."""

from accounts.errors import DomainError, InvalidInput, NotAllowed


class OutOfStock(DomainError):
    """Stock would go below zero. `details` has one row per offending line: line, sku, location, asked, available."""

    code = "out_of_stock"


class KeyAlreadyUsed(DomainError):
    """The key of an earlier act came back with another content."""

    code = "key_already_used"
    status = 422


class AlreadyReversed(DomainError):
    """A movement is reversed once only."""

    code = "already_reversed"


class InvalidLines(InvalidInput):
    """Lines that cannot be posted. `details` has one row per offending line: line, message."""

    code = "invalid_lines"


class OwnCount(NotAllowed):
    """Nobody decides on a difference that they counted themselves. `details` has a row per SKU."""

    code = "own_count"


class FeedMoved(DomainError):
    """The feed was not told that its data stands on another server, whose transactions are counted anew."""

    code = "feed_moved"
    status = 503
