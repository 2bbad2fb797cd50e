"""Transfers are numbered by a sequence: two at once never get the same number, and nobody waits for one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_append_only_ledger")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE inventory_transfer_number", "DROP SEQUENCE inventory_transfer_number"),
    ]
