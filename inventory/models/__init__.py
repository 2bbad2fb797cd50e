"""Tables of the stock: what we stock, where, the ledger of its movements, and the demand it met."""

from inventory.models.demand import (
    DEMAND_BLOCK_DAYS,
    ClosedDay,
    DemandBlock,
    LostSale,
    LostSaleCause,
    StockoutEvent,
)
from inventory.models.level import Listing, StockLevel
from inventory.models.location import Location, LocationAccess, LocationKind
from inventory.models.movement import Movement, MovementKind, Posting, Reason
from inventory.models.sku import Barcode, Category, Sku, Unit
from inventory.models.transfer import Transfer, TransferLine, TransferState

__all__ = [
    "DEMAND_BLOCK_DAYS",
    "Barcode",
    "Category",
    "ClosedDay",
    "DemandBlock",
    "Listing",
    "Location",
    "LocationAccess",
    "LocationKind",
    "LostSale",
    "LostSaleCause",
    "Movement",
    "MovementKind",
    "Posting",
    "Reason",
    "Sku",
    "StockLevel",
    "StockoutEvent",
    "Transfer",
    "TransferLine",
    "TransferState",
    "Unit",
]
