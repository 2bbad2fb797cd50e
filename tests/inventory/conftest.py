"""A small firm: two shops, a warehouse, a few SKUs, and a way to stock and watch them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine

from accounts.models import User
from inventory.models import Category, Location, Movement, Sku, StockLevel
from inventory.services.count_entries import keep_entries
from inventory.services.count_policies import set_count_policy
from inventory.services.count_results import submit_count
from inventory.services.listings import list_skus
from inventory.services.posting import MovementLine, post_movements
from inventory.services.stock_counts import Wanted, create_count

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def at_noon():
    """The clock of pages and API shows NOW, and goes on."""
    with time_machine.travel(NOW):
        yield


def virtual(kind):
    return Location.objects.get(kind=kind)


def make_place(code, kind="store", **fields):
    fields.setdefault("time_zone", "Europe/Paris")
    return Location.objects.create(code=code, name=code.title(), kind=kind, **fields)


def make_sku(code, unit="each", **fields):
    fields = {"price": Decimal("2.50"), "cost": Decimal("1.20"), "created_at": NOW, **fields}
    return Sku.objects.create(code=code, name=f"Name of {code}", unit=unit, **fields)


def line(sku, source, destination, quantity, **fields):
    return MovementLine(sku.pk, source.pk, destination.pk, Decimal(str(quantity)), **fields)


def level_of(sku, place):
    return StockLevel.objects.filter(sku=sku, location=place).values_list("on_hand", flat=True).first() or Decimal(0)


def ledger_sum(sku, place):
    rows = Movement.objects.filter(sku=sku)
    return sum(
        row.quantity * ((row.destination_id == place.pk) - (row.source_id == place.pk)) for row in rows
    ) or Decimal(0)


@pytest.fixture
def firm(db):
    """Shops `shop` and `other`, warehouse `depot`; `apple`, `bread` (each) and `rice` (kg), all listed at `shop`."""
    places = {
        "shop": make_place("SHOP"),
        "other": make_place("OTHER"),
        "depot": make_place("DEPOT", kind="warehouse"),
        **{kind: virtual(kind) for kind in ("supplier", "customer", "loss", "in_transit")},
    }
    category = Category.objects.create(code="food", name="Food")
    skus = {code: make_sku(code, category=category) for code in ("apple", "bread")}
    skus["rice"] = make_sku("rice", unit="kg", category=category)
    list_skus(
        sku_ids=[sku.pk for sku in skus.values()],
        location_ids=[places["shop"].pk],
        listed_on=date(2026, 1, 1),
        now=datetime(2026, 1, 2, tzinfo=UTC),
    )
    return SimpleNamespace(category=category, **places, **skus)


@pytest.fixture
def stock(firm):
    """stock(sku, place, 10) brings ten units from the suppliers."""

    def bring(sku, place, quantity, **fields):
        return post_movements(
            lines=[line(sku, firm.supplier, place, quantity, **fields)], kind="receipt", key=None, now=NOW
        )

    return bring


@pytest.fixture
def tools():
    return SimpleNamespace(
        NOW=NOW, line=line, level_of=level_of, ledger_sum=ledger_sum, make_sku=make_sku, make_place=make_place
    )


@pytest.fixture
def counting(firm, stock, tools):
    """An open count of apple, bread and rice at the shop, which holds ten apples; `pear` exists and is not on it.

    `sam` and `other` count, `boss` decides. `limit(6)` lets differences of up to six units post at once.
    """
    stock(firm.apple, firm.shop, 10, occurred_at=NOW - timedelta(hours=2))
    firm.pear = make_sku("pear")
    people = {
        name: User.objects.create_user(name, role=role, sees_all_locations=True)
        for name, role in (("sam", "staff"), ("olga", "staff"), ("boss", "manager"))
    }
    count = create_count(
        location=firm.shop,
        wanted=Wanted("all"),
        user=people["sam"],
        now=NOW - timedelta(hours=1),
    )

    def send(*entries, user=people["sam"], now=NOW, **clock):
        return keep_entries(count_id=count.pk, entries=entries, user=user, now=now, **clock)

    def limit(units):
        values = {"limit_units": units, "limit_money": None, "limit_percent": None}
        return set_count_policy(location=firm.shop, values=values, user=None, now=NOW)

    def submit(now=NOW):
        return submit_count(count_id=count.pk, user=people["sam"], now=now)

    return SimpleNamespace(
        count=count, sam=people["sam"], other=people["olga"], boss=people["boss"], send=send, limit=limit, submit=submit
    )
