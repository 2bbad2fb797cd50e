"""A listing begins at the moment it was made, not at the midnight before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0024_no_doubled_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="listed_from",
            field=models.TimeField(blank=True, null=True),
        ),
    ]
