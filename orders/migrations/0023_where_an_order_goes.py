"""An order keeps the address that its supplier was told; empty for those that were sent before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0022_delayed_to_the_next_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="purchaseorder",
            name="deliver_to",
            field=models.CharField(blank=True, db_default="", default="", max_length=600),
        ),
    ]
