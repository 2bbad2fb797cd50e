"""The menu: which pages there are, who sees them, and which four stand in the tab bar of a phone."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.models import Role, User
from accounts.roles import permissions_of

Text = str | Promise


@dataclass(frozen=True)
class Entry:
    """A page of the menu; `route` is the name of its address."""

    route: str
    label: Text
    icon: str
    permission: str


@dataclass(frozen=True)
class Item:
    """An entry as drawn on one page."""

    route: str
    label: Text
    icon: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Group:
    label: Text
    items: list[Item]


@dataclass(frozen=True)
class Navigation:
    """`groups` for the side menu; `tabs` and, behind "More", `more` for phones."""

    groups: list[Group]
    tabs: list[Item]
    more: list[Group]
    search_url: str


MENU: tuple[tuple[Text, tuple[Entry, ...]], ...] = (
    (
        "",
        (
            Entry("dashboards:home", _("Home"), "home", roles.VIEW_STOCK),
            Entry("dashboards:stock", _("Stock"), "box", roles.VIEW_STOCK),
            Entry("inventory:movements", _("Movements"), "clock", roles.VIEW_STOCK),
            Entry("inventory:styles", _("Styles"), "grid", roles.VIEW_STOCK),
            Entry("inventory:kits", _("Kits"), "box", roles.VIEW_STOCK),
            Entry("inventory:lots", _("Lots"), "calendar", roles.VIEW_STOCK),
            Entry("alerts:list", _("Alerts"), "bell", roles.VIEW_ALERTS),
            Entry("dashboards:stockouts", _("Stockouts"), "chart", roles.VIEW_DASHBOARDS),
        ),
    ),
    (
        _("At the shelf"),
        (
            Entry("inventory:sell", _("Sell"), "cart", roles.WRITE_STOCK),
            Entry("inventory:receive", _("Receive"), "receive", roles.WRITE_STOCK),
            Entry("inventory:count", _("Count"), "count", roles.WRITE_STOCK),
            Entry("inventory:stock_counts", _("Stock counts"), "count", roles.VIEW_STOCK),
            Entry("inventory:adjust", _("Adjust"), "adjust", roles.WRITE_STOCK),
            Entry("inventory:reservations", _("Reservations"), "lock", roles.VIEW_STOCK),
            Entry("orders:transfers", _("Transfers"), "transfer", roles.VIEW_STOCK),
            Entry("inventory:labels", _("Labels"), "label", roles.VIEW_STOCK),
        ),
    ),
    (
        _("Purchasing"),
        (
            Entry("orders:proposals", _("Proposals"), "inbox", roles.VIEW_ORDERS),
            Entry("orders:purchase_orders", _("Orders"), "order", roles.VIEW_ORDERS),
            Entry("orders:emergencies", _("Emergencies"), "warning", roles.VIEW_ORDERS),
            Entry("orders:supply_requests", _("Urgent requests"), "send", roles.VIEW_ORDERS),
            Entry("orders:replays", _("Replay"), "chart", roles.VIEW_DASHBOARDS),
            Entry("suppliers:list", _("Suppliers"), "supplier", roles.VIEW_ORDERS),
            Entry("forecasting:accuracy", _("Accuracy"), "chart", roles.VIEW_DASHBOARDS),
            Entry("forecasting:calendar", _("Calendar"), "calendar", roles.VIEW_DASHBOARDS),
            Entry("forecasting:overrides", _("Overrides"), "edit", roles.VIEW_DASHBOARDS),
            Entry("orders:policies", _("Replenishment rules"), "adjust", roles.VIEW_ORDERS),
        ),
    ),
    (
        _("Set-up"),
        (
            Entry("imports:upload", _("Import"), "upload", roles.PLAN_DEMAND),
            Entry("inventory:reasons", _("Reasons"), "edit", roles.EDIT_CATALOGUE),
            Entry("orders:rules", _("Buying rules"), "adjust", roles.APPROVE_ORDERS),
            Entry("inventory:bins", _("Places and bins"), "store", roles.VIEW_STOCK),
            Entry("people:list", _("People"), "user", roles.MANAGE_STAFF),
            Entry("jobs:list", _("Jobs"), "clock", roles.VIEW_JOBS),
            Entry("outbox:webhooks", _("Webhooks and chats"), "plug", roles.MANAGE_INTEGRATIONS),
            Entry("accounts:api_keys", _("API keys"), "key", roles.MANAGE_INTEGRATIONS),
        ),
    ),
)

TABS: dict[str, tuple[str, ...]] = {
    Role.STAFF: ("dashboards:home", "inventory:sell", "inventory:receive", "dashboards:stock"),
    Role.MANAGER: ("dashboards:home", "dashboards:stock", "alerts:list", "dashboards:stockouts"),
    Role.PURCHASER: ("dashboards:home", "orders:proposals", "orders:purchase_orders", "alerts:list"),
    Role.ADMINISTRATOR: ("dashboards:home", "dashboards:stock", "orders:proposals", "jobs:list"),
}


def navigation_for(user: User, path: str) -> Navigation:
    """The menu of this user on the page at `path`; the entry with the longest matching address is the current one."""
    permitted = permissions_of(user)
    groups = [
        Group(label, [_item(entry, path) for entry in entries if entry.permission in permitted])
        for label, entries in MENU
    ]
    groups = [group for group in groups if group.items]
    by_route = {item.route: item for group in groups for item in group.items}
    wanted = TABS[user.role]
    return Navigation(
        groups=groups,
        tabs=[by_route[route] for route in wanted if route in by_route],
        more=_without(groups, set(wanted)),
        search_url=by_route["dashboards:stock"].url if "dashboards:stock" in by_route else "",
    )


def _item(entry: Entry, path: str) -> Item:
    url = reverse(entry.route)
    is_current = path == url if url == "/" or url == "/stock/" else path.startswith(url)
    return Item(entry.route, entry.label, entry.icon, url, is_current)


def _without(groups: Iterable[Group], routes: set[str]) -> list[Group]:
    rest = [Group(group.label, [item for item in group.items if item.route not in routes]) for group in groups]
    return [group for group in rest if group.items]
