"""What can go wrong on the way out."""

from accounts.errors import InvalidInput


class ForbiddenAddress(InvalidInput):
    """The web address is malformed, or leads to where no webhook may go."""

    code = "forbidden_address"


class NotDelivered(Exception):
    """The other side could not be reached or did not answer properly. The text is for the delivery log."""
