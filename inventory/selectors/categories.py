"""The assortment tree as it stands."""

from inventory.domain.category_tree import CategoryTree
from inventory.models import Category

# (above, id): each category with itself and with all that it lies in. UNION ends a ring, which nobody should have made.
WITHIN = """
WITH RECURSIVE within (above, id) AS (
    SELECT id, id FROM inventory_category
    UNION
    SELECT within.above, child.id FROM inventory_category child JOIN within ON child.parent_id = within.id
)
SELECT above, id FROM within
"""


def load_tree() -> CategoryTree:
    """The whole assortment tree, in one statement; it has as many nodes as somebody typed."""
    rows = list(Category.objects.values_list("pk", "parent_id", "name"))
    return CategoryTree({pk: parent for pk, parent, _name in rows}, {pk: name for pk, _parent, name in rows})
