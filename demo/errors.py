"""Refusals of the demo."""

from accounts.errors import DomainError


class NotEmpty(DomainError):
    """The demo goes into an empty database only, so that it can never mix with a firm's own stock."""

    code = "not_empty"
