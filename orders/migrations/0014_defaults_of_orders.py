"""Orders that are loaded in bulk need not name every column."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0013_supply_requests"),
    ]

    operations = [
        migrations.AlterField(
            model_name="purchaseorder",
            name="decision_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AlterField(
            model_name="purchaseorder",
            name="needs_second",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="purchaseorder",
            name="revision",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="purchaseorderline",
            name="over_allowed",
            field=models.DecimalField(db_default=0, decimal_places=3, default=0, max_digits=14),
        ),
        migrations.AlterField(
            model_name="purchaseorderline",
            name="returned",
            field=models.DecimalField(db_default=0, decimal_places=3, default=0, max_digits=14),
        ),
    ]
