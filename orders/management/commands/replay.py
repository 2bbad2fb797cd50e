"""Run a policy over the shop's own past, beside today's rules and a plain min/max."""

import json
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import InvalidInput
from forecasting.management.progress import progress_bar
from inventory.models import Category, Location
from inventory.models.location import STOCKING_KINDS
from orders.domain.replay_result import run_replay
from orders.domain.replay_settings import ReplaySettings, wrong_fields
from orders.selectors.replay_inputs import KnownDays, ReplayInputs, days_to_replay, load_replay_inputs


class Command(BaseCommand):
    """`manage.py replay --location SHOP --days 365`."""

    help = (
        "Live through the past again under other rules: with the forecasts that the engine would have made on each of "
        "those days, what empty shelves hid put back, and lead times as they were observed. Shows stockouts, units "
        "served, margin lost, stock, order lines and expiry for today's rules, a static min/max, and the policy tried "
        "at several certainties. Writes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        tried = ReplaySettings()
        parser.add_argument("--location", help="code of one location; default: all of them")
        parser.add_argument("--category", help="code of one category; default: all SKUs")
        parser.add_argument("--days", type=int, default=tried.days, help="last days replayed (default 365)")
        parser.add_argument("--series", type=int, default=tried.series, help="at most so many, drawn by chance")
        parser.add_argument("--review-days", type=int, default=tried.review_days, help="days between two looks")
        parser.add_argument("--lot-days", type=int, default=tried.lot_days, help="days of demand in one order")
        parser.add_argument("--ordering-cost", type=float, default=tried.ordering_cost, help="money per order line")
        parser.add_argument("--holding-rate", type=float, default=tried.holding_rate, help="share of the cost a year")
        parser.add_argument("--min-days", type=float, default=tried.min_days, help="of the plain rule beside it")
        parser.add_argument("--max-days", type=float, default=tried.max_days, help="of the plain rule beside it")
        parser.add_argument("--seed", type=int, default=tried.seed, help="of the lead times that are drawn")
        parser.add_argument("--no-model", action="store_true", help="leave out the global model: quicker, less like it")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="threads")
        parser.add_argument("--json", action="store_true", help="the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        settings = self._settings(options)
        inputs, days = self._inputs(options, settings)
        bar = progress_bar(self.stderr, options["verbosity"])
        begin = (days.first - inputs.panel.start).days
        found = run_replay(
            inputs.panel, inputs.goods, inputs.today, settings, begin, max(options["workers"], 1),
            lambda done, total: bar("nights", done, total), inputs.weeks,
        )  # fmt: skip
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        self.stdout.write(f"{inputs.panel.n_series:,} series, {days.first} to {days.last}.")
        self._table(found)

    def _settings(self, options: dict[str, Any]) -> ReplaySettings:
        names = set(ReplaySettings().as_json()) - {"has_model"}
        settings = ReplaySettings(**{name: options[name] for name in names}, has_model=not options["no_model"])
        wrong = wrong_fields(settings)
        if wrong:
            words = ", ".join("--" + name.replace("_", "-") for name in wrong)
            raise CommandError(f"Cannot be replayed: {words}. See --help for what is meant.")
        return settings

    def _inputs(self, options: dict[str, Any], settings: ReplaySettings) -> tuple[ReplayInputs, KnownDays]:
        location_ids = _location_ids(options["location"])
        category_id = _category_id(options["category"])
        try:
            days = days_to_replay(location_ids, category_id, settings.days)
        except InvalidInput as refusal:
            raise CommandError(refusal.message) from refusal
        found = load_replay_inputs(
            location_ids=location_ids, category_id=category_id, most_series=settings.series, first=days.first,
            last=days.last,
        )  # fmt: skip
        if found is None:
            raise CommandError("No SKU of this group was on sale throughout these days.")
        return found, days

    def _table(self, found: dict[str, Any]) -> None:
        self.stdout.write(
            f"{'policy':24s} {'out':>7s} {'served':>8s} {'margin lost':>12s} {'stock':>12s} {'lines/wk':>9s} "
            f"{'expired':>10s}"
        )
        self._row("today's rules", found["today"])
        self._row("min/max", found["min_max"])
        for point in found["curve"]:
            self._row(f"tried at {point['level']:.0%}", point)
        for name, words in (("today", "today's rules"), ("min_max", "min/max")):
            equal = found["equal"][name]
            if equal:
                self.stdout.write(
                    f"At the stock value of {words}: {equal['out']:.2%} out instead of {found[name]['out']:.2%}, "
                    f"{equal['lines_per_week']:.2f} lines instead of {found[name]['lines_per_week']:.2f}."
                )

    def _row(self, name: str, figures: dict[str, float]) -> None:
        self.stdout.write(
            f"{name:24s} {figures['out']:7.2%} {figures['fill']:8.2%} {figures['lost_margin']:12,.0f} "
            f"{figures['stock_value']:12,.0f} {figures['lines_per_week']:9.2f} {figures['expired_value']:10,.0f}"
        )


def _location_ids(code: str | None) -> list[int]:
    places = Location.objects.filter(kind__in=STOCKING_KINDS, is_active=True).order_by("pk")
    if code is not None:
        places = places.filter(code=code)
    found = list(places.values_list("pk", flat=True))
    if not found:
        raise CommandError(f"There is no store or warehouse with the code {code}." if code else "There is no location.")
    return found


def _category_id(code: str | None) -> int | None:
    if code is None:
        return None
    found = Category.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise CommandError(f"There is no category with the code {code}.")
    return found
