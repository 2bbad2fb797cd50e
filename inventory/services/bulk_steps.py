"""What the statements of a bulk load have in common: they work on tables that were staged in its transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from inventory.domain.movements import plain
from inventory.errors import OutOfStock

SHOWN_FAULTS = 100


def run(statement: str, arguments: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of a statement, or of the last of several, if it has any."""
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments or None)
        return list(cursor.fetchall()) if cursor.description else []


def refuse_shortages(statement: str) -> None:
    """Raises `OutOfStock` if the statement finds any: rows of SKU, place, units asked for and units there."""
    rows = run(statement, [SHOWN_FAULTS])
    if not rows:
        return
    details = [
        {"sku": sku, "location": place, "asked": plain(asked), "available": plain(available)}
        for sku, place, asked, available in rows
    ]
    message = _("Only %(available)s of %(sku)s left at %(location)s, but %(asked)s asked.") % details[0]
    raise OutOfStock(message, details=details)
