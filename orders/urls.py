"""Addresses of the pages of `orders`."""

from django.urls import path

from orders.views import (
    changes,
    link_acts,
    order_changes,
    policies,
    proposals,
    purchase_orders,
    rules,
    supplier_answer,
    transfers,
)

app_name = "orders"
urlpatterns = [
    path("policies/", policies.policies, name="policies"),
    path("policies/new/", policies.new_policy, name="new_policy"),
    path("policies/<int:pk>/", policies.policy, name="policy"),
    path("policies/<int:pk>/drop/", policies.drop, name="drop_policy"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/changes/", changes.changes, name="changes"),
    path("proposals/approve/", proposals.approve, name="approve"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/consequence/", proposals.consequence, name="consequence"),
    path("proposals/<int:pk>/quantity/", proposals.edit, name="edit"),
    path("proposals/<int:pk>/reject/", proposals.reject, name="reject"),
    path("orders/", purchase_orders.purchase_orders, name="purchase_orders"),
    path("orders/<int:pk>/", purchase_orders.purchase_order, name="purchase_order"),
    path("orders/<int:pk>/approve/", purchase_orders.approve, name="approve_order"),
    path("orders/<int:pk>/refuse/", purchase_orders.refuse_one, name="refuse_order"),
    path("orders/<int:pk>/receive/", purchase_orders.receive, name="receive"),
    path("orders/<int:pk>/change/", order_changes.revise, name="revise"),
    path("orders/<int:pk>/paper/", order_changes.paper, name="order_paper"),
    path("orders/<int:pk>/cancel/", purchase_orders.cancel, name="cancel"),
    path("orders/<int:pk>/close/", purchase_orders.close, name="close"),
    path("orders/<int:pk>/sent/", purchase_orders.mark_sent, name="mark_sent"),
    path("orders/<int:pk>/link/", link_acts.make_link, name="make_link"),
    path("orders/<int:pk>/links/end/", link_acts.end_links, name="end_links"),
    # Short, since it is read from mails and typed; see orders.services.supplier_links.LINK_PATH.
    path("s/<str:token>/", supplier_answer.supplier_answer, name="supplier_answer"),
    path("buying-rules/", rules.rules, name="rules"),
    path("buying-rules/limits/<int:pk>/", rules.limit, name="limit"),
    path("buying-rules/days/", rules.days, name="days"),
    path("buying-rules/rates/", rules.rates, name="rates"),
    path("buying-rules/delegations/", rules.delegations, name="delegations"),
    path("buying-rules/delegations/<int:pk>/end/", rules.end, name="end_delegation"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/<int:pk>/", transfers.transfer, name="transfer"),
    path("transfers/<int:pk>/slip/", transfers.slip, name="transfer_slip"),
    path("transfers/<int:pk>/ship/", transfers.ship, name="ship_transfer"),
    path("transfers/<int:pk>/receive/", transfers.receive, name="receive_transfer"),
    path("transfers/<int:pk>/cancel/", transfers.cancel, name="cancel_transfer"),
]
