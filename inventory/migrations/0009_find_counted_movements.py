"""The report on shrinkage finds its few movements among ten million sales. Built without stopping the tills."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inventory", "0008_stock_counts")]

    operations = [
        AddIndexConcurrently(
            model_name="movement",
            index=models.Index(
                fields=["business_date"],
                condition=Q(kind__in=["count", "reversal"]),
                name="inventory_movement_counted",
            ),
        ),
    ]
