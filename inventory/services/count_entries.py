"""What people found, as it comes from their phones: once each, in any order, late or twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from inventory.domain.counting import moment_on_our_clock
from inventory.domain.movements import ZERO, quantity_fault
from inventory.locks import lock_stock_count
from inventory.models import Barcode, CountEntry, CountLineState, CountState, Sku, StockCount, StockCountLine
from inventory.selectors.count_policy import policy_of
from inventory.services.count_rows import insert_lines

MOST_ENTRIES = 1_000
KEPT, KNOWN, REFUSED, WRONG_PERSON = "kept", "known", "refused", "wrong_person"
COUNTABLE = (CountState.OPEN, CountState.COUNTING)


@dataclass(frozen=True, slots=True)
class EntryGiven:
    """One entry as a device sends it. `uid` is of its own making; `told_at` is its clock's.

    Either a `quantity` of the SKU with this `sku` code (or `barcode`, which may stand for a case), or `voids`: the uid
    of an entry of the same person that is taken back. `by` is the username of who counted, where the device knows it.
    """

    uid: UUID
    told_at: datetime
    sku: str = ""
    barcode: str = ""
    quantity: Decimal | None = None
    place: str = ""
    round: int | None = None
    voids: UUID | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an entry: kept, known (sent before), refused and why, or sent by another than who counted."""

    uid: UUID
    outcome: str
    message: str = ""
    is_late: bool = False


@dataclass
class _Batch:
    """What is known while a batch is read. Entries are found by uid, SKUs by the text that named them."""

    count: StockCount
    user: User
    now: datetime
    sent_at: datetime | None
    is_clock_set: bool
    must_be_other: bool
    entries: dict[UUID, CountEntry] = field(default_factory=dict)
    voided: set[UUID] = field(default_factory=set)
    skus: dict[str, tuple[Sku, Decimal]] = field(default_factory=dict)
    lines: dict[int, StockCountLine] = field(default_factory=dict)
    counted_before: set[tuple[int, int]] = field(default_factory=set)


class _Refused(Exception):
    """This entry cannot be kept; the others can."""


@transaction.atomic
def keep_entries(
    *,
    count_id: int,
    entries: Sequence[EntryGiven],
    user: User,
    now: datetime,
    sent_at: datetime | None = None,
    is_clock_set: bool = False,
) -> list[Outcome]:
    """Keeps each entry once, whatever is wrong with its neighbours, and answers for each in their order.

    What comes after its line was decided is kept as late: it is shown, and not added up. `sent_at` is what the clock of
    the device said when it sent, so that its error can be taken off; `is_clock_set`: it goes by ours already. Raises
    `InvalidInput` for too many entries.
    """
    if not 1 <= len(entries) <= MOST_ENTRIES:
        raise InvalidInput(_("Send 1 to %(most)d entries at a time.") % {"most": MOST_ENTRIES})
    count = lock_stock_count(count_id)
    batch = _Batch(count, user, now, sent_at, is_clock_set, policy_of(count.location).recount_by_other)
    _load(batch, entries)
    outcomes: dict[int, Outcome] = {}
    fresh: list[CountEntry] = []
    # A void may stand before its entry in the batch, so that quantities are read first.
    for number in sorted(range(len(entries)), key=lambda at: entries[at].voids is not None):
        outcomes[number] = _take(batch, entries[number], fresh)
    _save(batch, fresh)
    return [outcomes[number] for number in range(len(entries))]


def _load(batch: _Batch, entries: Sequence[EntryGiven]) -> None:
    """All that the entries name, in a number of statements that does not depend on theirs."""
    uids = {entry.uid for entry in entries} | {entry.voids for entry in entries if entry.voids}
    found = CountEntry.objects.filter(stock_count=batch.count, uid__in=uids).select_related("line", "voids")
    batch.entries = {row.uid: row for row in found}
    batch.voided = set(
        CountEntry.objects.filter(stock_count=batch.count, voids__uid__in=uids).values_list("voids__uid", flat=True)
    )
    _load_skus(batch, entries)
    sku_ids = {sku.pk for sku, _pack in batch.skus.values()}
    is_open = batch.count.state in COUNTABLE
    state = CountLineState.OPEN if is_open else CountLineState.SKIPPED
    insert_lines(batch.count.pk, sorted(sku_ids), state=state, is_planned=False)
    batch.lines = {line.sku_id: line for line in batch.count.lines.filter(sku__in=sku_ids)}
    batch.counted_before = set(
        CountEntry.objects.filter(line__in=batch.lines.values(), counted_by=batch.user).values_list("line_id", "round")
    )


def _load_skus(batch: _Batch, entries: Sequence[EntryGiven]) -> None:
    codes = {entry.sku for entry in entries if entry.sku}
    read = {entry.barcode for entry in entries if entry.barcode}
    by_code = {sku.code: sku for sku in Sku.objects.filter(code__in=codes | read)}
    batch.skus = {f"sku {code}": (sku, Decimal(1)) for code, sku in by_code.items() if code in codes}
    batch.skus |= {f"barcode {code}": (sku, Decimal(1)) for code, sku in by_code.items() if code in read}
    for barcode in Barcode.objects.filter(code__in=read).select_related("sku"):
        batch.skus[f"barcode {barcode.code}"] = (barcode.sku, barcode.pack_quantity)


