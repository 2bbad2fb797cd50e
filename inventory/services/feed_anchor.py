"""The feed of movements after a restore: the new cluster counts its transactions anew, positions must go on growing."""

from datetime import UTC, datetime

from django.db import connection, transaction

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
# 42 bits are enough for 27 years of 5,000 transactions a second; the 20 above them for a century of hours.
TRANSACTION_BITS = 42
FACTS = """
SELECT inventory_feed_cluster(), system_identifier::text, inventory_feed_base(),
       (SELECT COALESCE(max(recorded_in), 0) FROM inventory_posting)
FROM pg_control_system()
"""
SET_BASE = """
CREATE OR REPLACE FUNCTION inventory_feed_base() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT {base}::bigint';
CREATE OR REPLACE FUNCTION inventory_feed_cluster() RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''{cluster}''::text'
"""


@transaction.atomic
def anchor_feed(*, now: datetime, is_restored: bool = False) -> bool:
    """Gives the postings of this cluster higher positions than all before; False when it was anchored already.

    A cluster that was set back to an earlier time (`is_restored`) is known by nothing: it has to be told.

    Also higher than those that a reader may have seen after the backup was taken: they grow with the hour.
    """
    with connection.cursor() as cursor:
        # No posting may be under way with the old base.
        cursor.execute("LOCK TABLE inventory_posting IN SHARE MODE")
        cursor.execute(FACTS)
        anchored, cluster, base, latest = cursor.fetchone()
        if anchored == cluster and not is_restored:
            return False
        hours = int((now - EPOCH).total_seconds() // 3600)
        epoch = max(hours, (max(base, latest) >> TRANSACTION_BITS) + 1)
        cursor.execute(SET_BASE.format(base=epoch << TRANSACTION_BITS, cluster=int(cluster)))
    return True
