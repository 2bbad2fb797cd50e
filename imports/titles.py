"""Names of the kinds of file, and one sentence on each."""

from django.utils.translation import gettext_lazy as _

TITLES = {
    "products": _("Products, stock and suppliers in one file"),
    "sales": _("Sales history"),
    "skus": _("SKUs"),
    "locations": _("Stores and warehouses"),
    "stock": _("Opening stock"),
    "suppliers": _("Suppliers"),
    "terms": _("Supplier terms"),
}
HINTS = {
    "products": _(
        "The quickest start: one row for each product and store, with what is there now and who delivers it."
    ),
    "sales": _("Units sold per day, product and store before you began here; a year of it makes a good forecast."),
    "skus": _("Codes, names, categories, units, costs and prices."),
    "locations": _("Codes, names and time zones, and which warehouse supplies which store."),
    "stock": _("What is on hand where, when you begin."),
    "suppliers": _("Names, e-mail addresses, lead times, minimum orders."),
    "terms": _("Which supplier delivers which SKU, at what price, in what packs."),
}
