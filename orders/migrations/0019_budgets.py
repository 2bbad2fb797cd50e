"""What may be spent in a period, and what of each proposal that leaves."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import inventory.fields


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0022_size_of_a_sku"),
        ("orders", "0018_delayed_to_the_next_truck"),
        ("suppliers", "0006_truck_of_a_supplier"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Budget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                (
                    "period",
                    models.CharField(choices=[("day", "Day"), ("week", "Week"), ("month", "Month")], max_length=5),
                ),
                ("starts_on", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                ("suppliers", models.ManyToManyField(blank=True, related_name="+", to="suppliers.supplier")),
            ],
        ),
        migrations.AddField(
            model_name="replenishmentproposal",
            name="averted",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=inventory.fields.RealField(),
                db_default=models.Value(
                    [], django.contrib.postgres.fields.ArrayField(base_field=inventory.fields.RealField(), size=None)
                ),
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="replenishmentproposal",
            name="cut_cost",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name="replenishmentproposal",
            name="cut_quantity",
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name="replenishmentproposal",
            name="cut_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.budget",
            ),
        ),
        migrations.AddConstraint(
            model_name="replenishmentproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cut_by__isnull", True), ("cut_cost__isnull", True), ("cut_quantity__isnull", True)),
                    models.Q(("cut_by__isnull", False), ("cut_quantity__gte", 0), ("supplier__isnull", False)),
                    _connector="OR",
                ),
                name="orders_proposal_cut_by_budget",
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("name",), name="orders_budget_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), models.Q(("name", ""), _negated=True)),
                name="orders_budget_amount_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.CheckConstraint(
                condition=models.Q(("period__in", ["day", "week", "month"])), name="orders_budget_period_known"
            ),
        ),
    ]
