"""Levels that are low are found by an index that sales do not have to write. Made without stopping the tills.

A trigger keeps the band, so no writer can forget it; rows that were there before are filled in small steps.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, migrations, models

STEP = 20_000
KEEP = """
CREATE FUNCTION inventory_keep_band() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.available_band := width_bucket(NEW.on_hand - NEW.reserved - NEW.held, ARRAY[
        0.001, 1.001, 2.001, 3.001, 5.001, 8.001, 13.001, 21.001, 34.001, 55.001, 89.001, 144.001, 233.001, 377.001,
        610.001, 987.001, 1597.001, 2584.001, 4181.001, 6765.001, 10946.001
    ]::numeric[]);
    RETURN NEW;
END $$;
CREATE TRIGGER inventory_level_band BEFORE INSERT OR UPDATE OF on_hand, reserved, held, available_band
    ON inventory_stocklevel FOR EACH ROW EXECUTE FUNCTION inventory_keep_band();
-- Room for the next version of a row on its own page, so that a sale writes no index at all.
ALTER TABLE inventory_stocklevel SET (fillfactor = 80);
"""
FORGET = """
ALTER TABLE inventory_stocklevel RESET (fillfactor);
DROP TRIGGER inventory_level_band ON inventory_stocklevel;
DROP FUNCTION inventory_keep_band();
"""
# In the order in which postings lock levels.
FILL = """
WITH locked AS (
    SELECT id FROM inventory_stocklevel WHERE id > %s AND id <= %s AND available_band IS NULL
    ORDER BY sku_id, location_id FOR UPDATE
)
UPDATE inventory_stocklevel level SET available_band = 0 FROM locked WHERE level.id = locked.id
"""


def fill(apps: object, schema_editor: object) -> None:
    """Each step is a transaction of its own, since the migration is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(id), 0) FROM inventory_stocklevel")
        (last,) = cursor.fetchone()
        for first in range(0, last, STEP):
            cursor.execute(FILL, [first, first + STEP])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inventory", "0013_order_of_the_feed")]

    operations = [
        migrations.AddField(
            model_name="stocklevel",
            name="available_band",
            field=models.SmallIntegerField(editable=False, null=True),
        ),
        migrations.RunSQL(KEEP, FORGET),
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently(
            model_name="stocklevel",
            index=models.Index(fields=["location", "available_band"], name="inventory_level_by_band"),
        ),
        migrations.AlterField(
            model_name="stocklevel",
            name="location",
            field=models.ForeignKey(
                db_index=False,
                on_delete=models.deletion.PROTECT,
                related_name="levels",
                to="inventory.location",
            ),
        ),
    ]
