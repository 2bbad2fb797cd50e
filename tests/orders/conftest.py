"""A small firm that buys: two shops, a depot, two suppliers, three SKUs, and a forecast that can be checked by eye.

Demand is Poisson with a given mean per day, so the quantiles of any sum are those of a Poisson distribution.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import poisson

from accounts.models import Role, User
from forecasting.models import ForecastRun, PublishedForecast, SeriesForecast
from inventory.models import Category, Listing, Location, Sku
from inventory.services.posting import MovementLine, post_movements
from orders.models import ApprovalLimit, ExchangeRate, PurchaseOrder, ReplenishmentProposal
from orders.services.planning import plan_location
from suppliers.models import Supplier, SupplierTerms

NOW = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
AS_OF = date(2026, 3, 9)
TODAY = date(2026, 3, 10)
HORIZON = 28
GRID = (1, 2, 3, 5, 7, 10, 14, 21, 28)
LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.80, 0.90, 0.95, 0.975, 0.98, 0.99)


def make_place(code, kind="store", **fields):
    return Location.objects.create(code=code, name=code.title(), kind=kind, **fields)


def make_sku(code, **fields):
    fields = {"price": Decimal("3.00"), "cost": Decimal("2.00"), "created_at": NOW, **fields}
    return Sku.objects.create(code=code, name=f"Name of {code}", **fields)


def make_terms(supplier, sku, **fields):
    return SupplierTerms.objects.create(supplier=supplier, sku=sku, **{"price": Decimal("2.00"), **fields})


def make_supplier(code, **fields):
    fields = {"currency": "EUR", "promised_lead_time_days": 2, "email": f"{code.lower()}@example.test", **fields}
    return Supplier.objects.create(code=code, name=code.title(), **fields)


def make_run(as_of=AS_OF, time_zone="UTC"):
    run = ForecastRun.objects.create(
        slot=f"{as_of} {time_zone}", as_of=as_of, time_zone=time_zone, horizon_days=HORIZON, sum_days=list(GRID),
        levels=list(LEVELS), daily_levels=[0.5], candidate_labels=["average"], state="published", started_at=NOW,
    )  # fmt: skip
    PublishedForecast.objects.update_or_create(time_zone=time_zone, defaults={"run": run})
    return run


def foresee(run, sku, place, per_day):
    """A Poisson forecast; None says that there is not enough data."""
    nothing = per_day is None
    mean = np.full(HORIZON, np.nan if nothing else per_day)
    sums = [[np.nan if nothing else poisson.ppf(q, per_day * h) for q in LEVELS] for h in GRID]
    SeriesForecast.objects.update_or_create(
        run=run, sku=sku, location=place,
        defaults={
            "state": 2 if nothing else 0, "mean": mean.tolist(), "daily_quantiles": mean.tolist(),
            "sum_quantiles": np.ravel(sums).tolist(), "recovered_units": 0.0, "candidates": [0] * 5,
            "weights": [1.0, 0.0, 0.0, 0.0, 0.0], "gain": 0.0, "origins": 12,
        },
    )  # fmt: skip


def add_stock(sku, place, quantity, now=NOW):
    source = Location.objects.get(kind="supplier")
    line = MovementLine(sku.pk, source.pk, place.pk, Decimal(str(quantity)))
    return post_movements(lines=[line], kind="receipt", key=None, now=now)


def take_stock(sku, place, quantity, now=NOW):
    customer = Location.objects.get(kind="customer")
    line = MovementLine(sku.pk, place.pk, customer.pk, Decimal(str(quantity)))
    return post_movements(lines=[line], kind="sale", key=None, now=now)


def make_person(name, role=Role.PURCHASER):
    return User.objects.create_user(name, role=role, sees_all_locations=True)


def set_limits(alone, release=None, role=Role.PURCHASER):
    """In dollars, the firm's own currency; None is no limit."""
    ApprovalLimit.objects.update_or_create(role=role, defaults={"alone_up_to": alone, "release_up_to": release})


def ask_for(firm, sku, quantity, *, place=None, supplier=None, price=1):
    """An open proposal; with the rate of the firm a unit of price 1 costs 1 dollar."""
    return ReplenishmentProposal.objects.create(
        sku=sku, location=place or firm.shop, supplier=supplier or firm.acme, quantity=quantity,
        suggested_quantity=quantity, unit_price=price, expected_on=TODAY, created_at=NOW, updated_at=NOW,
    )  # fmt: skip


def sent_order(firm):
    """Ten of salt and ten of tea, sent to Acme and expected today."""
    made = PurchaseOrder.objects.create(
        number="PO-1", supplier=firm.acme, location=firm.shop, state="sent", currency="EUR", total=20,
        ordered_on=TODAY, expected_on=TODAY, created_at=NOW,
    )  # fmt: skip
    for sku in (firm.salt, firm.tea):
        made.lines.create(sku=sku, quantity=10, unit_price=1)
    return made


def build_firm():
    """Listed at the shop: tea (2 a day), salt (1 a day), soap (no forecast). Acme delivers in 2 days, in packs of 6."""
    shop, other, depot = make_place("SHOP"), make_place("OTHER"), make_place("DEPOT", kind="warehouse")
    category = Category.objects.create(code="food", name="Food")
    tea, salt, soap = (make_sku(code, category=category) for code in ("tea", "salt", "soap"))
    acme, best = make_supplier("ACME"), make_supplier("BEST")
    for sku in (tea, salt, soap):
        make_terms(acme, sku, pack_size=Decimal(6))
        Listing.objects.create(sku=sku, location=shop, listed_on=date(2026, 1, 1))
    run = make_run()
    foresee(run, tea, shop, 2.0)
    foresee(run, salt, shop, 1.0)
    foresee(run, soap, shop, None)
    ExchangeRate.objects.create(currency="EUR", valid_from=date(2026, 1, 1), rate=1)
    buyer = make_person("buyer")
    return SimpleNamespace(
        shop=shop, other=other, depot=depot, category=category, tea=tea, salt=salt, soap=soap, acme=acme, best=best,
        run=run, buyer=buyer,
    )  # fmt: skip


@pytest.fixture
def firm(db):
    return build_firm()


@pytest.fixture
def committed_firm(transactional_db):
    """The same, visible to other connections."""
    return build_firm()


@pytest.fixture
def plan(firm):
    """plan() plans the shop tonight; plan(now=...) at another moment."""

    def run_plan(place=None, as_of=AS_OF, now=NOW):
        return plan_location(location_id=(place or firm.shop).pk, run_id=firm.run.pk, as_of=as_of, now=now)

    return run_plan
