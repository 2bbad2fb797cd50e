"""More states of an order, and what its supplier says of each line."""

from django.db import migrations, models

STATES = [
    ("draft", "Draft"),
    ("awaiting_approval", "Awaiting approval"),
    ("approved", "Approved"),
    ("sent", "Sent"),
    ("confirmed", "Confirmed"),
    ("partly_received", "Partly received"),
    ("received", "Received"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
OPEN_STATES = ("draft", "awaiting_approval", "approved", "sent", "confirmed", "partly_received")


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0004_ordering_cost"),
    ]

    operations = [
        migrations.AlterField(
            model_name="purchaseorder",
            name="state",
            field=models.CharField(choices=STATES, max_length=20),
        ),
        migrations.RemoveConstraint(model_name="purchaseorder", name="orders_purchase_order_state_known"),
        migrations.AddConstraint(
            model_name="purchaseorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", [state for state, _title in STATES])),
                name="orders_purchase_order_state_known",
            ),
        ),
        migrations.RemoveIndex(model_name="purchaseorder", name="orders_purchase_order_open"),
        migrations.AddIndex(
            model_name="purchaseorder",
            index=models.Index(
                condition=models.Q(("state__in", OPEN_STATES)),
                fields=["location", "expected_on"],
                name="orders_purchase_order_open",
            ),
        ),
        migrations.AddField(
            model_name="purchaseorderline",
            name="expected_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="purchaseorderline",
            name="confirmed_quantity",
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name="purchaseorderline",
            name="promised_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_quantity__isnull", True), ("confirmed_quantity__gte", 0), _connector="OR"
                ),
                name="orders_line_confirmed_not_negative",
            ),
        ),
    ]
