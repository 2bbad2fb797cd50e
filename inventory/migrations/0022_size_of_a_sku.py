"""Weight and space of a unit; empty until somebody says them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0021_transfer_line_once_per_lot"),
    ]

    operations = [
        migrations.AddField(
            model_name="sku",
            name="volume_l",
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True),
        ),
        migrations.AddField(
            model_name="sku",
            name="weight_kg",
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True),
        ),
        migrations.AddConstraint(
            model_name="sku",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("weight_kg__isnull", True), ("weight_kg__gte", 0), _connector="OR"),
                    models.Q(("volume_l__isnull", True), ("volume_l__gte", 0), _connector="OR"),
                ),
                name="inventory_sku_size_not_negative",
            ),
        ),
    ]
