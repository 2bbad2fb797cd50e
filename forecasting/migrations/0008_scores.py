"""Past forecasts are scored, week by week."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import inventory.fields


class Migration(migrations.Migration):
    dependencies = [
        ("forecasting", "0007_overrides"),
        ("inventory", "0017_walk_by_place"),
    ]

    operations = [
        migrations.CreateModel(
            name="ScoreRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slot", models.CharField(max_length=100, unique=True)),
                ("week_ends_on", models.DateField()),
                ("time_zone", models.CharField(max_length=40)),
                (
                    "windows",
                    django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None),
                ),
                (
                    "levels",
                    django.contrib.postgres.fields.ArrayField(base_field=inventory.fields.RealField(), size=None),
                ),
                ("is_rebuilt", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("published", "Published")], default="running", max_length=10
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["time_zone", "-week_ends_on", "-id"], name="forecasting_score_newest")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["running", "published"])),
                        name="forecasting_score_state_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ScoreSummary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.BigIntegerField()),
                ("window_days", models.PositiveSmallIntegerField()),
                ("sums", django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ("at_or_below", django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ("below", django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                (
                    "category",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.category",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="summaries",
                        to="forecasting.scorerun",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "window_days", "location", "category", "part"),
                        name="forecasting_score_summary_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SeriesScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "figures",
                    django.contrib.postgres.fields.ArrayField(base_field=inventory.fields.RealField(), size=None),
                ),
                ("ranks", django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)),
                ("drift", models.SmallIntegerField()),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="series",
                        to="forecasting.scorerun",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.sku",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("drift", 0), _negated=True),
                        fields=["run", "location"],
                        name="forecasting_score_drifting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "location", "sku"), name="forecasting_series_score_once")
                ],
            },
        ),
    ]
