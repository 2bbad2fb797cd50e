"""What open proposals will take away from other places is read by an index. Built without stopping the shop."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0026_arrival_of_lines")]

    operations = [
        AddIndexConcurrently(
            model_name="replenishmentproposal",
            index=models.Index(
                fields=["sku", "source"],
                condition=models.Q(state="open", source__isnull=False),
                name="orders_proposal_moves",
            ),
        ),
    ]
