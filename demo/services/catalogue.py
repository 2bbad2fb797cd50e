"""Writes what the demo trades: places, the assortment with its barcodes, suppliers and their terms."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
from django.utils.text import slugify

from demo.domain.grocery import DemoSku, Grocery, IntArray
from demo.domain.supplier_book import (
    PLACES,
    SHOP_COUNT,
    SIZES,
    SUPPLIER_BOOK,
    WAREHOUSE,
    DemoSupplier,
    is_central,
    regular_prices,
    supplier_packs,
    supplier_terms,
    unit_costs,
)
from inventory.models import Barcode, Category, Listing, Location, LocationKind, Sku
from inventory.selectors.places import counterpart_ids
from suppliers.domain.calendar import mask_of
from suppliers.models import Supplier, SupplierClosure, SupplierTerms
from suppliers.models.supplier import TruckPolicy
from suppliers.services.prices import note_prices

SHELF_LIFE_DAYS = {"Bakery": 4, "Dairy & eggs": 18, "Deli": 6, "Meat & fish": 8, "Produce": 7}
# GS1 leaves numbers that begin with 2 to the shop itself, so a demo barcode can never be a real article's.
UNIT_BARCODE_PREFIX, CASE_BARCODE_PREFIX = "20", "21"


@dataclass(frozen=True)
class Catalogue:
    """Ids by the indices of the replay: `places` follows PLACES, `skus` the grocery's SKUs, `suppliers` the book."""

    places: IntArray
    skus: IntArray
    suppliers: IntArray
    shops: dict[str, Location]

    @property
    def stocking_ids(self) -> list[int]:
        """The shops and the warehouse."""
        found: list[int] = self.places[: WAREHOUSE + 1].tolist()
        return found


def cents(amount: int) -> Decimal:
    return Decimal(int(amount)) / 100


def ean13(twelve_digits: str) -> str:
    """The twelve digits with their check digit: odd places weigh 1, even ones 3, the sum ends in 0."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve_digits))
    return f"{twelve_digits}{-total % 10}"


def barcode(prefix: str, sku_code: str) -> str:
    return ean13(f"{prefix}{int(sku_code):010d}")


def create_places(*, time_zone: str) -> list[Location]:
    """The six shops and their warehouse; the counterparts exist already. Returned in the order of PLACES."""
    warehouse_place = PLACES[WAREHOUSE]
    warehouse = Location.objects.create(
        code=warehouse_place.code, name=warehouse_place.name, kind=LocationKind.WAREHOUSE, time_zone=time_zone
    )
    shops = Location.objects.bulk_create(
        Location(code=place.code, name=place.name, kind=place.kind, time_zone=time_zone, supplied_by=warehouse)
        for place in PLACES[:SHOP_COUNT]
    )
    ids = counterpart_ids()
    counterparts = Location.objects.in_bulk([ids[place.kind] for place in PLACES[WAREHOUSE + 1 :]])
    return [*shops, warehouse, *(counterparts[ids[place.kind]] for place in PLACES[WAREHOUSE + 1 :])]


def create_categories(grocery: Grocery) -> dict[tuple[str, str], Category]:
    """Departments with their categories; found by (department, category)."""
    departments = sorted({sku.department for sku in grocery.skus})
    tops = Category.objects.bulk_create(Category(code=slugify(name), name=name) for name in departments)
    by_name = {top.name: top for top in tops}
    pairs = sorted({(sku.department, sku.category) for sku in grocery.skus})
    leaves = Category.objects.bulk_create(
        Category(code=f"{by_name[top].code}.{slugify(name)}", name=name, parent=by_name[top]) for top, name in pairs
    )
    return dict(zip(pairs, leaves, strict=True))


def create_skus(grocery: Grocery, *, created_at: datetime) -> list[Sku]:
    """The assortment with a barcode for one unit and one for the supplier's pack."""
    categories = create_categories(grocery)
    prices, costs, packs = regular_prices(grocery), unit_costs(grocery), supplier_packs(grocery)

    def build(index: int, sku: DemoSku) -> Sku:
        return Sku(
            code=sku.code,
            name=sku.name,
            category=categories[sku.department, sku.category],
            cost=cents(costs[index]),
            price=cents(prices[index]),
            shelf_life_days=SHELF_LIFE_DAYS.get(sku.department),
            weight_kg=Decimal(SIZES[sku.department][0]) / 1000,
            volume_l=Decimal(SIZES[sku.department][1]) / 1000,
            created_at=created_at,
        )

    skus = Sku.objects.bulk_create([build(index, sku) for index, sku in enumerate(grocery.skus)])
    units = [Barcode(sku=sku, code=barcode(UNIT_BARCODE_PREFIX, sku.code)) for sku in skus]
    cases = [
        Barcode(sku=sku, code=barcode(CASE_BARCODE_PREFIX, sku.code), pack_quantity=int(pack))
        for sku, pack in zip(skus, packs, strict=True)
        if pack > 1
    ]
    Barcode.objects.bulk_create([*units, *cases])
    return skus


