"""Rows of replenishment that people and programs edit."""

from accounts.versions import Versioned
from orders.locks import lock_auto_rule, lock_budget, lock_limit, lock_rule

RULE = Versioned("orders_policyrule", lock=lock_rule)
LIMIT = Versioned("orders_approvallimit", lock=lock_limit)
BUDGET = Versioned("orders_budget", lock=lock_budget, parts=[("orders_budget_suppliers", "budget_id")])
AUTO_RULE = Versioned("orders_autoapprovalrule", lock=lock_auto_rule)
