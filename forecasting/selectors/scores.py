"""How right the forecast was, for pages, API and alerts: in a number of statements that no number of series changes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import QuerySet
from numpy.typing import NDArray

from forecasting.domain.scores import DRIFT_WEEKS, FIGURES, LEAST_SEEN, SUMS, WEEK, Scored, summed
from forecasting.models import ScoreRun, ScoreState, SeriesScore
from inventory.models import Location, Sku
from inventory.selectors.stock import category_tree

F64 = NDArray[np.float64]
WEEKS_SHOWN = 26
# Fewer windows than this say nothing about how right a forecast is; fewer judged ones say nothing about quantiles.
LEAST_WINDOWS, LEAST_JUDGED = 4, 40
CENT = Decimal("0.01")
BY = {"week": "r.week_ends_on", "location": "s.location_id", "category": "s.category_id"}
READ = """
SELECT {by}, {sums}, {at_or_below}, {below}
FROM forecasting_scoresummary s JOIN forecasting_scorerun r ON r.id = s.run_id
WHERE s.run_id = ANY(%(runs)s) AND s.window_days = %(window)s AND s.location_id = ANY(%(places)s)
  AND (%(categories)s::bigint[] IS NULL OR s.category_id = ANY(%(categories)s))
GROUP BY 1
"""


@dataclass(frozen=True)
class Totals:
    """Sums over many windows; `sums` by the names of domain.scores.SUMS. Shares are None where there is not enough data
    or nothing to divide by.
    """

    levels: tuple[float, ...]
    sums: Mapping[str, float]
    at_or_below: F64
    below: F64

    @property
    def has_enough(self) -> bool:
        return self.sums["windows"] >= LEAST_WINDOWS

    @property
    def is_idle(self) -> bool:
        """Nothing was asked for and nothing expected, as in a warehouse that only supplies stores."""
        return self.has_enough and not self.sums["actual"] and not self.sums["mean"]

    @property
    def windows(self) -> int:
        """How many were compared."""
        return round(self.sums["windows"])

    @property
    def masked(self) -> int:
        """How many were out of stock most of the time, and so were not."""
        return round(self.sums["masked"])

    @property
    def bias(self) -> float | None:
        """Forecast less demand, as a share of demand: above 0 too much was expected."""
        return self._share(self.sums["mean"] - self.sums["actual"], self.sums["actual"])

    @property
    def wape(self) -> float | None:
        return self._share(self.sums["error"], self.sums["actual"])

    @property
    def naive_wape(self) -> float | None:
        """That of repeating the last week."""
        return self._share(self.sums["naive_error"], self.sums["actual"])

    @property
    def gain(self) -> float | None:
        """The part of the naive error that the forecast saves."""
        return self._share(self.sums["naive_error"] - self.sums["error"], self.sums["naive_error"])

    @property
    def pinball(self) -> float | None:
        """Mean pinball loss over all levels, in units a window."""
        return self._share(self.sums["pinball"], self.sums["judged"])

    @property
    def pinball_gain(self) -> float | None:
        """The part of the pinball loss of the naive forecast that is saved."""
        return self._share(self.sums["naive_pinball"] - self.sums["pinball"], self.sums["naive_pinball"])

    @property
    def override_gain(self) -> float | None:
        """Value added by people: the part of the forecast's error that their overrides took away (below 0: added)."""
        saved = self.sums["touched_error"] - self.sums["touched_planned_error"]
        return saved / self.sums["touched_error"] if self.sums["touched_error"] > 0 else None

    @property
    def saved_units(self) -> float:
        """Units of error that overrides took away."""
        return self.sums["touched_error"] - self.sums["touched_planned_error"]

    @property
    def added_units(self) -> float:
        """Units of error that they added; 0 where they took some away."""
        return max(-self.saved_units, 0.0)

    def coverage(self) -> list[tuple[float, float, float]]:
        """(level, share strictly below, share at or below) of each quantile; empty where too few windows were judged.
        Demand comes in whole units, so a right forecast has its level between the two."""
        judged = self.sums["judged"]
        if judged < LEAST_JUDGED:
            return []
        pairs = zip(self.levels, self.below / judged, self.at_or_below / judged, strict=True)
        return [(level, float(low), float(high)) for level, low, high in pairs]

    def _share(self, part: float, whole: float) -> float | None:
        return part / whole if self.has_enough and whole > 0 else None


