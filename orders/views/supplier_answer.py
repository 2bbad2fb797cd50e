"""The page of a supplier without an account: the order, and what they say of each line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.errors import DomainError, IllegalStateChange, InvalidInput
from accounts.ids import id_of
from inventory.domain.days import local_date
from orders.errors import ChangedMeanwhile
from orders.forms_answer import AnswerForm
from orders.models import PurchaseOrder, PurchaseOrderLine, SupplierLink
from orders.models.purchase_order import EXPECTED_ORDER_STATES
from orders.selectors.order_pages import order_lines
from orders.selectors.shared_outlook import outlook_of
from orders.selectors.supplier_links import last_answer, supplier_codes
from orders.services.supplier_answers import MAX_NOTE, NOTHING_SENT, answer_order, require_seen


@dataclass(frozen=True)
class Row:
    """A line with the supplier's own code of its SKU; `form` is None where nothing may come any more."""

    line: PurchaseOrderLine
    code: str
    due_on: date
    form: AnswerForm | None


def answer_page(request: HttpRequest, link: SupplierLink, order: PurchaseOrder) -> HttpResponse:
    """Only the lines of the link's own order are read from what was sent, whatever else it names."""
    rows = _rows(request.POST if request.method == "POST" else None, link, order)
    forms = [row.form for row in rows if row.form is not None]
    answered = last_answer(order)
    # What they wrote goes on holding until they write something else, as what they said of each line does.
    kept = answered.data.get("note", "") if answered else ""
    note = request.POST["note"].strip() if "note" in request.POST else kept
    problem: DomainError | None = None
    if request.method == "POST" and order.state in EXPECTED_ORDER_STATES:
        problem = _send(request, link, order, forms)
        if problem is None:
            return redirect(f"{request.path}?sent=1")
        if isinstance(problem, ChangedMeanwhile | IllegalStateChange):
            # What was typed belongs to another order; they begin anew with what is asked for now, if anything is.
            order.refresh_from_db()
            rows = _rows(None, link, order)
    context = {
        "firm": settings.FIRM_NAME,
        "link": link,
        "order": order,
        "rows": rows,
        "answered": answered,
        "may_answer": order.state in EXPECTED_ORDER_STATES and forms,
        "is_sent": request.GET.get("sent") == "1",
        "note": note,
        "note_length": MAX_NOTE,
        "problem": problem,
        "outlook": outlook_of(link.supplier_id, local_date(timezone.now(), order.location.time_zone)),
    }
    return render(request, "orders/supplier/answer.html", context, status=problem.status if problem else 200)


def _rows(data: Mapping[str, str] | None, link: SupplierLink, order: PurchaseOrder) -> list[Row]:
    lines = order_lines(order)
    today = local_date(timezone.now(), order.location.time_zone)
    codes = supplier_codes(link.supplier_id, [line.sku_id for line in lines])
    rows = []
    for line in lines:
        due_on = line.expected_on or order.expected_on
        may_come = not line.is_closed and line.received < line.quantity
        form = AnswerForm(data, line=line, expected_on=due_on, today=today) if may_come else None
        rows.append(Row(line, codes.get(line.sku_id, ""), due_on, form))
    return rows


def _send(
    request: HttpRequest, link: SupplierLink, order: PurchaseOrder, forms: Sequence[AnswerForm]
) -> DomainError | None:
    """What stood in the way; None when the answer is kept."""
    note, seen = request.POST.get("note", "").strip(), id_of(request.POST.get("revision", ""))
    try:
        require_seen(order, seen)
        if [form for form in forms if not form.is_valid()]:
            raise InvalidInput(str(NOTHING_SENT))
        answers = {form.line.pk: form.answer() for form in forms}
        answer_order(link_id=link.pk, answers=answers, now=timezone.now(), note=note, seen=seen)
    except DomainError as error:
        by_line = {detail.get("line"): str(detail.get("message", "")) for detail in error.details}
        for form in forms:
            if by_line.get(form.line.pk):
                form.refuse(by_line[form.line.pk])
        return error
    return None
