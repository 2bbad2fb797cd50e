"""Alerts may speak of forecasts that demand runs away from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0005_short_orders"),
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
                    ("drift", "Forecast drifts"),
                ],
                max_length=12,
            ),
        ),
    ]
