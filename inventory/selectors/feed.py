"""The movements in the order in which they became final, for programs that follow the ledger. See decision 0007."""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.domain.feed import FeedPosition
from inventory.errors import FeedMoved
from inventory.models import Movement
from inventory.selectors.ledger import ledger_for

# Every transaction of this database below the horizon has ended, so what it wrote is visible now or never will be.
# Nothing can be added below it later: that is what makes "after this position" a promise. Transactions at work in other
# databases of the server write no postings of ours; only those that are proven to be there are left out.
NEXT = """
WITH at_work AS (
    SELECT xact::text::bigint AS number FROM pg_snapshot_xip(pg_current_snapshot()) AS xact
    UNION ALL SELECT pg_current_xact_id_if_assigned()::text::bigint
), elsewhere AS (
    SELECT held.transactionid::text::bigint AS short_number
    FROM pg_locks held JOIN pg_stat_activity other USING (pid)
    WHERE held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock' AND other.datname <> current_database()
), horizon AS (
    SELECT inventory_feed_base() + LEAST(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, (
        SELECT min(number) FROM at_work WHERE number & 4294967295 NOT IN (SELECT short_number FROM elsewhere)
    )) AS recorded_in
)
SELECT posting.recorded_in, posting.id, moved.line, moved.id
FROM inventory_posting posting
JOIN inventory_movement moved ON moved.posting_id = posting.id
WHERE (posting.recorded_in, posting.id) >= (%(recorded_in)s, %(posting_id)s)
  AND (posting.recorded_in, posting.id, moved.line) > (%(recorded_in)s, %(posting_id)s, %(line)s)
  AND posting.recorded_in < (SELECT recorded_in FROM horizon)
ORDER BY posting.recorded_in, posting.id, moved.line
LIMIT %(most)s
"""
# Every position that was ever given lies below the first transaction that has not begun yet.
STANDING = """
SELECT inventory_feed_cluster() = (SELECT system_identifier::text FROM pg_control_system()),
       inventory_feed_base() + pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""


@dataclass(frozen=True)
class FeedPage:
    """`rows` that concern the reader, up to `position`; `has_more` asks to read on at once."""

    rows: list[Movement]
    position: FeedPosition
    has_more: bool


def read_feed(user: User, *, after: FeedPosition, limit: int) -> FeedPage:
    """What follows `after`, each movement once. Looks at `limit` movements and gives those that the user may see.

    Raises `FeedMoved` when the data came from another cluster or an earlier time and nobody has told the feed so.
    """
    with connection.cursor() as cursor:
        cursor.execute(STANDING)
        is_anchored, end = cursor.fetchone()
        if not is_anchored:
            raise FeedMoved(_("The data was moved to another server. Run “manage.py anchor_feed” there once."))
        if after.recorded_in >= end:
            raise FeedMoved(
                _(
                    "This cursor is ahead of the ledger: it is of a time before a restore. "
                    "Run “manage.py anchor_feed --restored”."
                )
            )
        values = {"recorded_in": after.recorded_in, "posting_id": after.posting_id, "line": after.line, "most": limit}
        cursor.execute(NEXT, values)
        found = cursor.fetchall()
    if not found:
        return FeedPage([], after, has_more=False)
    order = {row[3]: index for index, row in enumerate(found)}
    rows = ledger_for(user).filter(pk__in=order).select_related("sku", "source", "destination", "reason")
    return FeedPage(
        sorted(rows, key=lambda row: order[row.pk]), FeedPosition(*found[-1][:3]), has_more=len(found) == limit
    )
