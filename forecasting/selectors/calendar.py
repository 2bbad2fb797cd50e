"""The calendar for people: promotions that a user may see, holidays of a year, what the forecast learned of both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from forecasting.domain.occasions import HOLIDAY, KIND, LUNAR, PROMOTION, key_of
from forecasting.models import OccasionEffect, Promotion, PromotionScope
from forecasting.selectors.choices import newest_choice
from inventory.domain.countries import country_of
from inventory.domain.public_holidays import LUNAR_NEW_YEAR, lunar_new_year, names_in, public_holidays, spoken_names
from inventory.models import Location
from inventory.models.location import STOCKING_KINDS
from inventory.selectors.scope import location_scope, locations_for

# So far back reaches what occasions are learned from.
YEARS_LEARNED = 3


@dataclass(frozen=True)
class Holiday:
    """`name` in the reader's language; `country` "" for the lunar new year, which has none."""

    day: date
    name: str
    country: str
    key: str


def promotions_for(user: User) -> QuerySet[Promotion]:
    """Those of the user's places and those for all places, by their days."""
    seen = Q() if user.sees_all_locations else location_scope(user) | Q(location=None)
    rows = Promotion.objects.filter(seen).select_related("location")
    return rows.annotate(sku_count=Count("skus")).order_by("starts_on", "ends_on", "pk")


def changeable_promotions(user: User) -> QuerySet[Promotion]:
    """What holds everywhere belongs to those who see all places."""
    return Promotion.objects.filter(location_scope(user))


def key_of_promotion(row: Promotion) -> str:
    """Under which key the forecast learns of it."""
    is_shared = row.scope == PromotionScope.ALL and row.location_id is None
    return key_of(KIND if is_shared else PROMOTION, row.kind or row.name)


def calendars_of(user: User, location: Location | None) -> list[tuple[str, str]]:
    """Country and region of the user's stores and warehouses (of one of them), each pair once."""
    places = locations_for(user).filter(kind__in=STOCKING_KINDS)
    if location is not None:
        places = places.filter(pk=location.pk)
    rows = places.values_list("country", "region", "time_zone")
    return sorted({(country_of(country, zone), region) for country, region, zone in rows} - {("", "")})


def holidays_of(calendars: Sequence[tuple[str, str]], year: int, language: str) -> list[Holiday]:
    """The public holidays of a year, each once for a country, and the first day of the lunar year elsewhere."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    found: dict[tuple[date, str], Holiday] = {}
    for country, region in calendars:
        spoken = names_in(country, region, year, language)
        for name, days in public_holidays(country, region, first, last).items():
            for day in days:
                key = key_of(HOLIDAY, country, name)
                found.setdefault((day, key), Holiday(day, spoken.get(day, name), country, key))
    taken = {day for day, _key in found}
    for day in lunar_new_year(first, last).get(LUNAR_NEW_YEAR, ()):
        if day not in taken:
            found[day, LUNAR] = Holiday(day, LUNAR_NEW_YEAR, "", key_of(LUNAR, LUNAR_NEW_YEAR))
    return sorted(found.values(), key=lambda row: (row.day, row.country, row.name))


def holiday_names(calendars: Sequence[tuple[str, str]], year: int, language: str) -> dict[tuple[str, str], str]:
    """By country and the English name under which the forecast learned of it, a holiday's name in the reader's
    language; of the year and the three before it, from which was learned."""
    years = tuple(range(year - YEARS_LEARNED, year + 1))
    return {
        (country, name): spoken
        for country, region in calendars
        for name, spoken in spoken_names(country, region, years, language).items()
    }


def zones_of(user: User) -> list[str]:
    """The time zones of the user's stores and warehouses, the one with most of them first."""
    places = locations_for(user).filter(kind__in=STOCKING_KINDS, is_active=True).order_by()
    rows = places.values("time_zone").annotate(count=Count("pk")).order_by("-count", "time_zone")
    return [row["time_zone"] for row in rows]


def learned_effects(zones: Iterable[str]) -> list[OccasionEffect]:
    """What the newest choices of these zones found; of an occasion of several zones the first one's, largest first."""
    found: dict[str, OccasionEffect] = {}
    for zone in zones:
        run = newest_choice(zone)
        if run is None:
            continue
        for effect in OccasionEffect.objects.filter(run=run):
            effect.run = run
            found.setdefault(effect.key, effect)
    return sorted(found.values(), key=lambda row: (not row.is_used, row.times == 0, -abs(row.uplift), row.key))
