"""The card of a SKU: made and changed, with everything that hangs on it."""

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import DomainError, Stale
from accounts.requests import UserRequest, requires
from accounts.roles import EDIT_CATALOGUE
from accounts.services.edits import ANY, edit_as_seen
from accounts.stale import Difference, differences_of, different
from inventory.forms import NewSkuForm, SkuForm
from inventory.forms_card import (
    CardEntry,
    card_of,
    new_card,
    parts_of,
    read_card,
    row_texts,
    value_choices,
    with_blanks,
)
from inventory.models import Sku
from inventory.services.cards import save_card
from inventory.services.catalogue import update_sku
from inventory.versions import CARD


@requires(EDIT_CATALOGUE)
def new_sku(request: UserRequest) -> HttpResponse:
    """A blank card; `?barcode=` fills the first barcode."""
    form = NewSkuForm(request.POST or None)
    if request.method != "POST":
        card = new_card(request.user, barcode=request.GET.get("barcode", "")[:60])
        return _page(request, form, card, None)
    card = read_card(request.POST, request.user)
    sku = _save(request, form, card, None)
    if sku is None:
        return _page(request, form, card, None)
    messages.success(request, _("%(name)s is made.") % {"name": sku.name})
    return redirect("dashboards:sku", sku_id=sku.pk)


@requires(EDIT_CATALOGUE)
def edit_sku(request: UserRequest, pk: int) -> HttpResponse:
    """The form of the card. A refusal stands beside its field, and the entry stays."""
    sku = get_object_or_404(Sku, pk=pk)
    form = SkuForm(request.POST or None, instance=sku)
    if request.method != "POST":
        return _page(request, form, card_of(sku, request.user), sku)
    # A client that sends the fields alone changes them alone.
    card = read_card(request.POST, request.user) if "parts" in request.POST else None
    if _save(request, form, card, pk) is None:
        return _page(request, form, card or card_of(sku, request.user), sku)
    messages.success(request, _("The card of %(name)s is changed.") % {"name": form.cleaned_data["name"]})
    return redirect("dashboards:sku", sku_id=pk)


@requires(EDIT_CATALOGUE)
def variant_fields(request: UserRequest) -> HttpResponse:
    """The values of the style that was chosen on a card, for htmx."""
    return render(request, "inventory/_sku_variant.html", _variant_context(read_card(request.GET, request.user)))


def _page(request: UserRequest, form: SkuForm, card: CardEntry, sku: Sku | None) -> HttpResponse:
    is_refused = bool(form.errors) or card.has_errors
    if request.method == "POST":
        with_blanks(card)
    context = {"form": form, "sku": sku, "is_new": sku is None, **_variant_context(card)}
    if sku is not None:
        differences = _differences(request, form, card, sku.pk) if form.has_error(NON_FIELD_ERRORS, Stale.code) else []
        context |= {"version": CARD.version_of(sku.pk), "differences": differences}
    return render(request, "inventory/sku_edit.html", context, status=422 if is_refused else 200)


def _variant_context(card: CardEntry) -> dict[str, object]:
    return {"card": card, "value_choices": value_choices(card)}


def _save(request: UserRequest, form: SkuForm, card: CardEntry | None, pk: int | None) -> Sku | None:
    parts = parts_of(card) if card is not None else None
    if not form.is_valid() or (card is not None and parts is None):
        return None
    try:
        if pk is None:
            return _write(request, form, card, pk)
        seen = request.POST.get("version", ANY)
        return edit_as_seen(kind=CARD, pk=pk, seen=[seen], act=lambda: _write(request, form, card, pk))
    except Stale as refusal:
        form.add_error(None, ValidationError(refusal.message, code=refusal.code))
        return None
    except DomainError as refusal:
        name = str(refusal.details[0].get("field", "")) if refusal.details else ""
        if card is not None and name in ("barcodes", "packs", "substitutes", "style"):
            card.errors[name] = refusal.message
        else:
            form.add_error(name if name in form.fields else None, refusal.message)
        return None


def _write(request: UserRequest, form: SkuForm, card: CardEntry | None, pk: int | None) -> Sku:
    parts = parts_of(card) if card is not None else None
    if card is None or parts is None:
        return update_sku(sku_id=pk or 0, values=form.values(), user=request.user, now=timezone.now())
    return save_card(
        sku_id=pk,
        values=form.values(),
        parts=parts,
        on_sale=card.on_sale,
        among=[place.pk for place in card.places],
        user=request.user,
        now=timezone.now(),
    )


def _differences(request: UserRequest, form: SkuForm, card: CardEntry, pk: int) -> list[Difference]:
    """What stands on the card now beside what was typed."""
    sku = Sku.objects.get(pk=pk)
    there = card_of(sku, request.user)
    rows = [
        (_("Barcodes"), row_texts(there.barcodes), row_texts(card.barcodes)),
        (_("Packs"), row_texts(there.packs), row_texts(card.packs)),
        (_("Substitutes"), row_texts(there.substitutes), row_texts(card.substitutes)),
        (_("On sale at"), there.on_sale_text, card.on_sale_text),
    ]
    return differences_of(form, SkuForm(instance=sku)) + different(rows)
