"""What can be wrong with scheduled work."""

from accounts.errors import DomainError


class UnknownJob(DomainError):
    """No job of this name stands in the schedule."""

    code = "unknown_job"
    status = 404


class LeaseLost(Exception):
    """This worker no longer holds the shard: its lease ended and another worker took it. It must not write."""