@dataclass(frozen=True)
class Question:
    """Whose accuracy: of windows of so many days at these places, of one category with all that lies in it, of one SKU,
    or of all."""

    window: int
    location_ids: Sequence[int]
    category_id: int | None = None
    sku_id: int | None = None

    @cached_property
    def category_ids(self) -> list[int] | None:
        """The category and what lies in it, in one statement; None for all."""
        return None if self.category_id is None else category_tree(self.category_id)


@dataclass(frozen=True)
class Accuracy:
    """`total` of all `weeks` (by the Sunday that ends each); `parts` by location or category id. `rebuilt` weeks were
    computed afterwards."""

    total: Totals
    weeks: Mapping[date, Totals]
    rebuilt: Collection[date] = ()
    by_location: Mapping[int, Totals] = field(default_factory=dict)
    by_category: Mapping[int | None, Totals] = field(default_factory=dict)


def score_runs(location_ids: Sequence[int] | None = None) -> list[ScoreRun]:
    """The last WEEKS_SHOWN weeks of each time zone (of these places), newest first; what was published counts before
    what was rebuilt."""
    runs = ScoreRun.objects.filter(state=ScoreState.PUBLISHED)
    if location_ids is not None:
        zones = Location.objects.filter(pk__in=location_ids).values("time_zone")
        runs = runs.filter(time_zone__in=zones)
    newest = runs.order_by("-week_ends_on").values_list("week_ends_on", flat=True).first()
    if newest is None:
        return []
    recent = runs.filter(week_ends_on__gt=newest - timedelta(days=WEEK * WEEKS_SHOWN))
    return list(
        recent.order_by("-week_ends_on", "time_zone", "is_rebuilt", "-pk").distinct("week_ends_on", "time_zone")
    )


def read_accuracy(question: Question, runs: Sequence[ScoreRun]) -> Accuracy | None:
    """None where nothing was scored yet. Three statements, and one for what lies in a category; one for a SKU."""
    if not runs:
        return None
    levels = tuple(round(float(level), 4) for level in runs[0].levels)
    same = [run for run in runs if len(run.levels) == len(levels)]
    weeks = _sku_weeks(question, same, levels) if question.sku_id else _read("week", question, same, levels)
    rebuilt = {run.week_ends_on for run in same if run.is_rebuilt}
    total = _added(list(weeks.values()), levels)
    if question.sku_id:
        return Accuracy(total, dict(sorted(weeks.items())), rebuilt)
    by_location, by_category = (_read(by, question, same, levels) for by in ("location", "category"))
    return Accuracy(total, dict(sorted(weeks.items())), rebuilt, by_location, by_category)


def _read(by: str, question: Question, runs: Sequence[ScoreRun], levels: tuple[float, ...]) -> dict[Any, Totals]:
    def columns(name: str, count: int) -> str:
        return ", ".join(f"coalesce(sum(s.{name}[{i + 1}]), 0)" for i in range(count))

    q = len(levels)
    query = READ.replace("{by}", BY[by]).replace("{sums}", columns("sums", len(SUMS)))
    query = query.replace("{at_or_below}", columns("at_or_below", q)).replace("{below}", columns("below", q))
    with connection.cursor() as cursor:
        cursor.execute(
            query,
            {
                "runs": [run.pk for run in runs], "window": question.window, "places": list(question.location_ids),
                "categories": question.category_ids,
            },
        )  # fmt: skip
        return {row[0]: _totals(np.array(row[1:], dtype=np.float64), levels) for row in cursor.fetchall()}


def _totals(values: F64, levels: tuple[float, ...]) -> Totals:
    q, k = len(levels), len(SUMS)
    return Totals(levels, dict(zip(SUMS, values[:k].tolist(), strict=True)), values[k : k + q], values[k + q :])


def _added(parts: Sequence[Totals], levels: tuple[float, ...]) -> Totals:
    flat = [np.concatenate([list(part.sums.values()), part.at_or_below, part.below]) for part in parts]
    return _totals(np.sum(flat, axis=0) if flat else np.zeros(len(SUMS) + 2 * len(levels)), levels)


