"""Names of the kinds of file, and one sentence on each."""

from django.utils.translation import gettext_lazy as _

from accounts.roles import IMPORT_DATA, IMPORT_SUPPLIERS, PLAN_DEMAND, WRITE_STOCK

TITLES = {
    "products": _("Products, stock and suppliers in one file"),
    "sales": _("Sales history"),
    "skus": _("SKUs"),
    "locations": _("Stores and warehouses"),
    "stock": _("Opening stock"),
    "movements": _("Movements"),
    "counts": _("Counts"),
    "suppliers": _("Suppliers"),
    "terms": _("Supplier terms"),
    "closures": _("Closing days of suppliers"),
    "promotions": _("Promotions"),
    "holidays": _("Holidays and other days of your own"),
    "predecessors": _("Predecessors of new SKUs"),
}
HINTS = {
    "products": _(
        "The quickest start: one row for each product and store, with what is there now and who delivers it."
    ),
    "sales": _("Units sold per day, product and store before you began here; a year of it makes a good forecast."),
    "skus": _("Codes, names, categories, units, costs, prices, weight and volume."),
    "locations": _("Codes, names, time zones and countries, and which warehouse supplies which store."),
    "stock": _("What is on hand where, when you begin."),
    "movements": _("Receipts, sales, returns, transfers and adjustments, from a till or another system."),
    "counts": _("What was found on the shelves; levels are set to it, with later sales reckoned in."),
    "suppliers": _("Names, e-mail addresses, lead times, minimum orders, order and delivery days, trucks."),
    "terms": _("Which supplier delivers which SKU, at what price, in what packs, and by express."),
    "closures": _("When suppliers neither take orders nor deliver, such as Chinese New Year."),
    "promotions": _(
        "Past or planned. Rows with the same name, days and store make one promotion: of SKUs, categories, or all."
    ),
    "holidays": _(
        "Days that change demand and stand in no public calendar. The same name each year teaches the forecast."
    ),
    "predecessors": _("Which SKU takes the place of which, and how much of its demand is expected."),
}
# Who may bring a file of this kind; the others are for those who set the firm up.
OF_SUPPLIERS = ("suppliers", "terms", "closures")
PLANNED = ("promotions", "holidays", "predecessors")
PERMISSIONS = {
    **dict.fromkeys(TITLES, IMPORT_DATA),
    **dict.fromkeys(OF_SUPPLIERS, IMPORT_SUPPLIERS),
    **dict.fromkeys(PLANNED, PLAN_DEMAND),
    "counts": WRITE_STOCK,
}
# What a column says, for the page on which its place in a file is chosen.
COLUMNS = {
    "address": _("Address for deliveries"),
    "barcode": _("Barcode"),
    "category": _("Category"),
    "code": _("Code"),
    "contact": _("Who takes deliveries in"),
    "cost": _("Cost"),
    "counted_at": _("Counted at"),
    "counterpart": _("To (transfers)"),
    "country": _("Country"),
    "currency": _("Currency"),
    "cut_off": _("Orders of a day until"),
    "date": _("Date"),
    "delivery_days": _("They deliver on"),
    "discount_percent": _("Discount in per cent"),
    "email": _("E-mail"),
    "ends_on": _("Last day"),
    "expires_on": _("Expires on"),
    "express_lead_time_days": _("Days by express"),
    "express_premium_percent": _("Express costs more by, in percent"),
    "fill_days": _("Fill it for at most, in days"),
    "id": _("Number of the movement"),
    "is_active": _("In use"),
    "kind": _("Kind"),
    "language": _("Language"),
    "lead_time_days": _("Lead time in days"),
    "location": _("Store or warehouse"),
    "lost": _("Lost units"),
    "lot": _("Lot"),
    "maximum_order_value": _("Largest order"),
    "maximum_quantity": _("Most of a line"),
    "minimum_order_value": _("Minimum order value"),
    "minimum_quantity": _("Minimum quantity"),
    "name": _("Name"),
    "on_hand": _("On hand"),
    "order_days": _("They take orders on"),
    "pack_size": _("Pack size"),
    "pallet_percent": _("Fill a pallet that lacks at most, in percent"),
    "pallet_size": _("Units on a pallet"),
    "predecessor": _("Predecessor"),
    "price": _("Price"),
    "price_breaks": _("Price breaks"),
    "priority": _("Priority"),
    "quantity": _("Quantity"),
    "reason": _("Reason"),
    "reference": _("Reference"),
    "region": _("Region"),
    "share": _("Share"),
    "share_percent": _("Share of what is bought, in percent"),
    "shelf_life_days": _("Shelf life in days"),
    "sku": _("SKU"),
    "starts_on": _("First day"),
    "supplied_by": _("Supplied by"),
    "supplier": _("Supplier"),
    "supplier_code": _("Their code"),
    "supplier_email": _("Supplier's e-mail"),
    "time_zone": _("Time zone"),
    "truck_cubic_metres": _("It holds, in cubic metres"),
    "truck_kilograms": _("It holds, in kg"),
    "truck_policy": _("Truck or container"),
    "truck_value": _("It holds goods worth"),
    "unit": _("Unit"),
    "unit_price": _("Unit price"),
    "volume_l": _("Space of a unit in litres"),
    "weight_kg": _("Weight of a unit in kg"),
}
EXPORT_TITLES = {
    "skus": _("SKUs"),
    "levels": _("Stock levels"),
    "movements": _("Movements"),
    "counts": _("Results of counts"),
    "lost-sales": _("Lost sales"),
    "stockouts": _("Stockouts"),
    "proposals": _("Proposals"),
    "orders": _("Lines of purchase orders"),
    "suppliers": _("Suppliers"),
    "terms": _("Supplier terms"),
    "closures": _("Closing days of suppliers"),
}
