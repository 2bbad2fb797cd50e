"""Writers of what planners know: promotions, holidays of one's own, and what takes whose place."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Q

from forecasting.models import Predecessor, PromotionScope
from forecasting.services.bulk_promotions import Planned, take_occasions, take_predecessors, take_promotions
from forecasting.services.promotions import LONGEST_DAYS, MOST_SKUS, Entry
from imports.domain.columns import ParsedRow
from imports.domain.errors import CellError
from imports.services.context import ImportContext
from inventory.models import Category, Location, Sku

# What all rows of one promotion say alike; its SKUs may have shares of their own.
COMMON = ("kind", "discount_percent")
ONE = Decimal(1)


def write_promotions(rows: list[ParsedRow], context: ImportContext) -> int:
    """Rows with the same name, days and place are one promotion: of all, of the categories, or of the SKUs named."""
    places, skus = context.resolve_locations(rows), context.resolve(Sku, rows, "sku")
    categories = _categories(rows, context)
    _check_places(rows, context)
    _check_days(rows, context)
    groups = _grouped(rows)
    for group in groups:
        _check_group(group, context)
    context.errors.refuse_if_any()
    planned = [_planned(group, places, skus, categories) for group in groups]
    return take_promotions(planned=planned, actor=context.user, now=context.now)


def write_holidays(rows: list[ParsedRow], context: ImportContext) -> int:
    """Days of the same name that follow each other are one occasion; each year's teaches for the next."""
    places = context.resolve_locations(rows)
    _check_places(rows, context)
    planned = []
    for first, last, number, name, code in _runs(rows):
        if (last - first).days >= LONGEST_DAYS:
            context.errors.add(CellError(number, "date", "too_many_days", name, str(LONGEST_DAYS)))
        place = places.get(code)
        planned.append(Planned(Entry(name, first, last, kind=name[:60], location_id=place.pk if place else None)))
    context.errors.refuse_if_any()
    return take_occasions(planned=planned, actor=context.user, now=context.now)


def write_predecessors(rows: list[ParsedRow], context: ImportContext) -> int:
    skus, before = context.resolve(Sku, rows, "sku"), context.resolve(Sku, rows, "predecessor")
    context.errors.refuse_if_any()
    pairs = {skus[row.values["sku"]]: before[row.values["predecessor"]] for row in rows}
    stored = dict(Predecessor.objects.filter(sku__in=set(pairs.values())).values_list("sku", "predecessor"))
    kits = set(Sku.objects.filter(is_kit=True, pk__in={*pairs, *pairs.values()}).values_list("pk", flat=True))
    known = {**stored, **pairs}
    for row in rows:
        new, old = skus[row.values["sku"]], before[row.values["predecessor"]]
        if new == old or known.get(old) == new:
            context.errors.add(CellError(row.number, "predecessor", "own_predecessor", row.values["predecessor"]))
        elif kits & {new, old}:
            context.errors.add(CellError(row.number, "predecessor", "predecessor_kit", row.values["predecessor"]))
    context.errors.refuse_if_any()
    shares = {skus[row.values["sku"]]: row.values["share"] or ONE for row in rows}
    wanted = {sku: (old, shares[sku]) for sku, old in pairs.items()}
    return take_predecessors(pairs=wanted, actor=context.user, now=context.now)


def _categories(rows: Sequence[ParsedRow], context: ImportContext) -> dict[str, int]:
    """Ids by the word that was used: the code of a category, else its name."""
    words = {row.values["category"] for row in rows if row.values["category"]}
    found = Category.objects.filter(Q(code__in=words) | Q(name__in=words)).order_by("-pk")
    known = list(found.values_list("pk", "code", "name"))
    ids = {**{name: pk for pk, _code, name in known}, **{code: pk for pk, code, _name in known}}
    for row in rows:
        word = row.values["category"]
        if word and word not in ids:
            context.errors.add(CellError(row.number, "category", "unknown_category", word))
    return ids


