"""What each role may do. Pages, API, exports and commands all ask here."""

from accounts.models import Role, User

VIEW_STOCK = "view_stock"
WRITE_STOCK = "write_stock"
REVERSE_POSTINGS = "reverse_postings"
APPROVE_COUNTS = "approve_counts"
HOLD_LOTS = "hold_lots"
EDIT_CATALOGUE = "edit_catalogue"
IMPORT_DATA = "import_data"
IMPORT_SUPPLIERS = "import_suppliers"
BRING_FILES = "bring_files"
VIEW_ORDERS = "view_orders"
RECEIVE_ORDERS = "receive_orders"
DECIDE_PROPOSALS = "decide_proposals"
APPROVE_ORDERS = "approve_orders"
SET_BUYING_RULES = "set_buying_rules"
EDIT_RULES = "edit_rules"
EDIT_SUPPLIERS = "edit_suppliers"
PLAN_DEMAND = "plan_demand"
VIEW_ALERTS = "view_alerts"
HANDLE_ALERTS = "handle_alerts"
VIEW_DASHBOARDS = "view_dashboards"
VIEW_JOBS = "view_jobs"
MANAGE_INTEGRATIONS = "manage_integrations"
MANAGE_USERS = "manage_users"
MANAGE_STAFF = "manage_staff"

# Which files each may bring is said by what is in them.
_EVERYBODY = {VIEW_STOCK, VIEW_ALERTS, BRING_FILES}
_PERMITTED: dict[str, frozenset[str]] = {
    Role.STAFF: frozenset(_EVERYBODY | {WRITE_STOCK, VIEW_ORDERS, RECEIVE_ORDERS}),
    Role.MANAGER: frozenset(
        _EVERYBODY
        | {
            WRITE_STOCK,
            REVERSE_POSTINGS,
            APPROVE_COUNTS,
            HOLD_LOTS,
            EDIT_CATALOGUE,
            IMPORT_DATA,
            IMPORT_SUPPLIERS,
            VIEW_ORDERS,
            RECEIVE_ORDERS,
            PLAN_DEMAND,
            APPROVE_ORDERS,
            EDIT_RULES,
            HANDLE_ALERTS,
            VIEW_DASHBOARDS,
            VIEW_JOBS,
            MANAGE_STAFF,
        }
    ),
    Role.PURCHASER: frozenset(
        _EVERYBODY
        | {
            VIEW_ORDERS,
            RECEIVE_ORDERS,
            DECIDE_PROPOSALS,
            APPROVE_ORDERS,
            EDIT_SUPPLIERS,
            IMPORT_SUPPLIERS,
            PLAN_DEMAND,
            EDIT_RULES,
            HANDLE_ALERTS,
            VIEW_DASHBOARDS,
            VIEW_JOBS,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        _EVERYBODY
        | {
            WRITE_STOCK,
            REVERSE_POSTINGS,
            APPROVE_COUNTS,
            HOLD_LOTS,
            EDIT_CATALOGUE,
            IMPORT_DATA,
            IMPORT_SUPPLIERS,
            VIEW_ORDERS,
            RECEIVE_ORDERS,
            DECIDE_PROPOSALS,
            APPROVE_ORDERS,
            SET_BUYING_RULES,
            EDIT_RULES,
            EDIT_SUPPLIERS,
            PLAN_DEMAND,
            HANDLE_ALERTS,
            VIEW_DASHBOARDS,
            VIEW_JOBS,
            MANAGE_INTEGRATIONS,
            MANAGE_USERS,
            MANAGE_STAFF,
        }
    ),
}


def is_permitted(user: User, permission: str) -> bool:
    """Whether the user's role allows it. Where they may do it is decided by `inventory.selectors.scope`."""
    return user.is_active and permission in _PERMITTED[user.role]


def permissions_of(user: User) -> frozenset[str]:
    return _PERMITTED[user.role] if user.is_active else frozenset()


def roles_given_by(user: User) -> tuple[str, ...]:
    """The roles of people whom the user may add and change, never above their own. A manager gives out that of store
    staff alone: whoever could make a second manager or a purchaser could be the second person for their own orders.
    """
    permitted = permissions_of(user)
    if MANAGE_USERS in permitted:
        return tuple(Role.values)
    return (Role.STAFF,) if MANAGE_STAFF in permitted else ()
