"""Two stores. All objects belong to ALPHA; each role has a user at ALPHA and one at BETA."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

import numpy as np
from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.services.api_keys import create_api_key
from alerts.models import Alert
from forecasting.engine import Config, Panel, forecast
from forecasting.models import SeriesForecast
from forecasting.selectors.overrides import Level
from forecasting.services.overrides import Change, make_override
from forecasting.services.predecessors import set_predecessor
from forecasting.services.promotions import Entry, save_promotion
from forecasting.services.runs import open_run, publish_run, write_series
from inventory.domain.goods import LotName
from inventory.models import Location, Lot, Reason, ShelfPosition, Sku, StockCount, Style, Transfer, Variant
from inventory.services.kits import PartLine, set_kit_parts
from inventory.services.listings import list_skus
from inventory.services.posting import MovementLine, post_movements
from inventory.services.receiving import receive_goods
from inventory.services.reservations import reserve_stock
from inventory.services.sales import GoodsLine
from jobs.models import JobRun
from orders.models import (
    ApprovalLimit,
    AutoApprovalRule,
    Budget,
    Delegation,
    Emergency,
    PolicyRule,
    PurchaseOrder,
    ReorderLevel,
    Replay,
    ReplenishmentProposal,
    SharedOutlook,
    SupplyRequest,
)
from outbox.models import Message, WebhookEndpoint
from suppliers.models import Supplier, SupplierTerms

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)
ROLES = {"S": "staff", "M": "manager", "P": "purchaser", "A": "administrator"}
# Stands in every object of ALPHA, so that a page that shows it has leaked.
MARK = "ONLYALPHA"


def make_world():
    alpha, beta = (Location.objects.create(code=code, name=f"{code} store", kind="store") for code in (MARK, "BETA"))
    sku = Sku.objects.create(code="APPLE", name="Apple", cost=1, price=2, created_at=NOW)
    for place in (alpha, beta):
        list_skus(sku_ids=[sku.pk], location_ids=[place.pk], listed_on=TODAY - timedelta(days=30), now=NOW)
    suppliers = Location.objects.get(kind="supplier")
    posting = post_movements(
        lines=[MovementLine(sku.pk, suppliers.pk, alpha.pk, Decimal(10))], kind="receipt", key=None, now=NOW, note=MARK
    )
    world = SimpleNamespace(alpha=alpha, beta=beta, sku=sku, sessions={})
    world.objects = {
        "sku": {"pk": sku.pk},
        "series": {"sku_id": sku.pk, "location_id": alpha.pk},
        "posting": {"pk": posting.pk},
        "kind": {"kind": "products", "ending": "csv"},
        # Files belong to who brought them, so nobody here has one.
        "own_import": {"pk": 0},
        "export": {"name": "movements", "ending": "csv"},
        "own_import_errors": {"pk": 0, "ending": "csv"},
        **_promises(world),
        **_lots(world),
        **_orders(world),
        **_catalogue(world),
        **_integrations(),
        "asked_sku": {"sku_id": sku.pk},
        "forecast": {"pk": _forecast(world)},
        "override": {"pk": _override(world)},
        "promotion": {"pk": _promotion(world)},
        "successor": {"sku": _successor(world)},
    }
    world.objects["supply_request"] = {"pk": _supply_request(world)}
    world.users = {place.code: {letter: _user(letter, place) for letter in ROLES} for place in (alpha, beta)}
    world.objects["person"] = {"pk": world.users[MARK]["S"].pk}
    world.objects["auto_rule"] = {"pk": _auto_rule(world)}
    world.objects["budget"] = {"pk": _budget(world)}
    world.objects["replay"] = {"pk": _replay(world)}
    return world


def client_of(world, user):
    """A new client for each request; signing in, which writes, happens once for each person."""
    client = Client(raise_request_exception=False)
    if user is not None and user.pk not in world.sessions:
        client.force_login(user)
        world.sessions[user.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value
    if user is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[user.pk]
    return client


def _auto_rule(world):
    author = world.users[MARK]["P"]
    return AutoApprovalRule.objects.create(
        name=MARK, author=author, location=world.alpha, order_up_to=5, daily_cap=9, created_at=NOW
    ).pk


def _budget(world):
    return Budget.objects.create(
        name=MARK, author=world.users[MARK]["P"], location=world.alpha, period="month", starts_on=TODAY, amount=1000,
        created_at=NOW,
    ).pk  # fmt: skip


def _replay(world):
    """One that has not begun, asked for by the purchaser of ALPHA."""
    days = {"first_day": TODAY - timedelta(days=60), "last_day": TODAY}
    user = world.users[MARK]["P"]
    return Replay.objects.create(location=world.alpha, requested_by=user, requested_at=NOW, **days).pk


def _catalogue(world):
    style = Style.objects.create(code="SHIRT", name="Shirt", created_at=NOW)
    axis = style.axes.create(position=1, name="Size")
    Variant.objects.create(sku=world.sku, style=style, first=axis.values.create(name="M"))
    stored = Location.objects.create(code=f"BIN-{MARK}", name=f"BIN-{MARK}", kind="bin", parent=world.alpha)
    rows = {"style": style, "bin": stored, "reason": Reason.objects.first()}
    return {name: {"pk": row.pk} for name, row in rows.items()}


def _user(letter, place):
    role = ROLES[letter]
    user = User.objects.create_user(f"{role}-{place.code}", role=role, email=f"{role}@example.com")
    user.location_access.create(location=place)
    return user


def _lots(world):
    """A lot at ALPHA of a SKU that belongs to no store."""
    milk = Sku.objects.create(code="MILK", name="Milk", cost=1, price=2, created_at=NOW, is_lot_tracked=True)
    line = GoodsLine(milk.pk, Decimal(3), lot=LotName(f"L-{MARK}"))
    receive_goods(location=world.alpha, lines=[line], key=None, user=None, now=NOW)
    return {"lot": {"pk": Lot.objects.get().pk}}


def _promises(world):
    """A reservation at ALPHA, and a kit, which belongs to no store."""
    basket = Sku.objects.create(code="BASKET", name="Basket", cost=1, price=4, created_at=NOW)
    set_kit_parts(kit_id=basket.pk, parts=[PartLine(world.sku.pk, Decimal(2))], user=None, now=NOW)
    (held,) = reserve_stock(
        location=world.alpha, lines=[GoodsLine(world.sku.pk, Decimal(1))], reference=MARK, key=None, user=None, now=NOW
    )
    return {"reservation": {"pk": held.pk}, "kit": {"pk": basket.pk}}


def _orders(world):
    supplier = Supplier.objects.create(code="FARM", name="Farm", currency="USD", email="farm@example.com")
    common = {"sku": world.sku, "location": world.alpha}
    proposal = ReplenishmentProposal.objects.create(
        **common, supplier=supplier, quantity=5, suggested_quantity=5, unit_price=1, expected_on=TODAY,
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    order = PurchaseOrder.objects.create(
        number=f"PO-{MARK}", supplier=supplier, location=world.alpha, state="sent", currency="USD", total=5,
        ordered_on=TODAY, expected_on=TODAY, created_at=NOW,
    )  # fmt: skip
    order.lines.create(sku=world.sku, quantity=5, unit_price=1)
    receipt = order.receipts.create(key=MARK, received_at=NOW)
    elsewhere = Location.objects.create(code="DEPOT", name="Depot", kind="warehouse")
    transfer = Transfer.objects.create(
        number=f"TR-{MARK}", source=world.alpha, destination=elsewhere, state="draft", created_at=NOW
    )
    arrival = Transfer.objects.create(
        number=f"TR-IN-{MARK}", source=elsewhere, destination=world.alpha, state="shipped", created_at=NOW
    )
    for moved in (transfer, arrival):
        moved.lines.create(sku=world.sku, quantity=1)
    count = StockCount.objects.create(number=f"SC-{MARK}", location=world.alpha, scope="list", created_at=NOW)
    count_line = count.lines.create(sku=world.sku)
    ShelfPosition.objects.create(sku=world.sku, location=world.alpha, aisle=MARK)
    rule = PolicyRule.objects.create(sku=world.sku, location=world.alpha)
    level = ReorderLevel.objects.create(
        **common, computed_on=TODAY, protection_interval_days=8, mean_daily_demand=1, reorder_point=8,
        order_up_to_level=15, safety_stock=2, cycle_service_level=0.95, review_period_days=1, lot_days=7,
        outcome="enough",
    )  # fmt: skip
    alert = Alert.objects.create(
        **common, kind="stock_risk", severity="low", opened_at=NOW, updated_at=NOW, turned_at=NOW
    )
    terms = SupplierTerms.objects.create(supplier=supplier, sku=world.sku, price=1)
    emergency = Emergency.objects.create(
        **common, supplier=supplier, kind="express", quantity=5, runs_out_on=TODAY, relief_on=TODAY, expected_on=TODAY,
        stockout_cost=9, saving=5, ways=[_way("express", supplier.pk), _way("wait", 0)], reason={"lines": []},
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    found = {"proposal": proposal, "order": order, "transfer": transfer, "reorder_level": level, "alert": alert}
    found |= {"receipt": receipt, "emergency": emergency, "draft": _draft(supplier, world.alpha)}
    found |= {"arrival": arrival, "rule": rule, "count": count, "count_line": count_line, "place": world.alpha}
    SharedOutlook.objects.create(supplier=supplier, shared_at=NOW)
    keys = {name: {"pk": item.pk} for name, item in {**found, "supplier": supplier, "terms": terms}.items()}
    keys["outlook"] = {"supplier": supplier.pk}
    return {**keys, **_closure(supplier)}


def _closure(supplier):
    closure = supplier.closures.create(name="Fair", starts_on=TODAY, ends_on=TODAY)
    return {"closure": {"pk": closure.pk}, "closure_page": {"pk": supplier.pk, "closure_id": closure.pk}}


def _draft(supplier, place):
    return PurchaseOrder.objects.create(
        number=f"DRAFT-{MARK}", supplier=supplier, location=place, state="draft", currency="USD", total=0,
        ordered_on=TODAY, expected_on=TODAY, created_at=NOW,
    )  # fmt: skip


def _way(kind, party_id):
    numbers = dict.fromkeys(("quantity", "unit_price", "own_cost", "giver_cost", "lost", "lost_cost"), "5")
    return {"kind": kind, "party_id": party_id, "name": "", "currency": "USD", "arrives_on": "2026-03-10", **numbers}


def _supply_request(world):
    asker = User.objects.get(username="root")
    found = SupplyRequest.objects.create(
        sku=world.sku, location=world.alpha, quantity=5, wanted_by=TODAY, created_at=NOW, created_by=asker,
        closes_at=NOW + timedelta(days=1),
    )  # fmt: skip
    return found.pk


def _integrations():
    admin = User.objects.create_user("root", role="administrator", sees_all_locations=True)
    endpoint = WebhookEndpoint.objects.create(
        url="https://example.com/hook", secret="whsec_MDEyMzQ1Njc4OWFiY2RlZg==", created_at=NOW, created_by=admin
    )
    chat = WebhookEndpoint.objects.create(url="https://example.com/robot", format="wecom", created_at=NOW)
    message = Message.objects.create(
        event_id=uuid4(), event_type="test", channel="webhook", target=str(endpoint.pk), payload={}, state="failed",
        next_attempt_at=NOW, created_at=NOW,
    )  # fmt: skip
    run = JobRun.objects.create(job="nightly", slot="2026-03-09 UTC", state="done", created_at=NOW, finished_at=NOW)
    key, _token = create_api_key(user=admin, name="till", now=NOW)
    stand_in = User.objects.create_user("stand-in", role="administrator", sees_all_locations=True)
    lent = Delegation.objects.create(giver=admin, taker=stand_in, starts_on=TODAY, ends_on=TODAY, created_at=NOW)
    limit, _is_new = ApprovalLimit.objects.get_or_create(role="purchaser")
    rows = {"limit": limit, "own_delegation": lent, "webhook": endpoint, "chat": chat, "message": message, "run": run,
            "api_key": key}  # fmt: skip
    return {name: {"pk": item.pk} for name, item in rows.items()}


def _forecast(world):
    config = Config(horizon_days=7)
    run = open_run(slot="2026-03-09 UTC", as_of=TODAY - timedelta(days=1), time_zone="UTC", config=config, now=NOW)
    output = forecast(Panel(np.ones((1, 60), dtype=np.float32), start=TODAY - timedelta(days=60)), config)
    write_series(run_id=run.pk, location_ids=world.alpha.pk, sku_ids=np.array([world.sku.pk]), forecast=output)
    publish_run(run_id=run.pk, now=NOW)
    return SeriesForecast.objects.get().pk


def _successor(world):
    """A new SKU that takes the place of the apple."""
    sku = Sku.objects.create(code="APPLE-2", name="Apple 2", cost=1, price=2, created_at=NOW)
    set_predecessor(sku_id=sku.pk, predecessor_id=world.sku.pk, share=Decimal(1), actor=None, now=NOW)
    return sku.pk


def _promotion(world):
    entry = Entry(name=MARK, starts_on=TODAY, ends_on=TODAY, location_id=world.alpha.pk)
    return save_promotion(promotion_id=None, entry=entry, actor=None, now=NOW).pk


def _override(world):
    return make_override(
        level=Level(location_id=world.alpha.pk), change=Change(TODAY, TODAY, percent=Decimal(10)), reason=MARK,
        actor=None, now=NOW,
    ).pk  # fmt: skip
