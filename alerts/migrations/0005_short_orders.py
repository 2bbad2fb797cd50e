"""Alerts may speak of orders of which a supplier says that they come short or late."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0004_expiring_lots"),
    ]

    operations = [
        migrations.AlterField(
            model_name="alert",
            name="kind",
            field=models.CharField(
                choices=[
                    ("stock_risk", "Stock at risk"),
                    ("late_order", "Late delivery"),
                    ("short_order", "Supplier is short or late"),
                    ("expiring", "Expires unsold"),
                    ("late_job", "Job is late"),
                ],
                max_length=12,
            ),
        ),
    ]
