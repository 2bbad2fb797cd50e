"""Levels and movements of one place are walked in their order, however far apart. Built without stopping the tills."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inventory", "0016_find_expired_lots")]

    operations = [
        AddIndexConcurrently(
            model_name="stocklevel",
            index=models.Index(fields=["location", "id"], name="inventory_level_of_place"),
        ),
        AddIndexConcurrently(
            model_name="movement",
            index=models.Index(fields=["source", "id"], name="inventory_movement_from_place"),
        ),
        AddIndexConcurrently(
            model_name="movement",
            index=models.Index(fields=["destination", "id"], name="inventory_movement_to_place"),
        ),
    ]
