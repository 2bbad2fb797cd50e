"""A shop in which plans, approvals, refusals, edits, splits, cancellations, changes, receipts and sales happen all at
once: no need is ordered twice, none is forgotten, and nobody meets an error that is not told in words."""

from decimal import Decimal
from random import Random

import pytest
from django.db import transaction

from accounts.errors import DomainError
from inventory.errors import OutOfStock
from orders.domain.position import NOTHING
from orders.models import ProposalState, PurchaseOrder, ReorderLevel, ReplenishmentProposal
from orders.selectors.positions import load_positions
from orders.services.decisions import approve_proposals, edit_proposal, reject_proposal
from orders.services.planning import check_reorder
from orders.services.purchase_orders import cancel_order, close_order
from orders.services.receipts import receive_order
from orders.services.revisions import LineChange, revise_order
from orders.services.splits import split_proposal
from tests.orders.conftest import NOW, add_stock, make_terms, take_stock
from tests.orders.test_at_once import open_ids, plan, together

pytestmark = pytest.mark.django_db(transaction=True)
PACK = Decimal(6)


class Clerk:
    """Does one act after the other, by lot. What is refused in words is left; `did` counts what was done."""

    def __init__(self, firm, seed):
        self.firm, self.lot, self.did = firm, Random(seed), set()

    def __call__(self):
        acts = [self.night, self.check, self.approve, self.refuse, self.lessen, self.split, self.cancel, self.change]
        for act in self.lot.choices([*acts, self.receive, self.sell, self.approve, self.check], k=30):
            try:
                act()
                self.did.add(act.__name__)
            except (DomainError, OutOfStock, ReplenishmentProposal.DoesNotExist, IndexError):
                continue

    def one(self, rows):
        return self.lot.choice(list(rows))

    def night(self):
        plan(self.firm)

    def check(self):
        check_reorder(location_id=self.firm.shop.pk, sku_ids=[self.one([self.firm.tea.pk, self.firm.salt.pk])], now=NOW)

    def approve(self):
        ids = open_ids()
        approve_proposals(proposal_ids=self.lot.sample(ids, self.lot.randint(1, len(ids)) if ids else 0),
                          user=self.firm.buyer, now=NOW)  # fmt: skip

    def refuse(self):
        refused = reject_proposal(proposal_id=self.one(open_ids()), note="no", user=None, now=NOW)
        # The wait is over at once, so that there is something to do.
        ReplenishmentProposal.objects.filter(pk=refused.pk).update(snoozed_until=None)

    def lessen(self):
        edit_proposal(proposal_id=self.one(open_ids()), quantity=PACK, user=None, now=NOW)

    def split(self):
        wanted = {self.firm.acme.pk: PACK, self.firm.best.pk: None}
        split_proposal(proposal_id=self.one(open_ids()), wanted=wanted, user=self.firm.buyer, now=NOW)

    def order(self):
        return self.one(PurchaseOrder.objects.exclude(state__in=["cancelled", "received", "closed"]))

    def cancel(self):
        order = self.order()
        (close_order if order.state == "partly_received" else cancel_order)(order_id=order.pk, user=None, now=NOW)

    def change(self):
        order = self.order()
        line = self.one(order.lines.all())
        revise_order(order_id=order.pk, changes={line.pk: LineChange(line.received)}, user=self.firm.buyer, now=NOW)

    def receive(self):
        order = self.order()
        line = self.one(order.lines.all())
        receive_order(order_id=order.pk, key=str(self.lot.random()), user=None, now=NOW, quantities={line.pk: PACK})

    def sell(self):
        take_stock(self.one([self.firm.tea, self.firm.salt]), self.firm.shop, 1)


@pytest.mark.parametrize("seed", [1, 2])
def test_no_need_is_ordered_twice_or_forgotten(committed_firm, seed):
    firm = committed_firm
    for sku in (firm.tea, firm.salt):
        make_terms(firm.best, sku, pack_size=PACK, priority=2)
        with transaction.atomic():
            add_stock(sku, firm.shop, 3)
    clerks = [Clerk(firm, seed * 100 + number) for number in range(4)]
    together(*clerks)
    done = set().union(*(clerk.did for clerk in clerks))
    # Whether a proposal was approved or split first is the lot's; that something was ordered is not.
    assert {"check", "sell"} <= done and len(done) > 5
    assert PurchaseOrder.objects.exists()
    plan(firm)
    positions = load_positions([firm.shop.pk])
    for level in ReorderLevel.objects.filter(sku__in=[firm.tea, firm.salt]):
        held = positions.get((firm.shop.pk, level.sku_id), NOTHING).inventory_position
        waiting = ReplenishmentProposal.objects.filter(sku_id=level.sku_id, state=ProposalState.OPEN)
        assert held < level.order_up_to_level + PACK
        assert waiting.count() == (held <= level.reorder_point)
