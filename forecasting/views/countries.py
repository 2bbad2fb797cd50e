"""Which country's public holidays each store keeps."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.ids import id_of
from accounts.requests import UserRequest, requires
from accounts.roles import PLAN_DEMAND
from accounts.text import country_choices
from inventory.domain.countries import country_of
from inventory.domain.public_holidays import supported_countries
from inventory.models import Location
from inventory.models.location import STOCKING_KINDS
from inventory.selectors.scope import locations_for
from inventory.services.places import set_country


@require_http_methods(["GET", "HEAD", "POST"])
@requires(PLAN_DEMAND)
def countries(request: UserRequest) -> HttpResponse:
    """The user's stores and warehouses, each with its country and region."""
    places = locations_for(request.user).filter(kind__in=STOCKING_KINDS, is_active=True).order_by("name", "pk")
    known, refusal = supported_countries(), ""
    if request.method == "POST":
        place = get_object_or_404(places, pk=id_of(request.POST.get("location", "")))
        country, region = (request.POST.get(name, "").strip().upper() for name in ("country", "region"))
        refusal = _refusal(known, country or country_of("", place.time_zone), region)
        if not refusal:
            set_country(location_id=place.pk, country=country, region=region, user=request.user, now=timezone.now())
            messages.success(
                request, _("Saved. The next night keeps the holidays of %(place)s.") % {"place": place.name}
            )
            return redirect("forecasting:countries")
    rows = [_row(place, known) for place in places]
    context = {"rows": rows, "countries": country_choices(known), "refusal": refusal}
    return render(request, "forecasting/countries.html", context, status=422 if refusal else 200)


def _refusal(known: dict[str, tuple[str, ...]], country: str, region: str) -> str:
    if country and country not in known:
        return _("No public holidays are known for the country %(country)s.") % {"country": country}
    if region and region not in known.get(country, ()):
        return _("%(country)s has no region %(region)s. Its regions: %(known)s.") % {
            "country": country or "–",
            "region": region,
            "known": ", ".join(known.get(country, ())) or "–",
        }
    return ""


def _row(place: Location, known: dict[str, tuple[str, ...]]) -> dict[str, object]:
    country = country_of(place.country, place.time_zone)
    return {"place": place, "guess": country_of("", place.time_zone), "regions": known.get(country, ())}
