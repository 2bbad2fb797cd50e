"""The demo's invented places, suppliers and terms around the real SKUs. Pure."""

from dataclasses import dataclass

import numpy as np

from demo.domain.grocery import BoolArray, Grocery, IntArray

SHOP_COUNT = 6
WAREHOUSE, IN_TRANSIT, SUPPLIERS, CUSTOMERS, LOSS = range(6, 11)
# Departments whose stock the warehouse holds; suppliers bring the others straight to the shops.
CENTRAL_DEPARTMENTS = ("Health & baby", "Household", "Pantry", "Pets", "Snacks & sweets")
PERISHABLE_DEPARTMENTS = ("Bakery", "Deli", "Meat & fish", "Produce")
PACKS = np.array([1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48])
# A case for the warehouse is this many packs for a shop.
CASE_PACKS = 4
SECOND_SUPPLIER = 11


@dataclass(frozen=True)
class Place:
    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class DemoSupplier:
    """`order_weekdays` with Monday 0; `late_share` of its orders come 1 to `latest_days` days after the promise."""

    code: str
    name: str
    email: str
    departments: tuple[str, ...]
    lead_time_days: int
    order_weekdays: tuple[int, ...]
    delivers_at: int
    minimum_order_cents: int
    late_share: float = 0.06
    latest_days: int = 2
    short_share: float = 0.0
    # Orders of a day until that hour; Monday 0 of the days on which they bring it.
    cut_off_hour: int | None = None
    delivery_weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    # Days by express and what it costs on top, in percent; None where nothing comes faster.
    express_days: int | None = None
    express_premium: int = 0
    truck: "Truck | None" = None
    closure: "ClosedSoon | None" = None


@dataclass(frozen=True)
class Truck:
    """One that is filled, or one that is all there is (`policy` as of a supplier); empty does not matter."""

    policy: str
    kilograms: int | None = None
    cubic_metres: int | None = None


@dataclass(frozen=True)
class ClosedSoon:
    """Closed for `days` from that many days after the last day of the year on."""

    name: str
    starts_in: int
    days: int


@dataclass(frozen=True)
class Terms:
    """One row per (SKU, supplier); all columns have the same length. Prices in cents per unit."""

    sku: IntArray
    supplier: IntArray
    price_cents: IntArray
    pack_size: IntArray
    minimum_quantity: IntArray
    lead_time_days: IntArray
    priority: IntArray

    def express_days(self, row: int) -> int | None:
        return SUPPLIER_BOOK[self.supplier[row]].express_days

    def express_premium(self, row: int) -> int:
        return SUPPLIER_BOOK[self.supplier[row]].express_premium


PLACES = (
    Place("S1", "Harbour Street", "store"),
    Place("S2", "Mill Road", "store"),
    Place("S3", "Station Square", "store"),
    Place("S4", "Park Lane", "store"),
    Place("S5", "Old Market", "store"),
    Place("S6", "North Gate", "store"),
    Place("W1", "Central warehouse", "warehouse"),
    Place("TRANSIT", "In transit", "in_transit"),
    Place("SUPPLIER", "Suppliers", "supplier"),
    Place("CUSTOMER", "Customers", "customer"),
    Place("LOSS", "Loss", "loss"),
)
_EVERY_DAY = (0, 1, 2, 3, 4, 5)
SUPPLIER_BOOK = (
    DemoSupplier("BAKE", "Sunrise Bakery", "orders@bakery.example.com", ("Bakery",), 1, _EVERY_DAY, 6, 2000,
                 cut_off_hour=17),
    DemoSupplier("DAIRY", "Green Valley Dairy", "orders@dairy.example.com", ("Milk", "Eggs", "Chilled juice",
                 "Cream & dips"), 1, (0, 2, 4, 5), 6, 3000, cut_off_hour=16),
    DemoSupplier("CHILL", "Alpine Chilled Foods", "sales@chilled.example.com", ("Dairy & eggs",), 2, (0, 3), 7, 4000,
                 cut_off_hour=14),
    DemoSupplier("FIELD", "Fresh Fields Produce", "orders@fields.example.com", ("Produce",), 1, (0, 2, 4, 6), 6, 2500,
                 cut_off_hour=18),
    DemoSupplier("MEAT", "Hillside Meats", "orders@meats.example.com", ("Meat & fish",), 2, (0, 2, 4), 7, 5000,
                 cut_off_hour=12),
    DemoSupplier("DELI", "Corner Deli Supply", "orders@deli.example.com", ("Deli",), 2, (1, 4), 8, 3000,
                 cut_off_hour=15),
    DemoSupplier("FROST", "Polar Frozen Foods", "desk@frozen.example.com", ("Frozen",), 3, (0, 3), 11, 5000,
                 late_share=0.4, latest_days=6, short_share=0.12, delivery_weekdays=_EVERY_DAY, express_days=1,
                 express_premium=25, closure=ClosedSoon("Cold store maintenance", 12, 6)),
    DemoSupplier("DRINK", "Riverside Beverages", "orders@drinks.example.com", ("Drinks",), 3, (1, 4), 10, 8000,
                 cut_off_hour=12, delivery_weekdays=_EVERY_DAY, express_days=1, express_premium=12),
    DemoSupplier("PANTRY", "Continental Grocery", "orders@grocery.example.com", ("Pantry",), 7, (0,), 9, 20000,
                 late_share=0.12, latest_days=4, cut_off_hour=12, delivery_weekdays=_EVERY_DAY, express_days=2,
                 express_premium=18, truck=Truck("fill", kilograms=800, cubic_metres=4)),
    DemoSupplier("SNACK", "Golden Snacks", "orders@snacks.example.com", ("Snacks & sweets",), 5, (1,), 9, 15000,
                 delivery_weekdays=_EVERY_DAY, express_days=2, express_premium=15),
    DemoSupplier("HOME", "Household and Care Partners", "orders@home.example.com", ("Household", "Health & baby",
                 "Pets"), 10, (2,), 10, 20000, late_share=0.1, latest_days=5, delivery_weekdays=_EVERY_DAY,
                 closure=ClosedSoon("Stocktaking", 16, 5)),
    DemoSupplier("WHOLE", "Allday Wholesale", "orders@wholesale.example.com", (), 2, _EVERY_DAY, 12, 1000,
                 cut_off_hour=20, express_days=1, express_premium=8),
)  # fmt: skip
MARGINS = {
    "Bakery": 38, "Dairy & eggs": 24, "Deli": 40, "Drinks": 26, "Frozen": 30, "Health & baby": 33, "Household": 25,
    "Meat & fish": 27, "Pantry": 28, "Pets": 28, "Produce": 36, "Snacks & sweets": 34,
}  # fmt: skip
# What one unit weighs and takes up, in grams and millilitres, by department.
SIZES = {
    "Bakery": (450, 2200), "Dairy & eggs": (500, 650), "Deli": (300, 500), "Drinks": (1500, 1700),
    "Frozen": (600, 1100), "Health & baby": (350, 900), "Household": (900, 2400), "Meat & fish": (700, 900),
    "Pantry": (500, 800), "Pets": (1200, 2000), "Produce": (600, 1200), "Snacks & sweets": (250, 1400),
}  # fmt: skip


