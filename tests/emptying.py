"""The database after a test that commits: empty but for the base data, in little time.

TRUNCATE makes new files for each table and each of its indexes, hundreds of them, though a test fills a dozen tables
with a few rows. So few rows are deleted, and only a test of size is cleaned up by TRUNCATE.
"""

# Nothing of ours writes them, and filling them again takes longer than most tests.
KEPT = {"django_content_type", "auth_permission"}
FEW = 1000
COUNTS = "SELECT '{0}', (SELECT count(*) FROM (SELECT FROM {0} LIMIT {1}) AS few)"
WITH_TRIGGERS = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"


def statements(connection):
    """What empties all tables but the kept ones; the ledger and others refuse that unless their triggers are off."""
    with connection.cursor() as cursor:
        names = connection.introspection.django_table_names(only_existing=True, include_views=False)
        tables = sorted(set(names) - KEPT)
        cursor.execute(" UNION ALL ".join(COUNTS.format(table, FEW) for table in tables))
        rows = dict(cursor.fetchall())
        cursor.execute(WITH_TRIGGERS)
        guarded = [table for (table,) in cursor.fetchall()]
    return [
        *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in guarded),
        *_emptying(rows),
        *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in guarded),
    ]


def _emptying(rows):
    filled = [table for table, count in rows.items() if count]
    if any(count == FEW for count in rows.values()):
        return [f"TRUNCATE {', '.join(rows)}"]
    if not filled:
        return []
    # One statement, since foreign keys are looked at when a statement ends, and a table with looks still to come
    # cannot have its triggers enabled.
    deletes = ", ".join(f"d{number} AS (DELETE FROM {table})" for number, table in enumerate(filled))
    return ["SET CONSTRAINTS ALL IMMEDIATE", f"WITH {deletes} SELECT"]
