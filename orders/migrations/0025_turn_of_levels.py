"""A level says what was weighed where the calendar of a supplier leaves the shelf empty; empty until the next plan."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0024_no_doubled_indexes"),
    ]

    operations = [
        migrations.AddField(model_name="reorderlevel", name="turn", field=models.JSONField(null=True)),
    ]
