"""Occasions of all series together, as columns of days: public holidays, lunar new year, whole-shop promotions."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from forecasting.domain.occasions import HOLIDAY, KIND, LUNAR, key_of
from forecasting.models import ChoiceRun, OccasionEffect, Promotion, PromotionScope
from forecasting.selectors import promotions
from inventory.domain.countries import country_of
from inventory.domain.public_holidays import lunar_new_year, public_holidays
from inventory.models import Location

Columns = dict[str, NDArray[np.float32]]


def countries_of(location_ids: Sequence[int]) -> dict[str, list[int]]:
    """The places by the country whose holidays they keep; "" for those of which nobody said it."""
    found: dict[str, list[int]] = {}
    rows = Location.objects.filter(pk__in=location_ids).order_by("pk").values_list("pk", "country", "time_zone")
    for pk, country, zone in rows:
        found.setdefault(country_of(country, zone), []).append(pk)
    return dict(sorted(found.items()))


def occasion_columns(location_ids: Sequence[int], start: date, days: int) -> Columns:
    """By key, float32 [days]: the share of these places that keep the occasion on day `start + j`. Two statements.

    What the calendar of a country calls its lunar new year is that country's own holiday; the two weeks before it, and
    the day itself elsewhere, have columns of their own.
    """
    last = start + timedelta(days=days - 1)
    columns: Columns = {}
    rows = Location.objects.filter(pk__in=location_ids).values_list("country", "region", "time_zone")
    kept = Counter((country_of(country, zone), region) for country, region, zone in rows)
    places = max(sum(kept.values()), 1)
    for (country, region), count in sorted(kept.items()):
        for name, on in public_holidays(country, region, start, last).items():
            _mark(columns, key_of(HOLIDAY, country, name), start, days, on, count / places)
    holidays = set(columns)
    for name, on in lunar_new_year(start, last).items():
        key = key_of(LUNAR, name)
        _mark(columns, key, start, days, on, 1.0)
        if any(np.array_equal(columns[key] > 0, (columns[other] > 0) & (columns[key] > 0)) for other in holidays):
            del columns[key]
    for kind, share, first, end in _whole_shop(start, last):
        on = tuple(first + timedelta(days=day) for day in range((end - first).days + 1))
        _mark(columns, key_of(KIND, kind), start, days, on, float(share), adds=False)
    return columns


def events(columns: Columns, ignored: Collection[str]) -> NDArray[np.float32] | None:
    """float32 [k, days] of those that are not ignored; None where there is none."""
    kept = [column for key, column in columns.items() if key not in ignored]
    return np.stack(kept) if kept else None


def ignored_keys(run: ChoiceRun | None) -> frozenset[str]:
    """What was looked at and had no effect that could be told from noise. What was never seen is not among them."""
    if run is None:
        return frozenset()
    rows = OccasionEffect.objects.filter(run=run, is_used=False, times__gt=0)
    return frozenset(rows.values_list("key", flat=True))


def _whole_shop(start: date, last: date) -> list[tuple[str, float, date, date]]:
    rows = Promotion.objects.filter(
        scope=PromotionScope.ALL, location=None, starts_on__lte=last, ends_on__gte=start
    ).order_by("pk")
    return list(rows.values_list(promotions.KIND, "share", "starts_on", "ends_on"))


def _mark(
    columns: Columns, key: str, start: date, days: int, on: Sequence[date], share: float, adds: bool = True
) -> None:
    places = np.array([(day - start).days for day in on], dtype=np.int64)
    places = places[(places >= 0) & (places < days)]
    column = columns.setdefault(key, np.zeros(days, dtype=np.float32))
    # Places with the same holiday add up; of two promotions of one kind on one day the larger counts.
    column[places] = np.minimum(column[places] + share, 1.0) if adds else np.maximum(column[places], share)
