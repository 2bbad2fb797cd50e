"""One shard of a run: a range of SKUs at all locations of the zone, from demand to forecast or to choice."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecasting.columns import candidate_labels
from forecasting.domain.occasions import Effect, measure
from forecasting.domain.promotion_kinds import SeenKind, kinds_to_tell
from forecasting.engine import Choice, Config, Forecast, Learned, choose, forecast, learn_peers
from forecasting.engine.boosted.training import Training, train
from forecasting.engine.methods.registry import candidates
from forecasting.models import ChoiceRun, ForecastRun
from forecasting.selectors.choices import fits, learned_by, load_choice
from forecasting.selectors.occasions import countries_of, ignored_keys, occasion_columns
from forecasting.selectors.panels import (
    Border,
    SeriesPanel,
    load_panel,
    rows_of,
    sampled_skus,
    sku_ranges,
    skus_of,
)
from forecasting.selectors.promotions import promoted_parts, promotion_shares
from inventory.models import Listing

I64 = NDArray[np.int64]
F32 = NDArray[np.float32]
Part = Mapping[str, Any]
# Series that are enough to see what a holiday does.
MEASURED_SERIES = 5_000
# Keeps a worker far below 2 GB: a series of 730 days takes about 50 kB while it is computed.
SERIES_PER_SHARD = 10_000
# A zone of few series is cut into pieces for several workers, none of them so small that its start costs more than its
# work, or that a category has too few witnesses in it.
LEAST_PER_SHARD, PIECES = 2_500, 8


@dataclass(frozen=True)
class ShardForecast:
    """What a shard found: the forecast of SKU sku_ids[i] at location_ids[i], both int64 [n]; None for n = 0."""

    location_ids: I64
    sku_ids: I64
    forecast: Forecast | None


@dataclass(frozen=True)
class ShardChoice:
    """Likewise the choice of methods."""

    location_ids: I64
    sku_ids: I64
    choice: Choice | None


def shard_parts(*, location_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The shards of a run as JSON values; see `selectors.panels`.

    Places of one zone that keep the holidays of different countries are forecast apart: what a holiday does is learned
    from all series of a shard together.
    """
    series = Listing.objects.filter(location__in=location_ids).count()
    size = min(max(series // PIECES, LEAST_PER_SHARD), SERIES_PER_SHARD)
    countries = countries_of(location_ids)
    return [
        {"after": after and list(after), "until": until and list(until), "country": country}
        for country, places in countries.items()
        for after, until in sku_ranges(places, size)
    ]


def places_and_skus(location_ids: Sequence[int], part: Part) -> tuple[Sequence[int], list[int]]:
    """What a part of these locations covers; `part` is one of `shard_parts`."""
    country = part.get("country")
    places = location_ids if country is None else countries_of(location_ids).get(country, [])
    return places, skus_of(_border(part["after"]), _border(part["until"]))


@dataclass(frozen=True)
class ShardInput:
    """All that a shard needs to be computed: the series, their stored choice and the model (None: none is stored)."""

    series: SeriesPanel
    choice: Choice | None
    learned: Learned | None


def read_shard(*, run_id: int, location_ids: Sequence[int], part: Part, config: Config) -> ShardInput:
    """The part of a shard that waits for the database; `part` is one of `shard_parts`."""
    run = ForecastRun.objects.select_related("choice_run").get(pk=run_id)
    kinds = run.choice_run.promotion_kinds if run.choice_run else ()
    series = _load(location_ids, part, run.as_of, config, ignored_keys(run.choice_run), kinds)
    if not series.count:
        return ShardInput(series, None, None)
    choice, learned = _choice_for(run.choice_run, series, config)
    return ShardInput(series, choice, learned)


def forecast_shard(*, read: ShardInput, config: Config) -> ShardForecast:
    """The part of a shard that computes."""
    series = read.series
    if not series.count:
        return ShardForecast(series.location_ids, series.sku_ids, None)
    found = forecast(series.panel, config, read.choice, read.learned.model if read.learned else None)
    return ShardForecast(series.location_ids, series.sku_ids, found.rows(slice(0, series.count)))


def compute_choice(*, run_id: int, location_ids: Sequence[int], part: Part, config: Config) -> ShardChoice:
    """Looks at the past of the series of a shard; writes nothing."""
    run = ChoiceRun.objects.get(pk=run_id)
    series = _load(location_ids, part, run.as_of, config, ignored_keys(run))
    if not series.count:
        return ShardChoice(series.location_ids, series.sku_ids, None)
    choice = choose(series.asked(), config, peers=learned_by(run).peers)
    return ShardChoice(series.location_ids, series.sku_ids, choice)


@dataclass(frozen=True)
class Lesson:
    """What a sample of `series` series teaches for all; `kinds` are the promotions that its model tells apart."""

    learned: Learned
    effects: list[Effect]
    series: int
    kinds: tuple[str, ...] = ()


def learn_from_sample(
    *, as_of: date, location_ids: Sequence[int], seed: str, config: Config, training: Training | None
) -> Lesson:
    """Without `training` no global model is trained, which takes a second instead of a minute."""
    wanted = (training or Training()).series
    sku_ids = sampled_skus(location_ids, wanted, seed)

    def load(ignored: Collection[str] = (), kinds: Sequence[str] = ()) -> SeriesPanel:
        return load_panel(
            location_ids=location_ids, sku_ids=sku_ids, as_of=as_of, horizon_days=config.horizon_days, ignored=ignored,
            kinds=kinds,
        )  # fmt: skip

    series = load()
    effects, seen = _measured(series, location_ids)
    ignored = [effect.key for effect in effects if effect.times and not effect.is_measurable]
    # Nothing but a model reads kinds.
    kinds = () if training is None else kinds_to_tell(seen, {effect.key for effect in effects if effect.is_measurable})
    series = load(ignored, kinds) if ignored or kinds else series
    panel = series.asked()
    model = train(panel, config, training) if training is not None and series.count else None
    learned = Learned(model, learn_peers(panel, config))
    return Lesson(learned, effects, series.count, kinds if model is not None else ())


def _measured(series: SeriesPanel, location_ids: Sequence[int]) -> tuple[list[Effect], list[SeenKind]]:
    """What each occasion of the past did, looked at on some of the series, and how often each promotion was seen."""
    if not series.count:
        return [], []
    some = np.arange(0, series.count, max(series.count // MEASURED_SERIES, 1))
    panel = series.panel.rows(some)
    rows = rows_of(panel, series.location_ids[some], series.sku_ids[some])
    parts = promoted_parts(rows, panel.start, panel.n_days)
    seen: list[SeenKind] = []

    def shares_of_each() -> Iterator[tuple[str, F32]]:
        """One after another: each is as large as the panel, and a shop may give every promotion a name of its own."""
        for key in sorted({part.key for part in parts}):
            own = [part for part in parts if part.key == key]
            shares = promotion_shares(own, rows, panel.start, panel.n_days)
            if shares is not None:
                begun = {part.starts_on for part in own}
                seen.append(SeenKind(key, len(begun), int((shares > 0).sum())))
                yield key, shares

    columns = occasion_columns(location_ids, panel.start, panel.n_days)
    return measure(panel, columns, shares_of_each()), seen


def _load(
    location_ids: Sequence[int],
    part: Part,
    as_of: date,
    config: Config,
    ignored: Collection[str],
    kinds: Sequence[str] = (),
) -> SeriesPanel:
    places, sku_ids = places_and_skus(location_ids, part)
    return load_panel(
        location_ids=places, sku_ids=sku_ids, as_of=as_of, horizon_days=config.horizon_days, ignored=ignored,
        kinds=kinds,
    )  # fmt: skip


def _border(values: list[int] | None) -> Border:
    return None if values is None else (values[0], values[1])


def _choice_for(run: ChoiceRun | None, series: SeriesPanel, config: Config) -> tuple[Choice | None, Learned | None]:
    """The stored choice; series that came after it, and lenders, choose now as their peers did. None for both where
    nothing is stored that this version understands.
    """
    if run is None or not fits(run, candidate_labels(config), config.grid_for("D")):
        return None, None
    learned = learned_by(run)
    stored, has = load_choice(run, candidates("D", config.methods), series.location_ids, series.sku_ids)
    missing = np.flatnonzero(~np.pad(has, (0, series.panel.n_series - series.count)))
    if not len(missing):
        return stored, learned
    fresh = choose(series.panel.rows(missing), config, peers=learned.peers)
    return stored.extended(fresh, missing, series.panel.n_series), learned
