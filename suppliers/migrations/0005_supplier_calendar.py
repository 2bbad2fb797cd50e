"""Weekdays, cut-off and closures of suppliers; those that are there take orders and deliver on every day."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("suppliers", "0004_shares_and_express"),
    ]

    operations = [
        migrations.CreateModel(
            name="SupplierClosure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
            ],
        ),
        migrations.AddField(
            model_name="supplier",
            name="cut_off",
            field=models.TimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="supplier",
            name="delivery_days",
            field=models.PositiveSmallIntegerField(db_default=127, default=127),
        ),
        migrations.AddField(
            model_name="supplier",
            name="order_days",
            field=models.PositiveSmallIntegerField(db_default=127, default=127),
        ),
        migrations.AddField(
            model_name="supplier",
            name="time_zone",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.CheckConstraint(
                condition=models.Q(("order_days__range", (1, 127)), ("delivery_days__range", (1, 127))),
                name="suppliers_some_day_each_week",
            ),
        ),
        migrations.AddField(
            model_name="supplierclosure",
            name="supplier",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="closures",
                to="suppliers.supplier",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierclosure",
            constraint=models.UniqueConstraint(fields=("supplier", "starts_on", "name"), name="suppliers_closure_once"),
        ),
        migrations.AddConstraint(
            model_name="supplierclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="suppliers_closure_ordered"
            ),
        ),
    ]
