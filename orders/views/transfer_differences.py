"""What broke, was lost or came in addition, typed line by line on arrival."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from inventory.forms_entry import read_quantity
from inventory.models import TransferLine
from inventory.services.transfers import Difference

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
    """An entry for each line, as typed; what is no number above zero carries its error."""
    entries = []
    for line in lines:
        entry = DifferenceEntry(line, data.get(f"difference-{line.pk}", "").strip()[:20])
        entry.kind = SURPLUS if data.get(f"difference_kind-{line.pk}") == SURPLUS else LOST
        entry.reason = data.get(f"difference_reason-{line.pk}", "")[:30]
        quantity = read_quantity(entry.value) if entry.value else Decimal(1)
        if quantity is None or quantity <= 0:
            entry.error = _("“%(typed)s” is no number above zero.") % {"typed": entry.value}
        entries.append(entry)
    return entries


def differences_of(entries: Sequence[DifferenceEntry]) -> list[Difference]:
    """What the service is told. Call it when no entry has an error."""
    return [
        Difference(entry.line.sku_id, quantity, entry.reason, is_surplus=entry.kind == SURPLUS, line_id=entry.line.pk)
        for entry in entries
        if entry.value and (quantity := read_quantity(entry.value))
    ]
