import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import inventory.fields


class Migration(migrations.Migration):
    dependencies = [
        ("forecasting", "0001_initial"),
        ("inventory", "0002_append_only_ledger"),
        ("orders", "0001_initial"),
        ("suppliers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Numbers of purchase orders; gaps are allowed, the same number twice is not.
        migrations.RunSQL("CREATE SEQUENCE orders_purchase_order_number", "DROP SEQUENCE orders_purchase_order_number"),
        migrations.RemoveField(
            model_name="reorderlevel",
            name="reason",
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="cancelled_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="event_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="sent_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="reorderlevel",
            name="cycle_service_level",
            field=inventory.fields.RealField(default=0.95),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reorderlevel",
            name="daily_mean",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=inventory.fields.RealField(), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="reorderlevel",
            name="lead_quantiles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=inventory.fields.RealField(), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="reorderlevel",
            name="lead_time_days",
            field=inventory.fields.RealField(null=True),
        ),
        migrations.AddField(
            model_name="reorderlevel",
            name="lot_days",
            field=models.PositiveSmallIntegerField(default=7),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reorderlevel",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("proposed", "Proposed"),
                    ("enough", "There is enough"),
                    ("no_demand", "No demand is expected"),
                    ("no_forecast", "Not enough history for a forecast"),
                    ("no_source", "Nobody supplies it"),
                    ("stopped", "Replenishment is stopped by a rule"),
                    ("snoozed", "Rejected for some days"),
                ],
                default="enough",
                max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reorderlevel",
            name="review_period_days",
            field=models.PositiveSmallIntegerField(default=1),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reorderlevel",
            name="source",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="inventory.location",
            ),
        ),
        migrations.AddField(
            model_name="reorderlevel",
            name="supplier",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="suppliers.supplier",
            ),
        ),
        migrations.AddField(
            model_name="replenishmentproposal",
            name="edited_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="replenishmentproposal",
            name="edited_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="replenishmentproposal",
            name="needs_review",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="reorderlevel",
            name="mean_daily_demand",
            field=inventory.fields.RealField(null=True),
        ),
        migrations.AlterField(
            model_name="reorderlevel",
            name="order_up_to_level",
            field=models.DecimalField(decimal_places=3, max_digits=14, null=True),
        ),
        migrations.AlterField(
            model_name="reorderlevel",
            name="protection_interval_days",
            field=inventory.fields.RealField(null=True),
        ),
        migrations.AlterField(
            model_name="reorderlevel",
            name="reorder_point",
            field=models.DecimalField(decimal_places=3, max_digits=14, null=True),
        ),
        migrations.AlterField(
            model_name="reorderlevel",
            name="safety_stock",
            field=models.DecimalField(decimal_places=3, max_digits=14, null=True),
        ),
        migrations.AddIndex(
            model_name="replenishmentproposal",
            index=models.Index(
                condition=models.Q(("snoozed_until__isnull", False)),
                fields=["location", "sku"],
                name="orders_proposal_snoozed",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "cancelled"), _negated=True), ("cancelled_at__isnull", False), _connector="OR"
                ),
                name="orders_purchase_order_cancelled_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="reorderlevel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        ["proposed", "enough", "no_demand", "no_forecast", "no_source", "stopped", "snoozed"],
                    )
                ),
                name="orders_reorder_level_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="replenishmentproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("needs_review", False), ("edited_at__isnull", False), _connector="OR"),
                name="orders_proposal_review_after_edit",
            ),
        ),
    ]
