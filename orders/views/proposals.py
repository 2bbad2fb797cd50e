"""The proposals inbox: look, understand, change, approve, reject."""

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import DomainError, InvalidInput
from accounts.ids import ids_of
from accounts.requests import UserRequest, requires
from accounts.roles import APPROVE_ORDERS, DECIDE_PROPOSALS, VIEW_ORDERS, permissions_of
from inventory.domain.movements import plain
from jobs.selectors.at_work import began_at
from orders.forms import InboxForm, QuantityForm, RejectForm
from orders.models import OrderState, ProposalState, PurchaseOrder, ReplenishmentProposal
from orders.selectors.budget_pages import budget_rows, cut_of
from orders.selectors.consequence import consequence_of
from orders.selectors.inbox import (
    LINES_SHOWN,
    NIGHT,
    InboxGroup,
    as_lines,
    has_forecast,
    offers_instead,
    proposals_for,
    read_inbox,
)
from orders.selectors.inbox_sum import sum_up
from orders.selectors.known_better import overrides_in
from orders.selectors.splits import is_splittable
from orders.services.decisions import Approval, approve_proposals, edit_proposal, reject_proposal
from orders.services.lessons import LESSONS
from orders.views.reason_rows import reason_of

# A quantity, and behind a space the terms that stood beside it; see orders.domain.seen_terms.
SEEN = re.compile(r"([0-9]{1,11}(?:\.[0-9]{1,3})?)(?: (\S{1,60}))?")


@require_safe
@requires(VIEW_ORDERS)
def proposals(request: UserRequest) -> HttpResponse:
    """Everything that waits for approval, grouped by who delivers."""
    is_fragment = request.htmx and not request.htmx.boosted
    return _inbox(request, request.GET, "orders/_inbox.html" if is_fragment else "orders/proposals.html")


@require_safe
@requires(VIEW_ORDERS)
def proposal(request: UserRequest, pk: int) -> HttpResponse:
    """Why this number, with what can be done about it; in place for htmx, else a page of its own."""
    return _panel(request, _find(request, pk))


@require_safe
@requires(DECIDE_PROPOSALS)
def consequence(request: UserRequest, pk: int) -> HttpResponse:
    """What the typed quantity would do, before it is kept."""
    row, form = _find(request, pk), QuantityForm(request.GET)
    found = consequence_of(row, form.cleaned_data["quantity"], now=timezone.now()) if form.is_valid() else None
    return render(request, "orders/_consequence.html", {"proposal": row, "consequence": found, "typed_form": form})


@require_POST
@requires(DECIDE_PROPOSALS)
def approve(request: UserRequest) -> HttpResponse:
    """Buys and moves what was ticked, all of it or nothing; the same form sent twice gives the same documents."""
    ids = set(ids_of(request.POST.getlist("proposal")))
    if proposals_for(request.user).filter(pk__in=ids).count() != len(ids):
        return _refused(request, InvalidInput(_("Some of these proposals are not there any more. Look again.")))
    try:
        approval = approve_proposals(
            proposal_ids=ids, user=request.user, now=timezone.now(), key=request.POST.get("key", ""),
            seen=seen_quantities(request, ids), seen_terms=seen_terms(request, ids),
        )  # fmt: skip
    except DomainError as error:
        return _refused(request, error)
    messages.success(request, approved_words(approval))
    return _done(request)


def seen_quantities(request: UserRequest, ids: Collection[int]) -> dict[int, Decimal]:
    """The quantities that stood on the page, of those that it names: a plan may have changed one since."""
    return {pk: Decimal(quantity) for pk, (quantity, _terms) in _seen(request, ids).items()}


def seen_terms(request: UserRequest, ids: Collection[int]) -> dict[int, str]:
    """Who was to deliver it, and at which price, of those whose page says it."""
    return {pk: terms for pk, (_quantity, terms) in _seen(request, ids).items() if terms}


