"""Rows of replenishment that people and programs edit."""

from accounts.versions import Versioned
from orders.locks import lock_rule

RULE = Versioned("orders_policyrule", lock=lock_rule)
