"""The stored choice of methods: in bulk for the night, and one by one, with its reason, for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection
from django.db.models import Count
from numpy.typing import NDArray

from forecasting.columns import choice_columns
from forecasting.domain.series_places import places_among
from forecasting.engine import Choice, Learned
from forecasting.engine.methods.registry import Candidates
from forecasting.models import ChoiceRun, ChoiceRunState, SeriesChoice
from inventory.binary_copy import copy_out
from inventory.models import Location

I64 = NDArray[np.int64]
LEAST_WEIGHT = 0.05
READ = """
SELECT {columns} FROM forecasting_serieschoice
WHERE run_id = %s AND location_id = ANY(%s) AND sku_id = ANY(%s)
ORDER BY location_id, sku_id
"""


@dataclass(frozen=True)
class ChoiceView:
    """Why a series is forecast as it is. `methods`: (label, weight), best first. `gain`: what the best of them saved of
    the mean pinball loss of all candidates over `origins` past origins (0: too young, its peers decided).
    """

    chosen_on: date
    methods: list[tuple[str, float]]
    gain: float
    origins: int
    has_global_model: bool


def newest_choice(time_zone: str) -> ChoiceRun | None:
    """The published choice that nights of this zone use; without the bytes of the model."""
    runs = ChoiceRun.objects.filter(time_zone=time_zone, state=ChoiceRunState.PUBLISHED).defer("model")
    return runs.order_by("-as_of", "-pk").first()


def kinds_told_apart(location_ids: Sequence[int]) -> list[str]:
    """Keys of the kinds of promotion that the nights tell apart in the time zone of most of these places, in the order
    of the drivers; two statements."""
    zones = Location.objects.filter(pk__in=location_ids).values("time_zone").annotate(places=Count("pk"))
    zone = zones.order_by("-places", "time_zone").values_list("time_zone", flat=True).first()
    run = newest_choice(zone) if zone else None
    return run.promotion_kinds if run else []


def learned_by(run: ChoiceRun) -> Learned:
    """The global model and the common evidence of a choice run."""
    return Learned.unpack(bytes(run.model))


def load_choice(
    run: ChoiceRun, candidates: Candidates, location_ids: I64, sku_ids: I64
) -> tuple[Choice, NDArray[np.bool_]]:
    """The stored choice of the series (location_ids[i], sku_ids[i]), sorted by location and SKU, and which of them have
    one; the rows of the others hold zeros.
    """
    columns = choice_columns(run)
    places, skus = np.unique(location_ids), np.unique(sku_ids)
    query = READ.replace("{columns}", ", ".join(column.name for column in columns))
    with connection.cursor() as cursor:
        rows = copy_out(cursor, query, [run.pk, places.tolist(), skus.tolist()], columns)
    place, has = places_among(rows["location_id"], rows["sku_id"], location_ids, sku_ids)
    found = {name: _filled(values, place, has) for name, values in rows.items()}
    choice = Choice(
        candidates=candidates,
        kept=found["candidates"].astype(np.int16),
        weight=found["weights"].astype(np.float32),
        ratio=found["ratios"].astype(np.float32),
        unit=found["unit"].astype(np.float32),
        gain=found["gain"].astype(np.float32),
        origins=found["origins"].astype(np.int16),
        grid=tuple(run.sum_days),
    )
    return choice, has


def _filled(values: NDArray[np.generic], place: I64, has: NDArray[np.bool_]) -> NDArray[np.generic]:
    out = np.zeros((len(place), *values.shape[1:]), values.dtype)
    out[has] = values[place[has]]
    return out


def fits(run: ChoiceRun, labels: Sequence[str], sum_days: Sequence[int]) -> bool:
    """Whether a stored choice speaks of the candidates and sums that this version of the engine knows."""
    return run.candidate_labels == list(labels) and list(run.sum_days) == list(sum_days)


def series_choice(*, sku_id: int, location: Location) -> ChoiceView | None:
    """The choice that the next night will use for a SKU at a location; None before the first one."""
    run = newest_choice(location.time_zone)
    row = run and SeriesChoice.objects.filter(run=run, location=location, sku=sku_id).first()
    if not run or not row:
        return None
    pairs = zip(row.candidates, row.weights, strict=True)
    return ChoiceView(
        chosen_on=run.as_of,
        methods=[(run.candidate_labels[index], round(weight, 3)) for index, weight in pairs if weight >= LEAST_WEIGHT],
        gain=row.gain,
        origins=row.origins,
        has_global_model=run.model_series > 0,
    )
