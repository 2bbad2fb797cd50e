"""The orders of a need that was bought from several suppliers at once."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0020_orders_by_day")]

    operations = [
        migrations.CreateModel(
            name="ProposalPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14)),
                (
                    "proposal",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="orders.replenishmentproposal",
                    ),
                ),
                (
                    "purchase_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposal_parts",
                        to="orders.purchaseorder",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("proposal", "purchase_order"), name="orders_proposal_part_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="orders_proposal_part_positive"
                    ),
                ],
            },
        ),
    ]
