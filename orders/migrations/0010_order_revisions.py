"""Changes of an order that its supplier already has."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_GUARD = import_module("orders.migrations.0008_guard_approval").GUARD
_WATCHES = "    IF NOT is_new AND (NEW.home_total"
_FALLS = (
    "    IF NOT is_new AND NOT NEW.needs_second AND NOT OLD.needs_second AND NEW.home_total < OLD.home_total THEN\n"
)
_RETURNS = "        RETURN NEW;\n    END IF;\n"
_FUNCTION = _GUARD.partition("CREATE TRIGGER")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
# An order that becomes smaller is within whatever limit it was within, also when the limit was lowered since.
LET_FALL = _FUNCTION.replace(_WATCHES, _FALLS + _RETURNS + _WATCHES, 1)


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0009_policy_targets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(LET_FALL, _FUNCTION),
        migrations.AddField(
            model_name="purchaseorder",
            name="revision",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="OrderRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField()),
                ("note", models.CharField(blank=True, default="", max_length=300)),
                ("changes", models.JSONField()),
                ("total_before", models.DecimalField(decimal_places=2, max_digits=14)),
                ("total_after", models.DecimalField(decimal_places=2, max_digits=14)),
                ("event_id", models.UUIDField()),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="orders.purchaseorder"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("order", "number"), name="orders_revision_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="orders_revision_number_positive"
                    ),
                ],
            },
        ),
    ]
