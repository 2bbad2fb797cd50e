"""What can go wrong with a forecast run."""

from accounts.errors import DomainError


class RunNotOpen(DomainError):
    """The run was published already, so nothing may be written to it."""

    code = "run_not_open"
