"""Labels: pick what to print, then the PDF."""

from collections.abc import Sequence

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import DomainError, InvalidInput
from accounts.ids import id_of, ids_of
from accounts.requests import UserRequest, requires
from accounts.roles import VIEW_STOCK
from inventory.domain.label_pdf import Label, copies_of, render_labels
from inventory.domain.label_sheets import SHEETS
from inventory.models import Variant
from inventory.selectors.labels import (
    MOST_COPIES,
    MOST_ROWS,
    LabelRow,
    bin_rows,
    lot_rows,
    received_copies,
    rows_by_key,
    sku_rows,
)
from inventory.selectors.stock import search_skus

MOST_LABELS = 2_000
SHEET_IN_SESSION = "label_sheet"
TITLES = {
    "a4-3x8": gettext_lazy("A4, 3 × 8 labels of 70 × 37 mm"),
    "a4-2x7": gettext_lazy("A4, 2 × 7 labels of 99 × 38 mm"),
    "roll-40x30": gettext_lazy("Roll, 40 × 30 mm"),
    "roll-60x40": gettext_lazy("Roll, 60 × 40 mm"),
}


@requires(VIEW_STOCK)
def labels(request: UserRequest) -> HttpResponse:
    """What the address names, or the search finds: SKUs, the goods of a receipt, a style, bins, lots."""
    if request.method == "POST":
        return _print(request)
    return _page(request, _wanted(request))


def _wanted(request: UserRequest) -> list[LabelRow]:
    query = request.GET
    picked = rows_by_key(request.user, query.getlist("item")[:MOST_ROWS])
    sku_ids = _ids(query, "sku")
    if query.get("q", "").strip():
        sku_ids += list(search_skus(query["q"][:100]).order_by("name").values_list("pk", flat=True)[:50])
    for style in _ids(query, "style")[:1]:
        sku_ids += list(Variant.objects.filter(style=style, sku__is_active=True).values_list("sku_id", flat=True))
    copies: dict[int, int] = {}
    for posting in _ids(query, "posting")[:1]:
        copies = received_copies(request.user, posting)
        if not copies:
            raise Http404
    rows = [*picked, *sku_rows([*sku_ids, *copies], copies=copies), *_bins_and_lots(request)]
    return list({row.key: row for row in reversed(rows)}.values())[::-1][:MOST_ROWS]


def _bins_and_lots(request: UserRequest) -> list[LabelRow]:
    inside = next(iter(_ids(request.GET, "bins_of")), None)
    bins = bin_rows(request.user, _ids(request.GET, "bin"), inside=inside)
    if inside is not None and not bins:
        raise Http404
    return [*bins, *lot_rows(request.user, _ids(request.GET, "lot"))]


def _print(request: UserRequest) -> HttpResponse:
    keys, typed = request.POST.getlist("item")[:MOST_ROWS], request.POST.getlist("copies")
    rows = rows_by_key(request.user, keys)
    wanted = dict(zip(keys, typed, strict=False))
    try:
        chosen = [(row.label, _copies(row, wanted.get(row.key, ""))) for row in rows]
        total = sum(copies for _label, copies in chosen)
        if not 1 <= total <= MOST_LABELS:
            raise InvalidInput(_("Print between 1 and %(most)d labels at a time.") % {"most": MOST_LABELS})
        pdf = _render(request, copies_of(chosen))
    except DomainError as refusal:
        return _page(request, rows, typed=wanted, problem=refusal)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="labels.pdf"'
    return answer


def _render(request: UserRequest, wanted: Sequence[Label]) -> bytes:
    sheet = SHEETS.get(request.POST.get("sheet", ""))
    if sheet is None:
        raise InvalidInput(_("Choose the sheet of labels."))
    # A roll holds one label after the other; what was typed for a sheet means nothing there.
    start = _number(request.POST.get("start", "1")) if sheet.count > 1 else 1
    if start is None or not 1 <= start <= sheet.count:
        raise InvalidInput(_("This sheet begins at a label between 1 and %(last)d.") % {"last": sheet.count})
    request.session[SHEET_IN_SESSION] = sheet.name
    return render_labels(wanted, sheet, start=start, prefer_qr="qr" in request.POST)


def _copies(row: LabelRow, text: str) -> int:
    number = _number(text or "0")
    if number is None or number > MOST_COPIES:
        raise InvalidInput(
            _("%(name)s: “%(typed)s” is no number of labels up to %(most)d.")
            % {"name": row.label.title, "typed": text, "most": MOST_COPIES}
        )
    return number


def _page(
    request: UserRequest,
    rows: Sequence[LabelRow],
    *,
    typed: dict[str, str] | None = None,
    problem: DomainError | None = None,
) -> HttpResponse:
    context = {
        "rows": [(row, (typed or {}).get(row.key, str(row.copies))) for row in rows],
        "sheets": TITLES.items(),
        "sheet": request.POST.get("sheet") or request.session.get(SHEET_IN_SESSION, "a4-3x8"),
        "start": request.POST.get("start", "1"),
        "qr": "qr" in request.POST,
        "search": request.GET.get("q", ""),
        "problem": problem,
    }
    return render(request, "inventory/labels.html", context, status=422 if problem else 200)


def _ids(query: QueryDict, name: str) -> list[int]:
    return ids_of(text.strip() for text in query.getlist(name)[:MOST_ROWS])


def _number(text: str) -> int | None:
    return id_of(text.strip())
