"""Planners may say what they know better than the forecast."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import inventory.fields


class Migration(migrations.Migration):
    dependencies = [
        ("forecasting", "0006_check_more_series_states"),
        ("inventory", "0017_walk_by_place"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ForecastOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("expires_on", models.DateField()),
                ("percent", models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True)),
                ("quantity", models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ("factor", inventory.fields.RealField(null=True)),
                ("reason", models.CharField(max_length=300)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("changed_at", models.DateTimeField()),
                ("planned_at", models.DateTimeField(blank=True, null=True)),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.category",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.sku",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["ends_on"], name="forecasting_override_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sku__isnull", False),
                            ("category__isnull", False),
                            ("location__isnull", False),
                            _connector="OR",
                        ),
                        name="forecasting_override_has_a_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sku__isnull", True), ("category__isnull", True), _connector="OR"),
                        name="forecasting_override_sku_or_category",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("percent__isnull", True), ("quantity__gte", 0), ("quantity__isnull", False)),
                            models.Q(
                                ("percent__gte", -100),
                                ("percent__isnull", False),
                                ("percent__lte", 1000),
                                ("quantity__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="forecasting_override_percent_or_quantity",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__gte", models.F("starts_on")), ("expires_on__lte", models.F("ends_on"))
                        ),
                        name="forecasting_override_days_in_order",
                    ),
                ],
            },
        ),
    ]
