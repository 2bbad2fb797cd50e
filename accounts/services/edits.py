"""Changing what somebody has looked at: refused when it is no longer what they saw."""

from collections.abc import Callable, Collection
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Stale
from accounts.versions import Versioned

T = TypeVar("T")
ANY = "*"


@transaction.atomic
def edit_as_seen(*, kind: Versioned, pk: int, seen: Collection[str], act: Callable[[], T]) -> T:
    """Runs `act` with the row locked, if its version is one of `seen` (or `seen` holds `ANY`). Raises `Stale`."""
    kind.lock(pk)
    if ANY not in seen and kind.version_of(pk) not in seen:
        raise Stale(_("Somebody else has changed this meanwhile. Look at it again, then repeat your change."))
    return act()
