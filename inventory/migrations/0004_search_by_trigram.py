"""A search for a part of a name or code among 100,000 SKUs uses an index instead of reading them all."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_transfer_number")]

    operations = [
        TrigramExtension(),
        migrations.AddIndex(
            model_name="sku",
            index=GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="inventory_sku_name_words"),
        ),
        migrations.AddIndex(
            model_name="sku",
            index=GinIndex(OpClass(Upper("code"), name="gin_trgm_ops"), name="inventory_sku_code_words"),
        ),
    ]
