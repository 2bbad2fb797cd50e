"""The sum of what was bought in a period is read by an index. Built without stopping the shop."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0019_budgets")]

    operations = [
        AddIndexConcurrently(
            model_name="purchaseorder", index=models.Index(fields=["ordered_on"], name="orders_purchase_order_day")
        ),
    ]
