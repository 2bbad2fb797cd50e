"""Tables of the stock: what we stock, where, the ledger of its movements, and the demand it met."""

from inventory.models.count_policy import CountClass, CountCycle, CountPolicy
from inventory.models.demand import (
    DEMAND_BLOCK_DAYS,
    NEVER,
    ClosedDay,
    DemandBlock,
    LostSale,
    LostSaleCause,
    PriceBlock,
    StockoutEvent,
)
from inventory.models.kit import KitPart
from inventory.models.level import Listing, StockLevel
from inventory.models.location import Location, LocationAccess, LocationKind
from inventory.models.lot import Lot, LotHold, LotLevel, LotStatus
from inventory.models.movement import FOUND, ONLY_GONE, Movement, MovementKind, Posting, Reason
from inventory.models.pack import Pack
from inventory.models.reservation import Reservation, ReservationEvent, ReservationEventKind, ReservationState
from inventory.models.shelf import ShelfPosition
from inventory.models.sku import Barcode, Category, Sku, Unit
from inventory.models.stock_count import (
    CountEntry,
    CountHold,
    CountLineState,
    CountScope,
    CountState,
    StockCount,
    StockCountLine,
)
from inventory.models.style import AxisValue, Style, StyleAxis, Variant
from inventory.models.substitute import Substitute
from inventory.models.transfer import Transfer, TransferLine, TransferState
from inventory.models.transfer_difference import TransferDifference

__all__ = [
    "DEMAND_BLOCK_DAYS",
    "FOUND",
    "NEVER",
    "ONLY_GONE",
    "AxisValue",
    "Barcode",
    "Category",
    "ClosedDay",
    "CountClass",
    "CountCycle",
    "CountEntry",
    "CountHold",
    "CountLineState",
    "CountPolicy",
    "CountScope",
    "CountState",
    "DemandBlock",
    "KitPart",
    "Listing",
    "Location",
    "LocationAccess",
    "LocationKind",
    "LostSale",
    "LostSaleCause",
    "Lot",
    "LotHold",
    "LotLevel",
    "LotStatus",
    "Movement",
    "MovementKind",
    "Pack",
    "Posting",
    "PriceBlock",
    "Reason",
    "Reservation",
    "ReservationEvent",
    "ReservationEventKind",
    "ReservationState",
    "ShelfPosition",
    "Sku",
    "StockCount",
    "StockCountLine",
    "StockLevel",
    "StockoutEvent",
    "Style",
    "StyleAxis",
    "Substitute",
    "Transfer",
    "TransferDifference",
    "TransferLine",
    "TransferState",
    "Unit",
    "Variant",
]
