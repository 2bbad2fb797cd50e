"""What a replay is asked to try, and what it found, as plain values that a row can keep."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

# A stretch of days that is worked on at once, and knows nothing of the others.
PART_DAYS = 28
# Days lived through before the counting begins, so that the first stock no longer matters.
RUN_IN_DAYS = 28
# Certainties of the trade-off curve, from lean to safe.
CURVE_LEVELS = (0.70, 0.80, 0.88, 0.93, 0.96, 0.98, 0.99)
MOST_SERIES, MOST_DAYS = 5000, 730
# Days of demand before the first replayed day, and fewest replayed days: what is shorter says nothing.
LEAST_PAST_DAYS, LEAST_DAYS = 56, 56


@dataclass(frozen=True)
class ReplaySettings:
    """`days` replayed up to the last closed one, at most `series` SKUs at locations, drawn by chance. The policy tried
    looks each `review_days`, orders `lot_days` at a time or, with an `ordering_cost` per line above 0, what balances it
    against holding at `holding_rate` of the cost a year. The plain rule beside it orders at `min_days` of mean demand
    up to `max_days`. `has_model`: with the global model, which is slower and nearer to the night."""

    days: int = 365
    series: int = 2000
    review_days: int = 1
    lot_days: int = 7
    ordering_cost: float = 0.0
    holding_rate: float = 0.25
    min_days: float = 7.0
    max_days: float = 21.0
    has_model: bool = True
    seed: int = 1

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def of(values: Mapping[str, Any]) -> "ReplaySettings":
        """What `as_json` gave; what is missing or no longer known takes its default."""
        known = {field.name for field in fields(ReplaySettings)}
        return ReplaySettings(**{name: value for name, value in values.items() if name in known})


def wrong_fields(settings: ReplaySettings) -> list[str]:
    """Names of the fields that lie outside what can be run."""
    rules = (
        ("days", LEAST_DAYS <= settings.days <= MOST_DAYS),
        ("series", 1 <= settings.series <= MOST_SERIES),
        ("review_days", 1 <= settings.review_days <= 60),
        ("lot_days", 1 <= settings.lot_days <= 60),
        ("ordering_cost", 0 <= settings.ordering_cost < 1_000_000),
        ("holding_rate", 0 < settings.holding_rate <= 5),
        ("min_days", 0 < settings.min_days <= 365),
        ("max_days", settings.min_days <= settings.max_days <= 365),
    )
    return [name for name, is_fine in rules if not is_fine]
