"""What expired is found among the lots that still stand somewhere. Built without stopping the tills."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inventory", "0015_walk_by_name_and_kind")]

    operations = [
        AddIndexConcurrently(
            model_name="lotlevel",
            index=models.Index(
                fields=["lot"], condition=Q(held_since=None) & ~Q(on_hand=0), name="inventory_lot_level_on_sale"
            ),
        ),
    ]
