"""A firm whose night has been planned: proposals for tea and salt at the shop, and people who may look at them."""

from types import SimpleNamespace

from accounts.models import Role
from orders.models import ReplenishmentProposal
from orders.services.decisions import approve_proposals
from orders.services.planning import plan_location
from tests.orders.conftest import AS_OF, NOW, build_firm
from tests.pages.conftest import make_user, signed_in


def planned_firm():
    """`tea` and `salt` are the open proposals of the shop, both to be bought from Acme in packs of 6."""
    firm = build_firm()
    plan_location(location_id=firm.shop.pk, run_id=firm.run.pk, as_of=AS_OF, now=NOW)
    found = {proposal.sku.code: proposal for proposal in ReplenishmentProposal.objects.select_related("sku")}
    people = {
        "buyer": signed_in(firm.buyer),
        "staff": signed_in(make_user("sam", Role.STAFF, firm.shop)),
        "stranger": signed_in(make_user("pat", Role.PURCHASER, firm.other)),
        "admin": signed_in(make_user("ada", Role.ADMINISTRATOR)),
    }
    return SimpleNamespace(firm=firm, tea=found["tea"], salt=found["salt"], **people)


def ordered_firm():
    """The same, with both proposals bought in `order`; `lines` are its lines by SKU code."""
    world = planned_firm()
    approval = approve_proposals(proposal_ids=[world.tea.pk, world.salt.pk], user=world.firm.buyer, now=NOW)
    (world.order,) = approval.orders
    world.lines = {line.sku.code: line for line in world.order.lines.select_related("sku")}
    return world


def text_of(answer):
    return answer.content.decode()
