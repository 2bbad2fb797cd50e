"""Terms say which share a supplier is to get, and what comes by express at which premium."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("suppliers", "0003_price_breaks"),
    ]

    operations = [
        migrations.AddField(
            model_name="supplierterms",
            name="express_lead_time_days",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="supplierterms",
            name="express_premium_percent",
            field=models.DecimalField(db_default=0, decimal_places=2, default=0, max_digits=6),
        ),
        migrations.AddField(
            model_name="supplierterms",
            name="share_percent",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="supplierterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("share_percent__isnull", True),
                    models.Q(("share_percent__gte", 1), ("share_percent__lte", 100)),
                    _connector="OR",
                ),
                name="suppliers_terms_share_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("express_premium_percent__gte", 0)), name="suppliers_terms_premium_not_negative"
            ),
        ),
    ]
