"""Overrides: made, ended early, spread anew over each published forecast, and taken up by replenishment."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.services.audit import record_audit
from accounts.text import format_near_day
from forecasting.models import ForecastOverride, SeriesState
from forecasting.selectors.overrides import REACHED, Level, reach_of
from inventory.domain.days import local_date
from inventory.models import Location

LONGEST_DAYS = 366
# What lies farther off is a slip of the year.
FARTHEST_DAYS = 731
LEAST_PERCENT, MOST_PERCENT = Decimal(-100), Decimal(1000)
OPEN = """
SELECT * FROM forecasting_forecastoverride
WHERE quantity IS NOT NULL AND ended_at IS NULL AND expires_on >= %(today)s
"""
SPREAD = f"""
UPDATE forecasting_forecastoverride o
SET factor = CASE WHEN coalesce(reached.units, 0) > 0
                  THEN o.quantity * reached.days / (o.ends_on - o.starts_on + 1) / reached.units
                  -- Of days that are all over it stays what was last said, by which they are scored.
                  WHEN o.starts_on <= %(today)s AND coalesce(reached.days, 0) = 0 THEN o.factor END
FROM ({OPEN}) open
LEFT JOIN ({REACHED.replace("{key}", "o.id,").replace("{wanted}", OPEN)} GROUP BY o.id) reached ON reached.id = open.id
WHERE o.id = open.id
"""  # noqa: S608 (only texts of our own stand in it)


@dataclass(frozen=True)
class Change:
    """Days `first` to `last`; counts through `expires_on`, None: to the last day. Either `percent` or `quantity`."""

    first: date
    last: date
    percent: Decimal | None = None
    quantity: Decimal | None = None
    expires_on: date | None = None


def make_override(*, level: Level, change: Change, reason: str, actor: User | None, now: datetime) -> ForecastOverride:
    """Holds from the next look of replenishment on, within a minute or so. Raises InvalidInput naming each wrong
    field.
    """
    expires_on = change.expires_on or change.last
    _check(level, change, reason.strip(), now)
    with transaction.atomic():
        row = ForecastOverride.objects.create(
            sku_id=level.sku_id, category_id=level.category_id, location_id=level.location_id,
            starts_on=change.first, ends_on=change.last, expires_on=expires_on,
            percent=change.percent, quantity=change.quantity, factor=_factor(level, change), reason=reason.strip(),
            created_at=now, created_by=actor, changed_at=now,
        )  # fmt: skip
        said = {name: str(value) for name, value in vars(level).items() | vars(change).items() if value is not None}
        record_audit(
            actor=actor, action="override.made", object_type="forecast_override", object_id=row.pk, now=now,
            data={**said, "reason": row.reason},
        )  # fmt: skip
    return row


def end_override(*, override_id: int, actor: User | None, now: datetime) -> ForecastOverride:
    """It counts no longer; what it did so far is scored all the same. A repeat changes nothing."""
    with transaction.atomic():
        running = ForecastOverride.objects.filter(pk=override_id, ended_at=None)
        if running.update(ended_at=now, ended_by=actor, changed_at=now):
            record_audit(
                actor=actor, action="override.ended", object_type="forecast_override", object_id=override_id, now=now
            )
    return ForecastOverride.objects.get(pk=override_id)


def spread_overrides(*, today: date) -> int:
    """Reckons the factors of the quantities that still count from the forecasts published now. One statement; returns
    how many there are.
    """
    with connection.cursor() as cursor:
        cursor.execute(SPREAD, {"today": today, "unknown": SeriesState.NOT_ENOUGH_DATA})
        return int(cursor.rowcount)


def mark_planned(*, rows: QuerySet[ForecastOverride], now: datetime) -> int:
    """Replenishment has taken these up."""
    return rows.update(planned_at=now)


def _today(level: Level, now: datetime) -> date:
    """The day at the place; without one that of the firm's own clock."""
    place = Location.objects.filter(pk=level.location_id).first() if level.location_id else None
    return local_date(now, place.time_zone if place else settings.TIME_ZONE)


def _factor(level: Level, change: Change) -> float | None:
    if change.percent is not None:
        return float(1 + change.percent / 100)
    if change.quantity is None:
        return None
    reach = reach_of(level, change.first, change.last)
    if reach.days and reach.units <= 0:
        raise InvalidInput(
            _(
                "Nothing is expected there in these days, so there is no proportion to spread %(quantity)s units by. "
                "Choose a level with sales; for a new SKU name a predecessor."
            )
            % {"quantity": change.quantity},
            details=[{"field": "quantity"}],
        )
    return reach.factor_of(change.quantity)


def problems_with(*, level: Level, change: Change, now: datetime) -> list[dict[str, str]]:
    """What is wrong with an override whose reason is still to come: `field` and `message` each."""
    today, percent, quantity = _today(level, now), change.percent, change.quantity
    expires_on = change.expires_on or change.last
    rules = (
        ("location", any(vars(level).values()), _("Choose a SKU, a category or a store: at least one of them.")),
        ("category", not (level.sku_id and level.category_id), _("Choose a SKU or a category, not both.")),
        (
            "starts_on",
            change.first >= today,
            _("It may begin today, %(today)s, or later: days that are over cannot be planned.")
            % {"today": format_near_day(today)},
        ),
        (
            "starts_on",
            (change.first - today).days < FARTHEST_DAYS,
            _("It may begin within the next two years. Is the year right?"),
        ),
        ("ends_on", change.last >= change.first, _("The last day lies before the first one.")),
        (
            "ends_on",
            (change.last - change.first).days < LONGEST_DAYS,
            _("A period has at most %(days)d days. Make another override for what comes later.")
            % {"days": LONGEST_DAYS},
        ),
        (
            "expires_on",
            # Of a period that is out of order its days are refused, and no expiry would mend it.
            change.last < change.first or change.first <= expires_on <= change.last,
            _("It expires between its first day, %(first)s, and its last day, %(last)s.")
            % {"first": format_near_day(change.first), "last": format_near_day(change.last)},
        ),
        ("percent", (percent is None) != (quantity is None), _("Give a percentage or a quantity: one of the two.")),
        (
            "percent",
            percent is None or LEAST_PERCENT <= percent <= MOST_PERCENT,
            _("The percentage lies between -100 (nothing will sell) and +1000."),
        ),
        ("quantity", quantity is None or quantity >= 0, _("The quantity cannot be negative.")),
    )
    return [{"field": name, "message": message} for name, is_fine, message in rules if not is_fine]


def _check(level: Level, change: Change, reason: str, now: datetime) -> None:
    problems = problems_with(level=level, change=change, now=now)
    if not reason:
        message = _("Say why in a few words: the next planner will want to know.")
        problems.append({"field": "reason", "message": message})
    if problems:
        raise InvalidInput(" ".join(problem["message"] for problem in problems), details=problems)
