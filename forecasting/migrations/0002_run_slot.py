"""A run is known by the slot of the job that computes it, so that a night can be run again by hand."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forecasting", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="forecastrun", name="forecasting_run_once"),
        migrations.AddField(
            model_name="forecastrun",
            name="slot",
            field=models.CharField(max_length=80, unique=True),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="forecastrun",
            index=models.Index(fields=["time_zone", "-as_of", "-id"], name="forecasting_run_newest"),
        ),
    ]