def _sku_weeks(question: Question, runs: Sequence[ScoreRun], levels: tuple[float, ...]) -> dict[date, Totals]:
    rows = SeriesScore.objects.filter(
        run__in=[run.pk for run in runs], location__in=question.location_ids, sku=question.sku_id
    ).values_list("run", "figures", "ranks")
    by_id = {run.pk: run for run in runs}
    found: dict[date, list[Totals]] = {}
    for pk, figures, ranks in rows:
        if question.window not in by_id[pk].windows:
            continue
        at = by_id[pk].windows.index(question.window)
        one = np.array([figures[at * len(FIGURES) : (at + 1) * len(FIGURES)]], dtype=np.float64)
        missed, tied = (np.array([rank], dtype=np.int16) for rank in ranks[2 * at : 2 * at + 2])
        sums = summed(Scored(one, missed, tied), np.zeros(1, dtype=np.int64), 1, len(levels))
        totals = _totals(np.concatenate([sums.sums[0], sums.at_or_below[0], sums.below[0]]), levels)
        found.setdefault(by_id[pk].week_ends_on, []).append(totals)
    return {week: _added(parts, levels) for week, parts in found.items()}


@dataclass(frozen=True)
class DriftRow:
    """A series whose demand ran away from its forecast over the last `weeks` scored weeks; units over these weeks."""

    sku: Sku
    location: Location
    is_above: bool
    weeks: int
    expected: float
    actual: float

    @property
    def value(self) -> Decimal:
        """What the units between the two cost."""
        return (Decimal(str(round(abs(self.actual - self.expected), 3))) * self.sku.cost).quantize(CENT)


def drifting(question: Question, runs: Sequence[ScoreRun], limit: int) -> list[DriftRow]:
    """Series that drift by the newest week of each time zone, the costliest first. Two statements."""
    newest: dict[str, ScoreRun] = {}
    for run in runs:
        newest.setdefault(run.time_zone, run)
    rows = SeriesScore.objects.filter(
        run__in=[run.pk for run in newest.values()], location__in=question.location_ids
    ).exclude(drift=0)
    rows = _of_question(rows, question).select_related("sku", "location")
    found = {(row.location_id, row.sku_id): row for row in rows.order_by("location", "sku")}
    sums = _recent_sums(list(found), runs, newest)
    drifts = [
        DriftRow(row.sku, row.location, row.drift > 0, weeks, expected, actual)
        for key, row in found.items()
        for weeks, expected, actual in [sums.get(key, (0, 0.0, 0.0))]
    ]
    return sorted(drifts, key=lambda row: (-row.value, row.sku.code, row.location.name))[:limit]


def _of_question(rows: QuerySet[SeriesScore], question: Question) -> QuerySet[SeriesScore]:
    if question.sku_id:
        return rows.filter(sku=question.sku_id)
    return rows if question.category_ids is None else rows.filter(sku__category__in=question.category_ids)


def _recent_sums(
    keys: Sequence[tuple[int, int]], runs: Sequence[ScoreRun], newest: Mapping[str, ScoreRun]
) -> dict[tuple[int, int], tuple[int, float, float]]:
    """(weeks, expected, actual) of each (location, SKU) over the weeks that drift looks at."""
    recent = [
        run.pk for run in runs if (newest[run.time_zone].week_ends_on - run.week_ends_on).days < WEEK * DRIFT_WEEKS
    ]
    rows = SeriesScore.objects.filter(
        run__in=recent, location__in={place for place, _sku in keys}, sku__in={sku for _place, sku in keys}
    )
    actual, mean, in_stock = (FIGURES.index(name) for name in ("actual", "mean", "in_stock"))
    found: dict[tuple[int, int], tuple[int, float, float]] = {}
    for place, sku, figures in rows.values_list("location", "sku", "figures"):
        if figures[in_stock] >= LEAST_SEEN:
            weeks, expected, came = found.get((place, sku), (0, 0.0, 0.0))
            found[place, sku] = (weeks + 1, expected + figures[mean], came + figures[actual])
    return found
