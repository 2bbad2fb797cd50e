"""What the truck of a supplier holds, and whether orders are filled up or cut to it; so far it does not matter."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("suppliers", "0005_supplier_calendar"),
    ]

    operations = [
        migrations.AddField(
            model_name="supplier",
            name="fill_days",
            field=models.PositiveSmallIntegerField(db_default=30, default=30),
        ),
        migrations.AddField(
            model_name="supplier",
            name="truck_cubic_metres",
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True),
        ),
        migrations.AddField(
            model_name="supplier",
            name="truck_kilograms",
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True),
        ),
        migrations.AddField(
            model_name="supplier",
            name="truck_policy",
            field=models.CharField(
                choices=[
                    ("none", "Trucks do not matter"),
                    ("fill", "Fill the truck"),
                    ("limit", "Never more than one truck"),
                ],
                db_default="none",
                default="none",
                max_length=5,
            ),
        ),
        migrations.AddField(
            model_name="supplier",
            name="truck_value",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("truck_policy", "none"),
                    ("truck_kilograms__gt", 0),
                    ("truck_cubic_metres__gt", 0),
                    ("truck_value__gt", 0),
                    _connector="OR",
                ),
                name="suppliers_truck_holds_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.CheckConstraint(
                condition=models.Q(("truck_policy__in", ["none", "fill", "limit"])), name="suppliers_truck_known"
            ),
        ),
    ]
