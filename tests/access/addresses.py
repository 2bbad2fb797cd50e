"""Who may reach what: every address of the system, method by method. A new address has to be written down here.

Letters are roles: S staff, M manager, P purchaser, A administrator. PUBLIC needs no sign-in. `store` marks addresses
of an object of one store: a user of another store gets 404, as if it did not exist.
"""

from dataclasses import dataclass

ALL, PUBLIC = "SMPA", "PUBLIC"


@dataclass(frozen=True)
class Address:
    """`allowed[method]` are the roles; `object` names what its id belongs to (see `world.py`)."""

    name: str
    allowed: dict[str, str]
    object: str = ""
    is_store: bool = False


def page(name, get="", post="", of="", store=False):
    allowed = {method: roles for method, roles in (("GET", get), ("POST", post)) if roles}
    return Address(name, allowed, of, store)


def api(name, of="", store=False, **allowed):
    return Address(f"api:{name}", {method.upper(): roles for method, roles in allowed.items()}, of, store)


ADDRESSES = [
    page("healthz", PUBLIC),
    page("readyz", PUBLIC),
    page("api_schema", PUBLIC),
    page("api_docs", PUBLIC),
    page("javascript_catalog", PUBLIC),
    page("set_language", post=PUBLIC),
    page("accounts:sign_in", PUBLIC, PUBLIC),
    page("accounts:sign_out", post=PUBLIC),
    page("accounts:language", post=PUBLIC),
    page("accounts:profile", ALL, ALL),
    page("accounts:api_keys", "A", "A"),
    page("accounts:revoke_api_key", post="A", of="api_key"),
    page("dashboards:home", ALL),
    page("dashboards:stock", ALL),
    page("dashboards:sku", ALL, ALL, of="sku"),
    page("dashboards:sku_ledger", ALL, of="series", store=True),
    page("dashboards:stockouts", "MPA"),
    page("inventory:sell", "SMA", "SMA"),
    page("inventory:receive", "SMA", "SMA"),
    page("inventory:adjust", "SMA", "SMA"),
    page("inventory:count", "SMA", "SMA"),
    page("inventory:send", "SMA", "SMA"),
    page("inventory:suggestions", "SMA"),
    page("inventory:sku_edit", "MA", "MA", of="sku"),
    page("suppliers:list", ALL),
    page("suppliers:supplier", ALL, of="supplier"),
    page("orders:proposals", ALL),
    page("orders:proposal", ALL, of="proposal", store=True),
    page("orders:consequence", "PA", of="proposal", store=True),
    page("orders:approve", post="PA"),
    page("orders:edit", post="PA", of="proposal", store=True),
    page("orders:reject", post="PA", of="proposal", store=True),
    page("orders:purchase_orders", ALL),
    page("orders:purchase_order", ALL, of="order", store=True),
    page("orders:receive", ALL, ALL, of="order", store=True),
    page("orders:cancel", post="PA", of="order", store=True),
    page("orders:close", post="PA", of="order", store=True),
    page("orders:mark_sent", post="PA", of="order", store=True),
    page("orders:transfers", ALL),
    page("orders:transfer", ALL, of="transfer", store=True),
    page("orders:ship_transfer", post="SMA", of="transfer", store=True),
    page("orders:receive_transfer", ALL, ALL, of="arrival", store=True),
    page("orders:cancel_transfer", post="SMA", of="transfer", store=True),
    page("alerts:list", ALL),
    page("alerts:acknowledge", post="MPA", of="alert", store=True),
    page("alerts:snooze", post="MPA", of="alert", store=True),
    page("imports:upload", "MA", "MA"),
    page("imports:template", "MA", of="kind"),
    page("imports:first_list", post="MA"),
    page("jobs:list", "MPA"),
    page("jobs:run", "MPA", of="run"),
    page("jobs:retry", post="A", of="run"),
    page("outbox:webhooks", "A", "A"),
    page("outbox:webhook", "A", of="webhook"),
    page("outbox:test_webhook", post="A", of="webhook"),
    page("outbox:switch_webhook", post="A", of="webhook"),
    page("outbox:rotate_secret", post="A", of="webhook"),
    page("outbox:delete_webhook", post="A", of="webhook"),
    page("outbox:resend", post="A", of="message"),
    api("me", get=ALL),
    api("api_key-list", get=ALL, post=ALL),
    api("api_key-detail", get=ALL, delete=ALL, of="own_api_key"),
    api("job_health", get="MPA"),
    api("job_run-list", get="MPA"),
    api("job_run-detail", get="MPA", of="run"),
    api("job_run-shards", get="MPA", of="run"),
    api("webhook_endpoint-list", get="A", post="A"),
    api("webhook_endpoint-detail", get="A", patch="A", delete="A", of="webhook"),
    api("webhook_endpoint-rotate-secret", post="A", of="webhook"),
    api("webhook_endpoint-test", post="A", of="webhook"),
    api("webhook_delivery-list", get="A"),
    api("webhook_delivery-detail", get="A", of="message"),
    api("webhook_delivery-resend", post="A", of="message"),
    api("skus", get=ALL, post="MA"),
    api("sku", get=ALL, patch="MA", of="sku"),
    api("categories", get=ALL),
    api("locations", get=ALL),
    api("stock_levels", get=ALL),
    api("movements", get=ALL),
    api("lost_sales", get=ALL),
    api("stockouts", get=ALL),
    api("sales", post="SMA"),
    api("returns", post="SMA"),
    api("receipts", post="SMA"),
    api("adjustments", post="SMA"),
    api("counts", post="SMA"),
    api("transfers", get=ALL, post="SMA"),
    api("transfer", get=ALL, of="transfer", store=True),
    api("transfer_ship", post="SMA", of="transfer", store=True),
    api("transfer_receive", post="SMA", of="arrival", store=True),
    api("transfer_cancel", post="SMA", of="transfer", store=True),
    api("supplier-list", get=ALL, post="PA"),
    api("supplier-detail", get=ALL, patch="PA", of="supplier"),
    api("supplier-terms-list", get=ALL, post="PA"),
    api("supplier-terms-detail", get=ALL, patch="PA", delete="PA", of="terms"),
    api("forecast-list", get=ALL),
    api("forecast-detail", get=ALL, of="forecast", store=True),
    api("proposal-list", get=ALL),
    api("proposal-approve-many", post="PA"),
    api("proposal-detail", get=ALL, of="proposal", store=True),
    api("proposal-approve", post="PA", of="proposal", store=True),
    api("proposal-edit", post="PA", of="proposal", store=True),
    api("proposal-reject", post="PA", of="proposal", store=True),
    api("purchase-order-list", get=ALL),
    api("purchase-order-detail", get=ALL, of="order", store=True),
    api("purchase-order-cancel", post="PA", of="order", store=True),
    api("purchase-order-close", post="PA", of="order", store=True),
    api("purchase-order-mark-sent", post="PA", of="order", store=True),
    api("purchase-order-receive", post=ALL, of="order", store=True),
    api("policy-rule-list", get=ALL, post="PA"),
    api("policy-rule-detail", get=ALL, delete="PA", of="rule", store=True),
    api("reorder-level-list", get=ALL),
    api("reorder-level-detail", get=ALL, of="reorder_level", store=True),
    api("reorder-level-why", get=ALL, of="reorder_level", store=True),
    api("alert-list", get=ALL),
    api("alert-detail", get=ALL, of="alert", store=True),
    api("alert-acknowledge", post="MPA", of="alert", store=True),
    api("alert-snooze", post="MPA", of="alert", store=True),
]
