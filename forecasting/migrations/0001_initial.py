import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import inventory.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("inventory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ForecastRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField()),
                ("time_zone", models.CharField(max_length=40)),
                ("horizon_days", models.PositiveSmallIntegerField()),
                (
                    "sum_days",
                    django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None),
                ),
                (
                    "levels",
                    django.contrib.postgres.fields.ArrayField(base_field=inventory.fields.RealField(), size=None),
                ),
                (
                    "daily_levels",
                    django.contrib.postgres.fields.ArrayField(base_field=inventory.fields.RealField(), size=None),
                ),
                ("candidate_labels", models.JSONField(default=list)),
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
                "constraints": [
                    models.UniqueConstraint(fields=("as_of", "time_zone"), name="forecasting_run_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["running", "published"])), name="forecasting_run_state_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Promotion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="promotions",
                        to="inventory.location",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PromotionSku",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("share", models.DecimalField(decimal_places=3, default=1, max_digits=4)),
                (
                    "promotion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="skus", to="forecasting.promotion"
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inventory.sku"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PublishedForecast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("time_zone", models.CharField(max_length=40, unique=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="forecasting.forecastrun"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SeriesForecast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.SmallIntegerField(
                        choices=[(0, "Forecast"), (1, "Borrowed from its category"), (2, "Not enough data")]
                    ),
                ),
                ("mean", django.contrib.postgres.fields.ArrayField(base_field=inventory.fields.RealField(), size=None)),
                (
                    "daily_quantiles",
                    django.contrib.postgres.fields.ArrayField(base_field=inventory.fields.RealField(), size=None),
                ),
                (
                    "sum_quantiles",
                    django.contrib.postgres.fields.ArrayField(base_field=inventory.fields.RealField(), size=None),
                ),
                ("recovered_units", inventory.fields.RealField()),
                (
                    "candidates",
                    django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None),
                ),
                (
                    "weights",
                    django.contrib.postgres.fields.ArrayField(base_field=inventory.fields.RealField(), size=None),
                ),
                ("gain", inventory.fields.RealField()),
                ("origins", models.SmallIntegerField()),
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
                        to="forecasting.forecastrun",
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
        ),
        migrations.AddIndex(
            model_name="promotion",
            index=models.Index(fields=["starts_on", "ends_on"], name="forecasting_promotion_days"),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="forecasting_promotion_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotionsku",
            constraint=models.UniqueConstraint(fields=("promotion", "sku"), name="forecasting_promotion_sku_once"),
        ),
        migrations.AddConstraint(
            model_name="promotionsku",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__gt", 0), ("share__lte", 1)), name="forecasting_promotion_share_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="seriesforecast",
            constraint=models.UniqueConstraint(fields=("run", "location", "sku"), name="forecasting_series_once"),
        ),
        migrations.AddConstraint(
            model_name="seriesforecast",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", [0, 1, 2])), name="forecasting_series_state_known"
            ),
        ),
    ]