def _take(batch: _Batch, given: EntryGiven, fresh: list[CountEntry]) -> Outcome:
    if given.by and given.by != batch.user.get_username():
        words = _("%(name)s counted this. Sign in as %(name)s to send it.")
        return Outcome(given.uid, WRONG_PERSON, words % {"name": given.by})
    try:
        entry = _void(batch, given) if given.voids else _found(batch, given)
    except _Refused as refusal:
        return Outcome(given.uid, REFUSED, str(refusal))
    first = batch.entries.get(given.uid)
    if first is not None:
        if _content(first) == _content(entry):
            return Outcome(given.uid, KNOWN, is_late=first.is_late)
        return Outcome(given.uid, REFUSED, _("The id of this entry belongs to another entry."))
    if entry.voids is not None:
        if entry.voids.uid in batch.voided:
            return Outcome(given.uid, REFUSED, _("This entry was taken back before."))
        batch.voided.add(entry.voids.uid)
    batch.entries[given.uid] = entry
    fresh.append(entry)
    return Outcome(given.uid, KEPT, is_late=entry.is_late)


def _content(entry: CountEntry) -> tuple[object, ...]:
    """What makes two entries the same. The line's round goes on while an answer is lost, so it is not part of it."""
    return entry.line_id, entry.quantity, entry.place, entry.voids.uid if entry.voids else None, entry.counted_by_id


def _found(batch: _Batch, given: EntryGiven) -> CountEntry:
    named = f"sku {given.sku}" if given.sku else f"barcode {given.barcode}"
    if named not in batch.skus:
        raise _Refused(_("There is no SKU with the code “%(code)s”.") % {"code": given.sku or given.barcode})
    sku, pack = batch.skus[named]
    if given.quantity is None:
        raise _Refused(_("Say how many there are."))
    quantity = given.quantity * pack
    fault = quantity_fault(quantity, sku.unit) if quantity != ZERO else None
    if fault:
        raise _Refused(_quantity_words(fault) % {"quantity": given.quantity})
    line = batch.lines[sku.pk]
    counting_round = given.round or _round_of(batch, given, line)
    # Whoever sends again what was kept before is answered as then, not told that somebody else has to count.
    is_repeat = given.uid in batch.entries
    if not is_repeat and _must_be_other(batch, line, counting_round):
        raise _Refused(_("Somebody else has to count %(sku)s this time.") % {"sku": sku.code})
    return _entry(batch, given, line, counting_round, quantity)


def _round_of(batch: _Batch, given: EntryGiven, line: StockCountLine) -> int:
    """Of an entry that does not say it, such as one of a barcode that was not on the list of the phone.

    A line that is counted again was handed in since: what was made before that belongs to an earlier round.
    """
    at, is_doubtful = _moment(batch, given)
    handed_in = batch.count.submitted_at
    is_earlier = line.round > 1 and handed_in is not None and at < handed_in and not is_doubtful
    return line.round - 1 if is_earlier else line.round


def _moment(batch: _Batch, given: EntryGiven) -> tuple[datetime, bool]:
    """When it was made, on our clock, and whether that is in doubt."""
    return moment_on_our_clock(
        given.told_at,
        sent_at=batch.sent_at,
        is_clock_set=batch.is_clock_set,
        now=batch.now,
        opened_at=batch.count.created_at,
    )


def _must_be_other(batch: _Batch, line: StockCountLine, counting_round: int) -> bool:
    if not batch.must_be_other or counting_round == 1:
        return False
    return any(line_id == line.pk and earlier < counting_round for line_id, earlier in batch.counted_before)


def _quantity_words(fault: str) -> str:
    return {
        "not_a_number": _("The quantity must be a number."),
        "not_positive": _("A count cannot be below zero."),
        "too_large": _("The quantity is too large."),
        "not_whole": _("This SKU is counted in whole units; %(quantity)s is not whole."),
        "too_fine": _("The quantity %(quantity)s has more than 3 decimals."),
    }[fault]


def _void(batch: _Batch, given: EntryGiven) -> CountEntry:
    target = batch.entries.get(given.voids) if given.voids else None
    if target is None or target.quantity is None:
        raise _Refused(_("The entry that is to be taken back did not arrive here."))
    if target.counted_by_id != batch.user.pk:
        raise _Refused(_("Only the one who made an entry takes it back."))
    line = batch.lines.get(target.line.sku_id, target.line)
    entry = _entry(batch, given, line, target.round, None)
    entry.voids = target
    return entry


def _entry(
    batch: _Batch, given: EntryGiven, line: StockCountLine, counting_round: int, quantity: Decimal | None
) -> CountEntry:
    at, is_doubtful = _moment(batch, given)
    is_counting = batch.count.state in COUNTABLE and line.state == CountLineState.OPEN and line.round == counting_round
    return CountEntry(
        stock_count=batch.count,
        line=line,
        uid=given.uid,
        round=counting_round,
        quantity=quantity,
        place=given.place,
        counted_by=batch.user,
        counted_at=at,
        told_at=given.told_at,
        received_at=batch.now,
        is_late=not is_counting,
        is_clock_doubtful=is_doubtful,
    )


def _save(batch: _Batch, fresh: Iterable[CountEntry]) -> None:
    rows = list(fresh)
    CountEntry.objects.bulk_create([row for row in rows if row.voids is None])
    CountEntry.objects.bulk_create([row for row in rows if row.voids is not None])
    # Lines made for entries that were refused after all.
    batch.count.lines.filter(is_planned=False, sku__in=list(batch.lines), entries=None).delete()
    if batch.count.state == CountState.OPEN and any(not row.is_late for row in rows):
        batch.count.state, batch.count.started_at = CountState.COUNTING, batch.now
        batch.count.save(update_fields=["state", "started_at"])
