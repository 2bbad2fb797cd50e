"""Checks the old rows and finds the movements of a lot, while the tills go on."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models

VALIDATE = "ALTER TABLE inventory_{table} VALIDATE CONSTRAINT {name}"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inventory", "0010_lots")]

    operations = [
        AddIndexConcurrently(
            model_name="movement",
            index=models.Index(fields=["lot"], condition=models.Q(lot__isnull=False), name="inventory_movement_of_lot"),
        ),
        ValidateConstraint(model_name="stocklevel", name="inventory_level_held_not_negative"),
        ValidateConstraint(model_name="stocklevel", name="inventory_level_held_within_on_hand"),
        migrations.RunSQL(
            VALIDATE.format(table="stocklevel", name="inventory_level_lot_tracking"), migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            VALIDATE.format(table="movement", name="inventory_movement_lot_of_sku"), migrations.RunSQL.noop
        ),
    ]
