"""Cards that people and programs edit, and what belongs to the version of each."""

from dataclasses import replace

from accounts.versions import Versioned
from inventory.locks import lock_rules_of_place, lock_sku, lock_style

SKU = Versioned(
    "inventory_sku",
    lock=lock_sku,
    parts=(
        ("inventory_barcode", "sku_id"),
        ("inventory_pack", "sku_id"),
        ("inventory_substitute", "sku_id"),
        ("inventory_variant", "sku_id"),
    ),
)
# The page of the card also says where the SKU is on sale.
CARD = replace(SKU, parts=(*SKU.parts, ("inventory_listing", "sku_id")))
STYLE = Versioned("inventory_style", lock=lock_style, parts=(("inventory_styleaxis", "style_id"),))
LOCATION = Versioned("inventory_location", lock=lock_rules_of_place)
