from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0004_search_by_trigram"),
        ("orders", "0003_approval_key"),
    ]

    operations = [
        migrations.AddField(
            model_name="policyrule",
            name="holding_rate",
            field=models.DecimalField(decimal_places=3, default="0.250", max_digits=4),
        ),
        migrations.AddField(
            model_name="policyrule",
            name="ordering_cost",
            field=models.DecimalField(decimal_places=4, default=0, max_digits=10),
        ),
        migrations.AddConstraint(
            model_name="policyrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("ordering_cost__gte", 0)), name="orders_policy_ordering_cost_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="policyrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("holding_rate__gt", 0)), name="orders_policy_holding_rate_positive"
            ),
        ),
    ]
