"""Errors that a person can mend. Services raise them; pages and API turn them into messages."""

from collections.abc import Mapping, Sequence
from typing import Any


class DomainError(Exception):
    """A refusal with a sentence for people and a stable `code` for programs. `details` lists each offending line
    or field.
    """

    code = "refused"
    status = 409

    def __init__(self, message: str, *, details: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = list(details)


class InvalidInput(DomainError):
    """What was sent cannot be understood or breaks a rule of form."""

    code = "invalid_input"
    status = 422


def wrong_field(field: str, message: str) -> InvalidInput:
    """The refusal of one field, told beside it too."""
    return InvalidInput(message, details=[{"field": field, "message": message}])


class IllegalStateChange(DomainError):
    """The object is not in a state from which this act is possible."""

    code = "illegal_state_change"


class NotAllowed(DomainError):
    """The person may not do this, whatever the state."""

    code = "not_allowed"
    status = 403


class KeyMissing(DomainError):
    """The call must carry an `Idempotency-Key`."""

    code = "idempotency_key_missing"
    status = 400


class KeyReused(DomainError):
    """An `Idempotency-Key` came back with another request."""

    code = "idempotency_key_reused"
    status = 422


class StillInProgress(DomainError):
    """The first call with this `Idempotency-Key` has not ended yet."""

    code = "still_in_progress"


class Stale(DomainError):
    """What is to be changed is no longer what the caller saw."""

    code = "stale"
    status = 412


class VersionMissing(DomainError):
    """A change must say in `If-Match` which version it is a change of."""

    code = "if_match_missing"
    status = 428
