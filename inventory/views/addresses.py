"""Where deliveries for a store or warehouse go."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.refusals import save_as_seen
from accounts.requests import UserRequest, requires
from accounts.roles import EDIT_CATALOGUE
from accounts.stale import differences_if_late
from inventory.forms_place import AddressForm
from inventory.models import Location
from inventory.selectors.scope import locations_for
from inventory.services.places import set_address
from inventory.versions import LOCATION


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_CATALOGUE)
def address(request: UserRequest, pk: int) -> HttpResponse:
    """The form. A refusal stands beside its field, and the entry stays."""
    place = get_object_or_404(locations_for(request.user), pk=pk)
    form = AddressForm(request.POST if request.method == "POST" else None, place=place)
    if request.method == "POST" and form.is_valid() and _save(request, form, pk):
        messages.success(request, _("%(name)s is changed.") % {"name": place.name})
        return redirect("inventory:bins")
    context = {
        "form": form,
        "place": place,
        "version": LOCATION.version_of(pk),
        "differences": differences_if_late(form, lambda: AddressForm(place=place)),
    }
    return render(request, "inventory/address.html", context, status=422 if form.errors else 200)


def _save(request: UserRequest, form: AddressForm, pk: int) -> bool:
    def write() -> Location:
        typed = form.cleaned_data
        return set_address(
            location_id=pk, address=typed["address"], contact=typed["contact"], user=request.user, now=timezone.now()
        )

    return save_as_seen(request, form, kind=LOCATION, pk=pk, act=write)
