"""Foreign keys by whose column a wider index begins need none of their own, which every row written had to keep.
Nobody asks for postings by their person, nor for keys by how they begin.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.index_operations import DropForeignKeyIndex

# What Django adds to a unique text for searches by its beginning.
LIKE_INDEXES = {
    "inventory_posting": "inventory_posting_key_c7aac03b_like",
    "inventory_lostsale": "inventory_lostsale_key_8735306a_like",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("inventory", "0023_address_of_a_place"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            migrations.RunSQL(
                f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                f"CREATE INDEX CONCURRENTLY {name} ON {table} (key varchar_pattern_ops)",
            )
            for table, name in LIKE_INDEXES.items()
        ),
        DropForeignKeyIndex(
            model_name="locationaccess",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="location_access",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        DropForeignKeyIndex(
            model_name="posting",
            name="posted_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        DropForeignKeyIndex(
            model_name="transferline",
            name="transfer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="inventory.transfer",
            ),
        ),
    ]