def _seen(request: UserRequest, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    texts = {pk: SEEN.fullmatch(request.POST.get(f"seen-{pk}", "")) for pk in ids}
    return {pk: (found[1], found[2] or "") for pk, found in texts.items() if found}


@require_POST
@requires(DECIDE_PROPOSALS)
def edit(request: UserRequest, pk: int) -> HttpResponse:
    """Keeps another quantity than the proposed one."""
    row, form = _find(request, pk), QuantityForm(request.POST)
    if form.is_valid():
        try:
            edit_proposal(proposal_id=pk, quantity=form.cleaned_data["quantity"], user=request.user, now=timezone.now())
        except DomainError as error:
            form.add_error("quantity", error.message)
        else:
            messages.success(request, _("%(sku)s: the quantity is changed.") % {"sku": row.sku.name})
            return _done(request)
    return _panel(request, row, quantity_form=form)


@require_POST
@requires(DECIDE_PROPOSALS)
def reject(request: UserRequest, pk: int) -> HttpResponse:
    """Drops a proposal for some days, with the reason."""
    row, form = _find(request, pk), _reject_form(pk, request.POST)
    if form.is_valid():
        try:
            reject_proposal(proposal_id=pk, user=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _rejected(row, form.cleaned_data))
            return _done(request)
    return _panel(request, row, reject_form=form)


def _rejected(row: ReplenishmentProposal, said: Mapping[str, Any]) -> str:
    """What was done, and what follows: until when nobody is asked, and which rule was taught."""
    names = {"sku": row.sku.name, "place": row.location.name, "days": said["snooze_days"]}
    told = _("%(sku)s at %(place)s is rejected.") % names
    if said["lesson"] != "stop" and said["snooze_days"]:
        told += " " + _("It is not proposed for %(days)s days.") % names
    if said["lesson"]:
        told += " " + _("From now on: %(lesson)s.") % {"lesson": dict(LESSONS)[said["lesson"]]}
    return told


def _inbox(request: UserRequest, query: QueryDict, template: str, **extra: Any) -> HttpResponse:
    form = InboxForm(query, user=request.user)
    wanted = form.as_filter()
    is_one_group = wanted.supplier_id is not None or wanted.source_id is not None
    groups = read_inbox(request.user, wanted, now=timezone.now(), lines_shown=None if is_one_group else LINES_SHOWN)
    for group in groups:
        group.more_url = _more_url(query, group)
    context = {
        "form": form,
        "wanted": wanted,
        "groups": groups,
        "inbox_sum": sum_up(groups, timezone.localdate()),
        "may_see_budgets": APPROVE_ORDERS in permissions_of(request.user),
        "budgets": budget_rows(request.user, timezone.localdate()),
        "offers": offers_instead(line for group in groups for line in group.lines),
        "is_forecast": bool(groups) or has_forecast(),
        "night_began": None if groups else began_at(NIGHT),
        "query": query.urlencode(),
        "export_query": form.as_export(),
        "key": uuid4().hex,
        "may_decide": DECIDE_PROPOSALS in permissions_of(request.user),
        **extra,
    }
    return render(request, template, context, status=422 if extra.get("problem") else 200)


def _more_url(query: QueryDict, group: InboxGroup) -> str:
    """The inbox with this group alone, whose lines are then all shown."""
    narrow = query.copy()
    for name, value in (("supplier", group.supplier_id), ("source", group.source_id)):
        narrow.pop(name, None)
        if value is not None:
            narrow[name] = str(value)
    return f"{reverse('orders:proposals')}?{narrow.urlencode()}"


def _panel(
    request: UserRequest,
    row: ReplenishmentProposal,
    *,
    quantity_form: QuantityForm | None = None,
    reject_form: RejectForm | None = None,
) -> HttpResponse:
    """The reason and the acts of one proposal. A form that was refused is shown as it was filled in, with 422."""
    (line,) = as_lines([row], now=timezone.now())
    may_decide = row.state == ProposalState.OPEN and DECIDE_PROPOSALS in permissions_of(request.user)
    context = {
        "proposal": row,
        "line": line,
        "risk": line.risk,
        "offers": offers_instead([line]),
        "overrides": overrides_in(row) if row.state == ProposalState.OPEN else [],
        "reason": reason_of(row.reason, row.supplier.currency if row.supplier else "", cut_of(row)),
        "quantity_form": quantity_form,
        "reject_form": reject_form or _reject_form(row.pk),
        "query": request.POST.get("query", request.GET.urlencode()),
        "key": uuid4().hex,
        "may_decide": may_decide,
        "is_splittable": may_decide and is_splittable(row),
        **_quantity(row, quantity_form),
    }
    is_fragment = request.htmx and not request.htmx.boosted
    status = 422 if quantity_form or reject_form else 200
    response = render(request, f"orders/{'_' if is_fragment else ''}proposal.html", context, status=status)
    if is_fragment and status == 422:
        response["HX-Retarget"], response["HX-Reswap"] = f"#panel-{row.pk}", "outerHTML"
    return response


def _reject_form(pk: int, data: QueryDict | None = None) -> RejectForm:
    """Several panels may be open at once, so the ids of their fields differ."""
    return RejectForm(data, auto_id=f"id_{pk}_%s")


def _quantity(row: ReplenishmentProposal, form: QuantityForm | None) -> dict[str, Any]:
    """The quantity as typed or as it stands, what it would do, and the step of its buttons: one pack."""
    understood = row.quantity if form is None else form.cleaned_data.get("quantity")
    known = consequence_of(row, understood or row.quantity, now=timezone.now())
    return {
        "typed": plain(row.quantity) if form is None else form["quantity"].value(),
        "consequence": known if understood else None,
        "step": plain(known.pack_size),
    }


def _find(request: UserRequest, pk: int) -> ReplenishmentProposal:
    """The proposal when it is for one of the user's places; else it is not there."""
    rows = proposals_for(request.user).select_related(
        "sku", "location", "supplier", "source", "cut_by", "decided_by", "purchase_order", "transfer"
    )
    return get_object_or_404(rows, pk=pk)


def _done(request: UserRequest) -> HttpResponse:
    """Back to the inbox as it was filtered: a fragment with the answer for htmx, else a new page."""
    query = QueryDict(request.POST.get("query", ""))
    if not request.htmx:
        return redirect(f"{reverse('orders:proposals')}?{query.urlencode()}".rstrip("?"))
    response = _inbox(request, query, "orders/_inbox.html")
    response.write(render_to_string("components/messages.html", {"oob": True}, request=request))
    return response


def _refused(request: UserRequest, problem: DomainError) -> HttpResponse:
    query = QueryDict(request.POST.get("query", ""))
    template = "orders/_inbox.html" if request.htmx else "orders/proposals.html"
    return _inbox(request, query, template, problem=problem)


def approved_words(approval: Approval) -> str:
    """Which documents came out of it, each a link, and which of them still wait for a second person."""
    waiting = [order for order in approval.orders if order.state == OrderState.AWAITING_APPROVAL]
    through: Sequence[Any] = [*(order for order in approval.orders if order not in waiting), *approval.transfers]
    parts = []
    if through:
        count = len(through)
        parts.append(
            (ngettext("Approved:", "Approved, %(count)d documents:", count) % {"count": count}, _links(through))
        )
    if waiting:
        parts.append((_("Above your limit, so a second person has to approve:"), _links(waiting)))
    return format_html_join(" · ", "{} {}", parts)


def _links(rows: Sequence[Any]) -> str:
    routes = ["orders:purchase_order" if isinstance(row, PurchaseOrder) else "orders:transfer" for row in rows]
    return format_html_join(
        ", ",
        '<a href="{}">{}</a>',
        ((reverse(route, args=[row.pk]), row.number) for route, row in zip(routes, rows, strict=True)),
    )
