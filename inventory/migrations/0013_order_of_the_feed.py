"""The index that the feed is read by, built without stopping the tills."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inventory", "0012_feed_of_movements")]

    operations = [
        AddIndexConcurrently(
            model_name="posting",
            index=models.Index(fields=["recorded_in", "id"], name="inventory_posting_feed"),
        ),
    ]
