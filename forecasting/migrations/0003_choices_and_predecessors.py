"""Choices of methods are kept between nights; a new SKU may name its predecessor."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import inventory.fields


class Migration(migrations.Migration):
    dependencies = [
        ("forecasting", "0002_run_slot"),
        ("inventory", "0009_find_counted_movements"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChoiceRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slot", models.CharField(max_length=100, unique=True)),
                ("as_of", models.DateField()),
                ("time_zone", models.CharField(max_length=40)),
                (
                    "sum_days",
                    django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None),
                ),
                ("candidate_labels", models.JSONField(default=list)),
                ("model", models.BinaryField(default=b"")),
                ("model_series", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("published", "Published")], default="running", max_length=10
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Predecessor",
            fields=[
                (
                    "sku",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="inventory.sku",
                    ),
                ),
                ("share", models.DecimalField(decimal_places=3, default=1, max_digits=5)),
            ],
        ),
        migrations.CreateModel(
            name="SeriesChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "candidates",
                    django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None),
                ),
                (
                    "weights",
                    django.contrib.postgres.fields.ArrayField(base_field=inventory.fields.RealField(), size=None),
                ),
                (
                    "ratios",
                    django.contrib.postgres.fields.ArrayField(base_field=inventory.fields.RealField(), size=None),
                ),
                ("unit", inventory.fields.RealField()),
                ("gain", inventory.fields.RealField()),
                ("origins", models.SmallIntegerField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="seriesforecast",
            name="forecasting_series_state_known",
        ),
        migrations.AlterField(
            model_name="seriesforecast",
            name="state",
            field=models.SmallIntegerField(
                choices=[
                    (0, "Forecast"),
                    (1, "Borrowed from its category"),
                    (2, "Not enough data"),
                    (3, "Borrowed from its style"),
                    (4, "Borrowed from its predecessor"),
                ]
            ),
        ),
        # The table holds a row per series and run: the rows are checked in the next migration, under a weak lock.
        AddConstraintNotValid(
            model_name="seriesforecast",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", [0, 1, 2, 3, 4])), name="forecasting_series_state_known"
            ),
        ),
        migrations.AddIndex(
            model_name="choicerun",
            index=models.Index(fields=["time_zone", "-as_of", "-id"], name="forecasting_choice_newest"),
        ),
        migrations.AddConstraint(
            model_name="choicerun",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["running", "published"])), name="forecasting_choice_state_known"
            ),
        ),
        migrations.AddField(
            model_name="forecastrun",
            name="choice_run",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="forecasting.choicerun",
            ),
        ),
        migrations.AddField(
            model_name="predecessor",
            name="predecessor",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inventory.sku"),
        ),
        migrations.AddField(
            model_name="serieschoice",
            name="location",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inventory.location"
            ),
        ),
        migrations.AddField(
            model_name="serieschoice",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="series",
                to="forecasting.choicerun",
            ),
        ),
        migrations.AddField(
            model_name="serieschoice",
            name="sku",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inventory.sku"
            ),
        ),
        migrations.AddConstraint(
            model_name="predecessor",
            constraint=models.CheckConstraint(
                condition=models.Q(("sku", models.F("predecessor")), _negated=True),
                name="forecasting_predecessor_is_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="predecessor",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__gt", 0), ("share__lte", 10)), name="forecasting_predecessor_share"
            ),
        ),
        migrations.AddConstraint(
            model_name="serieschoice",
            constraint=models.UniqueConstraint(
                fields=("run", "location", "sku"), name="forecasting_series_choice_once"
            ),
        ),
    ]
