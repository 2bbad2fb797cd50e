"""Each posting keeps the transaction that wrote it: the order in which a feed can be read without gaps."""

from django.db import migrations, models

import inventory.models.movement

# The base grows when the data moves to another cluster, whose transactions are counted anew; see decision 0007.
CREATE_BASE = "CREATE FUNCTION inventory_feed_base() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 0::bigint'"
CREATE_CLUSTER = """
DO $do$
BEGIN
    EXECUTE format(
        'CREATE FUNCTION inventory_feed_cluster() RETURNS text LANGUAGE sql IMMUTABLE AS %L',
        format('SELECT %L::text', (SELECT system_identifier::text FROM pg_control_system()))
    );
END
$do$
"""
# A constant default rewrites no row; only then may it change to one that is reckoned for each new row.
ADD_COLUMN = """
ALTER TABLE inventory_posting ADD COLUMN recorded_in bigint NOT NULL DEFAULT 0;
ALTER TABLE inventory_posting ALTER COLUMN recorded_in
    SET DEFAULT inventory_feed_base() + pg_current_xact_id()::text::bigint
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0011_check_lots")]

    operations = [
        migrations.RunSQL(CREATE_BASE, "DROP FUNCTION inventory_feed_base()"),
        migrations.RunSQL(CREATE_CLUSTER, "DROP FUNCTION inventory_feed_cluster()"),
        migrations.RunSQL(
            ADD_COLUMN,
            "ALTER TABLE inventory_posting DROP COLUMN recorded_in",
            state_operations=[
                migrations.AddField(
                    model_name="posting",
                    name="recorded_in",
                    field=models.BigIntegerField(db_default=inventory.models.movement.RecordedIn(), editable=False),
                ),
            ],
        ),
    ]
