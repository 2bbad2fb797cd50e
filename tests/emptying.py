"""The database after a test that commits: empty but for the base data, in little time.

TRUNCATE makes new files for each table and each of its indexes, hundreds of them, though a test fills a dozen tables
with a few rows. So few rows are deleted, and only a test of size is cleaned up by TRUNCATE.
"""

from django.db import transaction

# Nothing of ours writes them, and filling them again takes longer than most tests.
KEPT = {"django_content_type", "auth_permission"}
FEW = 1000
COUNT = "SELECT '{0}', (SELECT count(*) FROM (SELECT FROM {0} LIMIT {1}) AS few)"
GUARDED = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"


def empty_tables(connection):
    """Empties all tables but the kept ones; the ledger and others refuse that unless their triggers are off."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = sorted(set(names) - KEPT)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        # Whoever still writes comes to an end first, and nobody writes between counting and deleting.
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(" UNION ALL ".join(COUNT.format(table, FEW) for table in tables))
        rows = dict(cursor.fetchall())
        cursor.execute(GUARDED)
        guarded = [table for (table,) in cursor.fetchall()]
        _switch(cursor, guarded, "DISABLE")
        _remove(cursor, rows)
        _switch(cursor, guarded, "ENABLE")


def _switch(cursor, tables, how):
    cursor.execute("; ".join(f"ALTER TABLE {table} {how} TRIGGER USER" for table in tables))


def _remove(cursor, rows):
    filled = [table for table, count in rows.items() if count]
    if FEW in rows.values():
        cursor.execute(f"TRUNCATE {', '.join(rows)}")
    elif filled:
        # One statement, since foreign keys are looked at when a statement ends, and a table with looks still to come
        # cannot have its triggers enabled.
        deletes = ", ".join(f"d{number} AS (DELETE FROM {table})" for number, table in enumerate(filled))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"WITH {deletes} SELECT")
