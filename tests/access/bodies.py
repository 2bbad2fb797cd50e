"""A body that is taken, for each address that writes: what the tests of writable fields start from."""

from tests.access.world import MARK

LINE = {"sku": "APPLE", "quantity": "1"}
GOODS = {"location": MARK, "lines": [LINE]}


def bodies(world):
    """(address, method, object) -> body."""
    sku, supplier, alpha = world.sku.pk, world.objects["supplier"]["pk"], world.alpha.pk
    made = {"code": "NEW", "name": "New"}
    terms = {"supplier": supplier, "sku": world.objects["other_sku"]["pk"], "price": "2"}
    promotion = {"name": "Fair", "starts_on": "2027-11-11", "ends_on": "2027-11-12", "location": alpha}
    return {
        ("api:skus", "post", ""): made,
        ("api:sku", "patch", "sku"): {"name": "Pear"},
        ("api:location", "patch", "place"): {"may_go_negative": True, "address": "1 Road", "contact": "Ana"},
        ("api:styles", "post", ""): {**made, "axes": [{"name": "Size", "values": [{"name": "S"}]}]},
        ("api:supplier-list", "post", ""): {**made, "currency": "EUR"},
        ("api:supplier-detail", "patch", "supplier"): {"name": "Garden"},
        ("api:supplier-terms-list", "post", ""): terms,
        **_calendars(supplier),
        ("api:policy-rule-list", "post", ""): {"sku": sku, "category": None, "location": alpha, "lot_days": 9},
        ("api:promotion-list", "post", ""): promotion,
        ("api:promotion-detail", "put", "promotion"): promotion,
        ("api:predecessor-detail", "put", "successor"): {"predecessor": sku, "share": "0.5"},
        ("api:promotion-load-pack", "post", ""): {"pack": "china", "country": "CN", "years": [2026]},
        ("api:forecast-override-list", "post", ""): {
            "sku": sku,
            "category": None,
            "location": alpha,
            "starts_on": "2027-11-11",
            "ends_on": "2027-11-12",
            "percent": "30",
            "reason": "festival",
        },
        ("api:approval-limit-detail", "patch", "limit"): {"alone_up_to": "77.00"},
        **_buying(alpha),
        ("api:delegation-list", "post", ""): {
            "taker": world.users["BETA"]["A"].pk,
            "starts_on": "2126-01-01",
            "ends_on": "2126-01-02",
        },
        ("api:webhook_endpoint-list", "post", ""): {"url": "https://93.184.216.34/hook"},
        ("api:webhook_endpoint-detail", "patch", "webhook"): {"description": "till"},
        **_people(alpha),
        ("api:sales", "post", ""): GOODS,
        ("api:returns", "post", ""): GOODS,
        ("api:receipts", "post", ""): GOODS,
        ("api:adjustments", "post", ""): {**GOODS, "reason": "found"},
        ("api:counts", "post", ""): GOODS,
        ("api:reservations", "post", ""): {**GOODS, "reference": "order 7"},
        ("api:movements", "post", ""): {
            "lines": [{"kind": "receipt", "location": MARK, **LINE}, {"kind": "sale", "location": alpha, **LINE}]
        },
        ("api:transfers", "post", ""): {"source": MARK, "destination": "DEPOT", "lines": [LINE]},
    }


def _people(place):
    nora = {"username": "nora", "display_name": "Nora", "role": "staff", "locations": [place]}
    return {
        ("api:api_key-list", "post", ""): {"name": "till"},
        ("api:person-list", "post", ""): nora,
        ("api:person-detail", "patch", "person"): {"display_name": "Samuel"},
    }


def _calendars(supplier):
    feast = {"supplier": supplier, "name": "Feast", "starts_on": "2126-11-11", "ends_on": "2126-11-12"}
    return {
        ("api:supplier-closure-list", "post", ""): feast,
        ("api:supplier-closure-detail", "patch", "closure"): {"name": "Feast"},
    }


def _buying(place):
    made = {"name": "New", "location": place, "order_up_to": "5", "daily_cap": "9"}
    return {
        ("api:auto-approval-rule-list", "post", ""): made,
        ("api:auto-approval-rule-detail", "patch", "auto_rule"): {"daily_cap": "77.00"},
        ("api:budget-list", "post", ""): {
            "name": "New",
            "location": place,
            "period": "week",
            "starts_on": "2126-01-01",
            "amount": "9.00",
        },
        ("api:budget-detail", "patch", "budget"): {"amount": "77.00"},
        ("api:exchange-rate-list", "post", ""): {"currency": "GBP", "valid_from": "2026-03-01", "rate": "1.3"},
    }
