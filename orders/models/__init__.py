"""Tables of replenishment: rules, derived levels, proposals, purchase orders, receipts."""

from orders.models.approval import ApprovalLimit, BuyingSettings, Delegation
from orders.models.auto_approval import AutoApprovalDay, AutoApprovalRule
from orders.models.budget import Budget, BudgetPeriod
from orders.models.emergency import Emergency, EmergencySettings, EmergencyState, WayKind
from orders.models.exchange_rate import ExchangeRate
from orders.models.policy import Outcome, PolicyRule, ReorderLevel
from orders.models.proposal import ProposalPart, ProposalState, ReplenishmentProposal
from orders.models.purchase_order import OrderState, PurchaseOrder, PurchaseOrderLine
from orders.models.receipt import Receipt, ReceiptLine
from orders.models.replay import Replay, ReplayPart
from orders.models.revision import OrderRevision
from orders.models.shared_outlook import SharedOutlook
from orders.models.supplier_link import SupplierLink
from orders.models.supplier_return import SupplierReturn, SupplierReturnLine
from orders.models.supply_request import OfferState, RequestState, SupplyOffer, SupplyRequest

__all__ = [
    "ApprovalLimit",
    "AutoApprovalDay",
    "AutoApprovalRule",
    "Budget",
    "BudgetPeriod",
    "BuyingSettings",
    "Delegation",
    "Emergency",
    "EmergencySettings",
    "EmergencyState",
    "ExchangeRate",
    "OfferState",
    "OrderRevision",
    "OrderState",
    "Outcome",
    "PolicyRule",
    "ProposalPart",
    "ProposalState",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "Receipt",
    "ReceiptLine",
    "ReorderLevel",
    "Replay",
    "ReplayPart",
    "ReplenishmentProposal",
    "RequestState",
    "SharedOutlook",
    "SupplierLink",
    "SupplierReturn",
    "SupplierReturnLine",
    "SupplyOffer",
    "SupplyRequest",
    "WayKind",
]