def _check_places(rows: Sequence[ParsedRow], context: ImportContext) -> None:
    """What holds everywhere is for those who see all stores."""
    if context.user is None or context.user.sees_all_locations:
        return
    for row in rows:
        if not row.values["location"]:
            context.errors.add(CellError(row.number, "location", "name_a_store"))


def _check_days(rows: Sequence[ParsedRow], context: ImportContext) -> None:
    for row in rows:
        first, last = row.values["starts_on"], row.values["ends_on"]
        if first is None or last is None:
            continue
        if last < first:
            context.errors.add(CellError(row.number, "ends_on", "days_reversed", last.isoformat(), first.isoformat()))
        elif (last - first).days >= LONGEST_DAYS:
            context.errors.add(CellError(row.number, "ends_on", "too_many_days", row.values["name"], str(LONGEST_DAYS)))


def _grouped(rows: Sequence[ParsedRow]) -> list[list[ParsedRow]]:
    groups: dict[tuple[Any, ...], list[ParsedRow]] = {}
    for row in rows:
        key = tuple(row.values[name] for name in ("name", "starts_on", "ends_on", "location"))
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def _check_group(group: Sequence[ParsedRow], context: ImportContext) -> None:
    """All rows of a promotion speak of the same sort of thing, and say alike what holds for all of it."""
    first = group[0]
    for row in group:
        if row.values["sku"] and row.values["category"]:
            context.errors.add(CellError(row.number, "category", "sku_and_category", row.values["category"]))
        elif _scope(row) != _scope(first):
            context.errors.add(CellError(row.number, "sku", "other_scope", row.values["sku"], str(first.number)))
        names = COMMON if _scope(first) == PromotionScope.SKUS else (*COMMON, "share")
        for name in names:
            if row.values[name] != first.values[name]:
                value = row.values[name]
                shown = "" if value is None else str(value)
                context.errors.add(CellError(row.number, name, "promotion_differs", shown, str(first.number)))
    if len(group) > MOST_SKUS:
        context.errors.add(CellError(group[MOST_SKUS].number, "sku", "too_many_skus", "", f"{MOST_SKUS:,}"))


def _scope(row: ParsedRow) -> str:
    if row.values["sku"]:
        return PromotionScope.SKUS
    return PromotionScope.CATEGORIES if row.values["category"] else PromotionScope.ALL


def _planned(
    group: Sequence[ParsedRow], places: Mapping[str, Location], skus: Mapping[str, int], categories: Mapping[str, int]
) -> Planned:
    values, scope = group[0].values, _scope(group[0])
    place = places.get(values["location"])
    is_of_skus = scope == PromotionScope.SKUS
    entry = Entry(
        name=values["name"], starts_on=values["starts_on"], ends_on=values["ends_on"], kind=values["kind"], scope=scope,
        share=ONE if is_of_skus else values["share"] or ONE, discount_percent=values["discount_percent"],
        location_id=place.pk if place else None,
        category_ids=[categories[row.values["category"]] for row in group if row.values["category"]],
    )  # fmt: skip
    shares = {skus[row.values["sku"]]: row.values["share"] or ONE for row in group} if is_of_skus else {}
    return Planned(entry, shares)


def _runs(rows: Sequence[ParsedRow]) -> Iterator[tuple[date, date, int, str, str]]:
    """(first day, last day, row of the first, name, place) of days that follow each other under one name."""

    def whose(row: ParsedRow) -> tuple[str, str]:
        return (row.values["name"], row.values["location"])

    for (name, place), part in groupby(sorted(rows, key=lambda row: (whose(row), row.values["date"])), whose):
        days = [(row.values["date"], row.number) for row in part]
        begin, number = days[0]
        for (day, _), (after, next_number) in zip(days, [*days[1:], (date.max, 0)], strict=True):
            if after - day > timedelta(days=1):
                yield begin, day, number, name, place
                begin, number = after, next_number
