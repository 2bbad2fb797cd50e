"""What broke, was lost or came in addition, typed line by line on arrival."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.text import format_quantity
from inventory.forms_entry import read_quantity
from inventory.models import FOUND, TransferLine
from inventory.number_fields import two_meanings
from inventory.services.transfers import Difference
from orders.views.entries import Entry

LOST, SURPLUS = "lost", "surplus"


@dataclass
class DifferenceEntry:
    """What was typed about one line; nothing when `value` is empty."""

    line: TransferLine
    value: str = ""
    kind: str = LOST
    reason: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        return f"difference-{self.line.pk}"


def difference_entries(lines: Iterable[TransferLine], data: Mapping[str, str]) -> list[DifferenceEntry]:
    """An entry for each line, as typed; what is no number above zero, or has no reason, carries its error."""
    entries = []
    for line in lines:
        entry = DifferenceEntry(line, data.get(f"difference-{line.pk}", "").strip()[:20])
        entry.kind = SURPLUS if data.get(f"difference_kind-{line.pk}") == SURPLUS else LOST
        entry.reason = data.get(f"difference_reason-{line.pk}", "")[:30]
        quantity = read_quantity(entry.value) if entry.value else Decimal(1)
        if quantity is None or quantity <= 0:
            words = _("“%(typed)s” is no number above zero.") % {"typed": entry.value}
            entry.error = two_meanings(entry.value) or words
        elif entry.value and not entry.reason:
            entry.error = _("Choose the reason.")
        elif entry.value and entry.kind == LOST and entry.reason == FOUND:
            entry.error = _("Choose a reason for which units are gone, or say that they came in addition.")
        entries.append(entry)
    return entries


def mark_more_than_open(entries: Iterable[Entry], differences: Iterable[DifferenceEntry]) -> None:
    """Says beside a line that what arrived and what will not are together more than is open: the field of the one is
    filled beforehand, and who writes off a broken unit easily forgets to take it off there."""
    gone = {
        entry.line.pk: quantity
        for entry in differences
        if entry.kind == LOST and not entry.error and (quantity := read_quantity(entry.value))
    }
    for entry in entries:
        lost = gone.get(entry.line.pk)
        if lost is None or entry.error or entry.quantity + lost <= entry.open_quantity:
            continue
        values = {"arrived": entry.quantity, "lost": lost, "open": entry.open_quantity}
        entry.error = _(
            "%(arrived)s came and %(lost)s will not arrive, but only %(open)s are still to come. "
            "Type here only what came whole."
        ) % {name: format_quantity(value) for name, value in values.items()}


def differences_of(entries: Sequence[DifferenceEntry]) -> list[Difference]:
    """What the service is told. Call it when no entry has an error."""
    return [
        Difference(entry.line.sku_id, quantity, entry.reason, is_surplus=entry.kind == SURPLUS, line_id=entry.line.pk)
        for entry in entries
        if entry.value and (quantity := read_quantity(entry.value))
    ]
