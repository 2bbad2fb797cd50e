"""A line of a transfer may name the lot that is sent."""

import django.db.models.deletion
from django.db import migrations, models

REFER = """
ALTER TABLE inventory_transferline
    ADD CONSTRAINT inventory_transferline_lot_of_sku FOREIGN KEY (lot_id, sku_id) REFERENCES inventory_lot (id, sku_id)
        NOT VALID
"""
UNREFER = "ALTER TABLE inventory_transferline DROP CONSTRAINT inventory_transferline_lot_of_sku"


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0019_customer_of_a_posting"),
    ]

    operations = [
        migrations.AddField(
            model_name="transferline",
            name="lot",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.lot",
            ),
        ),
        migrations.RunSQL(REFER, UNREFER),
    ]
