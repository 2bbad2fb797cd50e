"""A place may say whose public holidays it keeps."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0017_walk_by_place"),
    ]

    operations = [
        migrations.AddField(
            model_name="location",
            name="country",
            field=models.CharField(blank=True, db_default="", default="", max_length=2),
        ),
        migrations.AddField(
            model_name="location",
            name="region",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
    ]
