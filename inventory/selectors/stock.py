"""Finding SKUs: by what a person types or scans, and by the branch of the assortment they stand in."""

from django.db import connection
from django.db.models import Q, QuerySet

from inventory.models import Barcode, Sku

# So many matches of a search are named one by one.
FEW = 1_000

DESCENDANTS = """
WITH RECURSIVE tree AS (
    SELECT id FROM inventory_category WHERE id = %s
    UNION ALL
    SELECT child.id FROM inventory_category child JOIN tree ON child.parent_id = tree.id
)
SELECT id FROM tree
"""


def search_skus(search: str, *, is_active: bool | None = True, among: QuerySet[Sku] | None = None) -> QuerySet[Sku]:
    """SKUs (`among` these) whose code or name holds the words, or that carry this barcode."""
    skus = Sku.objects.all() if among is None else among
    skus = skus if is_active is None else skus.filter(is_active=is_active)
    text = search.strip()
    if not text:
        return skus
    few = few_matches(text)
    return skus.filter(_holding(text)) if few is None else skus.filter(pk__in=few)


def few_matches(text: str) -> list[int] | None:
    """Ids of the SKUs that match a search; None when there are more than `FEW`.

    Few matches are found by the index of three letters and then named by id; many of them are met soon by whoever walks
    the list in its order. The planner cannot tell the two apart, so we look first.
    """
    found = list(Sku.objects.filter(_holding(text)).order_by().values_list("pk", flat=True)[: FEW + 1])
    return found if len(found) <= FEW else None


def _holding(text: str) -> Q:
    scanned = list(Barcode.objects.filter(code=text).values_list("sku_id", flat=True))
    return Q(name__icontains=text) | Q(code__icontains=text) | Q(pk__in=scanned)


def category_tree(category_id: int) -> list[int]:
    """A category and everything below it."""
    with connection.cursor() as cursor:
        cursor.execute(DESCENDANTS, [category_id])
        return [row[0] for row in cursor.fetchall()]
