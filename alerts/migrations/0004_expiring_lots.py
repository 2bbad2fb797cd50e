"""Alerts may speak of lots that expire unsold."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0003_figures_of_many_alerts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="alert",
            name="kind",
            field=models.CharField(
                choices=[
                    ("stock_risk", "Stock at risk"),
                    ("late_order", "Late delivery"),
                    ("expiring", "Expires unsold"),
                    ("late_job", "Job is late"),
                ],
                max_length=12,
            ),
        ),
    ]
