"""The first page counts a hundred thousand alerts by an index alone. Built without stopping the shop."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

OPEN_RISKS = Q(kind="stock_risk") & ~Q(state="closed")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("alerts", "0002_told_and_notices")]

    operations = [
        AddIndexConcurrently(
            model_name="alert",
            index=models.Index(
                fields=["location", "severity"],
                include=["value_at_risk"],
                condition=OPEN_RISKS,
                name="alerts_alert_figures",
            ),
        ),
        AddIndexConcurrently(
            model_name="alert",
            index=models.Index(fields=["-value_at_risk", "id"], condition=OPEN_RISKS, name="alerts_alert_costliest"),
        ),
    ]
