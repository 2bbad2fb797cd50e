"""Lists by name, and movements of the rare kinds, are walked instead of sorted. Built without stopping the tills."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inventory", "0014_available_band")]

    operations = [
        AddIndexConcurrently(model_name="sku", index=models.Index(fields=["name", "id"], name="inventory_sku_by_name")),
        AddIndexConcurrently(
            model_name="movement",
            index=models.Index(
                fields=["kind", "id"],
                condition=~Q(kind__in=["sale", "receipt"]),
                name="inventory_movement_rare_kinds",
            ),
        ),
    ]