def is_central(grocery: Grocery) -> BoolArray:
    """True for SKUs that the shops draw from the warehouse."""
    return np.array([sku.department in CENTRAL_DEPARTMENTS for sku in grocery.skus])


def first_supplier(grocery: Grocery) -> IntArray:
    """Supplier per SKU: by category or department; every tenth pantry SKU is the wholesaler's."""
    by_name = {name: index for index, supplier in enumerate(SUPPLIER_BOOK) for name in supplier.departments}
    chosen = np.array([by_name.get(sku.category, by_name[sku.department]) for sku in grocery.skus])
    pantry = np.flatnonzero(np.array([sku.department == "Pantry" for sku in grocery.skus]))
    chosen[pantry[4::10]] = SECOND_SUPPLIER
    return chosen


def shop_packs(grocery: Grocery) -> IntArray:
    """Units a shop gets at once: the largest usual pack that is at most five days of its mean demand."""
    daily = grocery.units.mean(axis=(1, 2))
    return np.asarray(PACKS[np.maximum(np.searchsorted(PACKS, daily * 5, side="right") - 1, 0)])


def supplier_packs(grocery: Grocery) -> IntArray:
    """Units per pack of the supplier: the shop's pack, or a case of several for what the warehouse buys."""
    return np.asarray(shop_packs(grocery) * np.where(is_central(grocery), CASE_PACKS, 1))


def regular_prices(grocery: Grocery) -> IntArray:
    """Usual price per SKU in cents: the median of its weeks."""
    return np.asarray(np.rint(np.median(grocery.price_cents[:, 1:], axis=1)), np.int64)


def unit_costs(grocery: Grocery) -> IntArray:
    """Price of the first supplier in cents per unit: the regular price less the department's usual margin."""
    margin = np.array([MARGINS[sku.department] for sku in grocery.skus])
    return np.asarray(np.maximum(regular_prices(grocery) * (100 - margin) // 100, 1))


def supplier_terms(grocery: Grocery) -> Terms:
    """First terms for every SKU; every fifth that keeps can also come, dearer and sooner, from the wholesaler."""
    first, cost, packs = first_supplier(grocery), unit_costs(grocery), supplier_packs(grocery)
    lead = np.array([supplier.lead_time_days for supplier in SUPPLIER_BOOK])
    storable = np.array([sku.department in (*CENTRAL_DEPARTMENTS, "Drinks") for sku in grocery.skus])
    second = np.flatnonzero(storable & (first != SECOND_SUPPLIER))[::5]
    every = np.arange(len(grocery.skus))
    small = np.maximum(packs[second] // 2, 1)
    return Terms(
        sku=np.concatenate([every, second]),
        supplier=np.concatenate([first, np.full(len(second), SECOND_SUPPLIER)]),
        price_cents=np.concatenate([cost, cost[second] * 109 // 100 + 1]),
        pack_size=np.concatenate([packs, small]),
        minimum_quantity=np.concatenate([packs, small]),
        lead_time_days=np.concatenate([lead[first], np.full(len(second), lead[SECOND_SUPPLIER])]),
        priority=np.concatenate([np.ones(len(every), dtype=np.int64), np.full(len(second), 2)]),
    )
