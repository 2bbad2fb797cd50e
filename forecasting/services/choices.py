"""The weekly look at the past: opened, learned from a sample, filled shard by shard, published by its state."""

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from forecasting.columns import candidate_labels, choice_columns
from forecasting.domain.occasions import Effect
from forecasting.engine import Choice, Config, Learned
from forecasting.errors import RunNotOpen
from forecasting.models import ChoiceRun, ChoiceRunState, OccasionEffect, SeriesChoice
from inventory.binary_copy import copy_in

# The newest one is in use; the others tell what was chosen before.
CHOICES_KEPT = 4
# Stands for an error that cannot be told.
MOST_ERROR = 1e6


def open_choice_run(*, slot: str, as_of: date, time_zone: str, config: Config, now: datetime) -> ChoiceRun:
    """The choice of this slot; made at the first call, found at every other."""
    run, _made = ChoiceRun.objects.get_or_create(
        slot=slot,
        defaults={
            "as_of": as_of,
            "time_zone": time_zone,
            "sum_days": list(config.grid_for("D")),
            "candidate_labels": candidate_labels(config),
            "started_at": now,
        },
    )
    return run


@transaction.atomic
def save_learned(
    *, run_id: int, learned: Learned, series: int, effects: Sequence[Effect] = (), kinds: Sequence[str] = ()
) -> None:
    """Keeps what was learned from `series` series of the sample; a repeat replaces it. The model, where there is one,
    has one driver for each of `kinds`; raises ValueError where it has not, for no night could use it.
    """
    model = learned.model
    if model is not None and len(model.kinds) != 1 + len(kinds):
        raise ValueError(f"The model has {len(model.kinds) - 1} drivers: keep the keys of as many kinds of promotion.")
    ChoiceRun.objects.filter(pk=run_id).update(
        model=learned.pack(), model_series=series if model is not None else 0, promotion_kinds=list(kinds),
        kind_weights=model.kinds.tolist() if model is not None and kinds else [],
    )  # fmt: skip
    OccasionEffect.objects.filter(run=run_id).delete()
    OccasionEffect.objects.bulk_create(
        [
            OccasionEffect(
                run_id=run_id, key=effect.key[:150], uplift=effect.uplift, error=min(effect.error, MOST_ERROR),
                times=effect.times, days=effect.days, is_used=effect.is_measurable and effect.times > 0,
            )
            for effect in effects
        ]
    )  # fmt: skip


@transaction.atomic
def write_choice(*, run_id: int, location_ids: NDArray[np.int64], sku_ids: NDArray[np.int64], choice: Choice) -> int:
    """Replaces the choice of these series in the run, so that a shard done twice leaves what it left once. Returns
    the count.
    """
    run = ChoiceRun.objects.defer("model").get(pk=run_id)
    if run.state != ChoiceRunState.RUNNING:
        raise RunNotOpen(f"The choice of {run.as_of} is published already.")
    n = len(sku_ids)
    values: dict[str, NDArray[np.generic]] = {
        "run_id": np.full(n, run_id),
        "sku_id": sku_ids,
        "location_id": location_ids,
        "candidates": choice.kept,
        "weights": choice.weight,
        "ratios": choice.ratio,
        "unit": choice.unit,
        "gain": np.nan_to_num(choice.gain),
        "origins": choice.origins,
    }
    places, skus = np.unique(location_ids).tolist(), np.unique(sku_ids).tolist()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM forecasting_serieschoice WHERE run_id = %s AND location_id = ANY(%s) AND sku_id = ANY(%s)",
            [run_id, places, skus],
        )
        copy_in(cursor, "forecasting_serieschoice", choice_columns(run), values)
    return n


@transaction.atomic
def publish_choice_run(*, run_id: int, now: datetime) -> bool:
    """The next nights use this choice, whole. One without any series would only hide an older one, so it stays as it
    is; returns whether it is published.
    """
    run = ChoiceRun.objects.defer("model").get(pk=run_id)
    if not SeriesChoice.objects.filter(run=run).exists():
        return False
    ChoiceRun.objects.filter(pk=run_id, state=ChoiceRunState.RUNNING).update(
        state=ChoiceRunState.PUBLISHED, published_at=now
    )
    newest = ChoiceRun.objects.filter(time_zone=run.time_zone).order_by("-as_of", "-pk").values_list("pk", flat=True)
    old = list(newest[CHOICES_KEPT : CHOICES_KEPT + 5])
    with connection.cursor() as cursor:
        # A plain DELETE; Django would first fetch a million rows.
        cursor.execute("DELETE FROM forecasting_serieschoice WHERE run_id = ANY(%s)", [old])
    ChoiceRun.objects.filter(pk__in=old).update(model=b"", model_series=0)
    return True
