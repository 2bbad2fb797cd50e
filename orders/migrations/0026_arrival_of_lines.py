"""The day on which the last of an order line came stands on the line, so that a page need not look through its receipts.

A trigger keeps it, so no writer can forget it; lines that came before are filled in small steps.
"""

from django.db import connection, migrations, models

STEP = 2_000
KEEP = """
CREATE FUNCTION orders_keep_arrival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE orders_purchaseorderline line SET arrived_on = GREATEST(line.arrived_on, last.day)
      FROM (SELECT part.order_line_id, max((receipt.received_at AT TIME ZONE place.time_zone)::date) AS day
              FROM came part
              JOIN orders_receipt receipt ON receipt.id = part.receipt_id
              JOIN orders_purchaseorder o ON o.id = receipt.order_id
              JOIN inventory_location place ON place.id = o.location_id
             GROUP BY part.order_line_id) last
     WHERE line.id = last.order_line_id;
    RETURN NULL;
END $$;
CREATE TRIGGER orders_arrival_of_lines AFTER INSERT ON orders_receiptline REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION orders_keep_arrival();
"""
FORGET = """
DROP TRIGGER orders_arrival_of_lines ON orders_receiptline;
DROP FUNCTION orders_keep_arrival();
"""
# Orders are locked before their lines, in the order of their ids, as by every act on them.
FILL = """
WITH locked AS (
    SELECT id, location_id FROM orders_purchaseorder WHERE id > %s AND id <= %s ORDER BY id FOR UPDATE
), last AS (
    SELECT part.order_line_id, max((receipt.received_at AT TIME ZONE place.time_zone)::date) AS day
      FROM locked
      JOIN inventory_location place ON place.id = locked.location_id
      JOIN orders_receipt receipt ON receipt.order_id = locked.id
      JOIN orders_receiptline part ON part.receipt_id = receipt.id
     GROUP BY part.order_line_id
)
UPDATE orders_purchaseorderline line SET arrived_on = GREATEST(line.arrived_on, last.day)
  FROM last WHERE line.id = last.order_line_id
"""


def fill(apps: object, schema_editor: object) -> None:
    """Each step is a transaction of its own, since the migration is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(id), 0) FROM orders_purchaseorder")
        (last,) = cursor.fetchone()
        for first in range(0, last, STEP):
            cursor.execute(FILL, [first, first + STEP])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0025_turn_of_levels")]

    operations = [
        migrations.AddField(
            model_name="purchaseorderline",
            name="arrived_on",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.RunSQL(KEEP, FORGET),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