def create_listings(grocery: Grocery, *, skus: list[Sku], places: list[Location], listed_on: date) -> None:
    """Every SKU is on sale in every shop; the warehouse keeps the central ones."""
    shops, warehouse = places[:SHOP_COUNT], places[WAREHOUSE]
    central = is_central(grocery)
    pairs = [(sku, shop) for sku in skus for shop in shops]
    pairs += [(sku, warehouse) for sku, kept in zip(skus, central, strict=True) if kept]
    Listing.objects.bulk_create(Listing(sku=sku, location=place, listed_on=listed_on) for sku, place in pairs)


def create_suppliers(grocery: Grocery, *, skus: list[Sku], currency: str, created_at: datetime) -> list[Supplier]:
    """The supplier book and the terms of every SKU, whose prices begin with them."""
    suppliers = Supplier.objects.bulk_create(_supplier(entry, currency) for entry in SUPPLIER_BOOK)
    terms = supplier_terms(grocery)
    made = SupplierTerms.objects.bulk_create(
        SupplierTerms(
            supplier=suppliers[terms.supplier[row]],
            sku=skus[terms.sku[row]],
            supplier_code=f"{SUPPLIER_BOOK[terms.supplier[row]].code}-{skus[terms.sku[row]].code}",
            price=cents(terms.price_cents[row]),
            pack_size=int(terms.pack_size[row]),
            minimum_quantity=int(terms.minimum_quantity[row]),
            promised_lead_time_days=int(terms.lead_time_days[row]),
            priority=int(terms.priority[row]),
            express_lead_time_days=terms.express_days(row),
            express_premium_percent=terms.express_premium(row),
        )
        for row in range(len(terms.sku))
    )
    note_prices(terms_ids=[row.pk for row in made], now=created_at)
    return suppliers


def _supplier(entry: DemoSupplier, currency: str) -> Supplier:
    """With their week, their hour and their truck."""
    truck = entry.truck
    return Supplier(
        code=entry.code,
        name=entry.name,
        email=entry.email,
        currency=currency,
        promised_lead_time_days=entry.lead_time_days,
        minimum_order_value=cents(entry.minimum_order_cents),
        order_days=mask_of([day + 1 for day in entry.order_weekdays]),
        delivery_days=mask_of([day + 1 for day in entry.delivery_weekdays]),
        cut_off=None if entry.cut_off_hour is None else time(entry.cut_off_hour),
        truck_policy=truck.policy if truck else TruckPolicy.NONE,
        truck_kilograms=truck.kilograms if truck else None,
        truck_cubic_metres=truck.cubic_metres if truck else None,
    )


def create_closures(suppliers: list[Supplier], *, last_day: date) -> None:
    """The days on which some of them will soon be closed."""
    closed = [(supplier, entry.closure) for supplier, entry in zip(suppliers, SUPPLIER_BOOK, strict=True)]
    SupplierClosure.objects.bulk_create(
        SupplierClosure(
            supplier=supplier,
            name=closure.name,
            starts_on=last_day + timedelta(days=closure.starts_in),
            ends_on=last_day + timedelta(days=closure.starts_in + closure.days - 1),
        )
        for supplier, closure in closed
        if closure
    )


def create_catalogue(
    grocery: Grocery, *, time_zone: str, currency: str, first_day: date, last_day: date, created_at: datetime
) -> Catalogue:
    """Everything that must exist before stock can move, and when the suppliers are closed after the last day."""
    places = create_places(time_zone=time_zone)
    skus = create_skus(grocery, created_at=created_at)
    create_listings(grocery, skus=skus, places=places, listed_on=first_day)
    suppliers = create_suppliers(grocery, skus=skus, currency=currency, created_at=created_at)
    create_closures(suppliers, last_day=last_day)
    return Catalogue(
        places=np.array([place.pk for place in places], np.int64),
        skus=np.array([sku.pk for sku in skus], np.int64),
        suppliers=np.array([supplier.pk for supplier in suppliers], np.int64),
        shops={place.code: place for place in places[:SHOP_COUNT]},
    )
