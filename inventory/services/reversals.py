"""Acts that were a mistake: undone by the opposite of every movement."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.errors import AlreadyReversed
from inventory.locks import lock_posting
from inventory.models import Movement, MovementKind, Posting
from inventory.services.posting import MAX_LINES, MovementLine, post_movements

SOURCE_TYPE = "posting"
MAX_REASON = 300
# Postings behind which no document stands that would then say something else. An issued reservation stays issued: what
# comes back is on the shelf, for everybody.
FREE_SOURCES = frozenset({"", "reservation", "import"})


def undo_posting(*, posting_id: int, reason: str, key: str | None, user: User | None, now: datetime) -> Posting:
    """Reverses a posting for a reason that stays on record; see `reverse_posting`."""
    told = reason.strip()
    if not told or len(told) > MAX_REASON:
        raise InvalidInput(
            _("Say why, in at most %(most)d characters.") % {"most": MAX_REASON},
            details=[{"field": "reason", "message": _("Say why.")}],
        )
    with transaction.atomic():
        undone = reverse_posting(posting_id=posting_id, key=key, user=user, now=now, note=told)
        record_audit(
            actor=user,
            action="reverse_posting",
            object_type=SOURCE_TYPE,
            object_id=posting_id,
            now=now,
            data={"reason": told, "reversal": undone.pk},
        )
    return undone


@transaction.atomic
def reverse_posting(
    *, posting_id: int, key: str | None, user: User | None, now: datetime, note: str = "", document: str = ""
) -> Posting:
    """Posts the opposite of every movement of a posting. `document` is the source type for which the caller answers:
    it corrects the document itself.

    Raises `AlreadyReversed`, `IllegalStateChange` for a reversal and for what belongs to a document, `OutOfStock`
    naming each line that is gone, `Posting.DoesNotExist`.
    """
    original = lock_posting(posting_id)
    repeat = key is not None and Posting.objects.filter(key=key, source_type=SOURCE_TYPE, source_id=posting_id).exists()
    is_theirs = document != "" and original.source_type == document
    refusal = "" if repeat or is_theirs else why_not_reversible(original)
    if refusal:
        raise IllegalStateChange(refusal)
    if not repeat and is_reversed(original):
        raise AlreadyReversed(_("This posting was reversed before."))
    _refuse_too_many(original)
    return post_movements(
        lines=_opposites(original),
        kind=MovementKind.REVERSAL,
        key=key,
        now=now,
        posted_by=user,
        source_type=SOURCE_TYPE,
        source_id=posting_id,
        note=note,
    )


def is_reversed(posting: Posting) -> bool:
    return Movement.objects.filter(reverses__posting=posting).exists()


def _refuse_too_many(original: Posting) -> None:
    count = Movement.objects.filter(posting=original).count()
    if count > MAX_LINES:
        figures = {"count": f"{count:,}", "most": f"{MAX_LINES:,}"}
        raise InvalidInput(
            _(
                "It has %(count)s movements, and at most %(most)s are undone at once. Bring a file of movements with "
                "the opposite quantities, or count the shelves."
            )
            % figures
        )


def why_not_reversible(posting: Posting) -> str:
    """The sentence that says what to do instead; empty when nothing stands against it."""
    if posting.kind == MovementKind.REVERSAL:
        return _("This is a reversal itself. If it was a mistake, enter the act again.")
    if posting.source_type in FREE_SOURCES:
        return ""
    named = {"document": posting.note or f"{posting.source_type} {posting.source_id}"}
    if posting.source_type == "transfer":
        return (
            _("It belongs to transfer %(document)s. Receive that, or send the goods back by another transfer.") % named
        )
    if posting.source_type == "purchase_order":
        return _("It belongs to order %(document)s. A manager can undo the receipt on the page of the order.") % named
    if posting.source_type == "supplier_return":
        return (
            _(
                "It belongs to return %(document)s, of which the supplier was told. Put what did not go back on the "
                "shelf again with Adjust."
            )
            % named
        )
    return _("It belongs to %(document)s. Correct it there, or adjust the stock.") % named


def _opposites(original: Posting) -> list[MovementLine]:
    return [
        MovementLine(
            row.sku_id,
            row.destination_id,
            row.source_id,
            row.quantity,
            unit_price=row.unit_price,
            reason_id=row.reason_id,
            reverses_id=row.pk,
            lot_id=row.lot_id,
        )
        for row in Movement.objects.filter(posting=original).order_by("line")
    ]
