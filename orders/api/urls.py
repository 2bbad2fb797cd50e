"""Addresses of `orders` under /api/v1/."""

from rest_framework.routers import SimpleRouter

from orders.api.auto_approval import AutoApprovalRuleViewSet
from orders.api.budgets import BudgetViewSet
from orders.api.drafts import DraftOrderViewSet
from orders.api.emergencies import EmergencyViewSet
from orders.api.policy import PolicyRuleViewSet
from orders.api.replays import ReplayViewSet
from orders.api.rules import ApprovalLimitViewSet, DelegationViewSet, ExchangeRateViewSet
from orders.api.shared_outlook import SharedOutlookViewSet
from orders.api.supply_requests import SupplyRequestViewSet
from orders.api.views import ProposalViewSet, PurchaseOrderViewSet, ReorderLevelViewSet

router = SimpleRouter()
router.register("proposals", ProposalViewSet, basename="proposal")
router.register("emergencies", EmergencyViewSet, basename="emergency")
router.register("draft-orders", DraftOrderViewSet, basename="draft-order")
router.register("purchase-orders", PurchaseOrderViewSet, basename="purchase-order")
router.register("reorder-levels", ReorderLevelViewSet, basename="reorder-level")
router.register("policy-rules", PolicyRuleViewSet, basename="policy-rule")
router.register("approval-limits", ApprovalLimitViewSet, basename="approval-limit")
router.register("auto-approval-rules", AutoApprovalRuleViewSet, basename="auto-approval-rule")
router.register("budgets", BudgetViewSet, basename="budget")
router.register("exchange-rates", ExchangeRateViewSet, basename="exchange-rate")
router.register("delegations", DelegationViewSet, basename="delegation")
router.register("replays", ReplayViewSet, basename="replay")
router.register("supply-requests", SupplyRequestViewSet, basename="supply-request")
router.register("shared-outlooks", SharedOutlookViewSet, basename="shared-outlook")
urlpatterns = router.urls
