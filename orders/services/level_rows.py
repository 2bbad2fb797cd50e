"""Reorder levels to the database as one stream: a temporary table filled by binary COPY, and one statement that takes
it over.

Through the ORM a level costs a millisecond, which is most of a night; this way it is a few microseconds.
"""

import json
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from inventory.array_literals import numbers
from inventory.binary_copy import Column, copy_in
from inventory.models import Location
from orders.domain.curves import STORED_LEVELS
from orders.domain.decision import Decision
from orders.domain.plan_reasons import kept_lines
from orders.domain.quantity import THOUSAND
from orders.domain.reasons import pack_lines
from orders.domain.sourcing import SourceKind
from orders.models import Outcome

OUTCOMES = list(Outcome.values)
TABLE = "planned_level"
# A fixed-width stream knows no NULL, so these stand for it.
NO_ID, NO_QUANTITY = 0, -(2**62)

_CREATE = f"""
CREATE TEMPORARY TABLE {TABLE} (
    sku_id int8, outcome int2, interval_days float4, daily_demand float4, reorder_point int8, order_up_to int8,
    served_demand float4, service_level float4, review_days int2, lot_days int2, supplier_id int8, source_id int8,
    rule_id int8, value_class int2, steadiness int2, limits int2,
    lead_days float4, daily_mean float4[], lead_quantiles float4[]
) ON COMMIT DROP
"""
_VALUES = {
    "location_id": "%(location)s",
    "sku_id": "sku_id",
    "run_id": "%(run)s",
    "computed_on": "%(as_of)s",
    "outcome": "(%(outcomes)s::text[])[outcome + 1]",
    "protection_interval_days": "NULLIF(interval_days, 'NaN')",
    "mean_daily_demand": "NULLIF(daily_demand, 'NaN')",
    "reorder_point": "NULLIF(reorder_point, %(no_quantity)s) / 1000::numeric",
    "order_up_to_level": "NULLIF(order_up_to, %(no_quantity)s) / 1000::numeric",
    "safety_stock": "NULLIF(reorder_point, %(no_quantity)s) / 1000::numeric"
    " - round(NULLIF(served_demand, 'NaN')::numeric, 3)",
    "cycle_service_level": "service_level",
    "review_period_days": "review_days",
    "lot_days": "lot_days",
    "supplier_id": "NULLIF(supplier_id, 0)",
    "source_id": "NULLIF(source_id, 0)",
    "lead_time_days": "NULLIF(lead_days, 'NaN')",
    "value_class": "substr('ABC', value_class, 1)",
    "steadiness": "substr('XYZ', steadiness, 1)",
    "rule_id": "NULLIF(rule_id, 0)",
    "limits": "limits",
    "turn": "NULL::jsonb",
    "daily_mean": "CASE WHEN daily_demand = 'NaN' THEN '{}' ELSE daily_mean END",
    "lead_quantiles": "CASE WHEN daily_demand = 'NaN' THEN '{}' ELSE lead_quantiles END",
}
_DELETE = f"""
DELETE FROM orders_reorderlevel WHERE location_id = %(location)s
   AND (%(skus)s::bigint[] IS NULL OR sku_id = ANY(%(skus)s::bigint[]))
   AND NOT EXISTS (SELECT FROM {TABLE} p WHERE p.sku_id = orders_reorderlevel.sku_id)
"""  # noqa: S608 (only names of our own stand in it)
_UPSERT = f"""
INSERT INTO orders_reorderlevel ({", ".join(_VALUES)}) SELECT {", ".join(_VALUES.values())} FROM {TABLE} ORDER BY sku_id
ON CONFLICT (location_id, sku_id) DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in list(_VALUES)[2:])}
"""  # noqa: S608 (only names of our own stand in it)
_TURNS = """
UPDATE orders_reorderlevel l SET turn = t.turn FROM unnest(%(told)s::bigint[], %(turns)s::jsonb[]) AS t (sku_id, turn)
 WHERE l.location_id = %(location)s AND l.sku_id = t.sku_id
"""


def write_levels(
    *,
    location: Location,
    run_id: int,
    as_of: date,
    decisions: Sequence[Decision],
    sku_ids: Collection[int] | None = None,
) -> None:
    """One row per listing; rows of what is no longer on sale here go (of `sku_ids` only, if given). Five statements,
    and one where some have more to tell."""
    parameters: dict[str, Any] = {
        "location": location.pk,
        "run": run_id,
        "as_of": as_of,
        "outcomes": OUTCOMES,
        "no_quantity": NO_QUANTITY,
        "skus": None if sku_ids is None else numbers(sku_ids),
    }
    columns = level_columns(max((len(decision.daily_mean) for decision in decisions), default=0))
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        if decisions:
            copy_in(cursor, TABLE, columns, _arrays(columns, decisions, location.supplied_by_id))
        cursor.execute(_DELETE, parameters)
        cursor.execute(_UPSERT, parameters)
        turns = _turns(decisions)
        if turns:
            cursor.execute(_TURNS, {**parameters, "told": numbers(turns), "turns": list(turns.values())})
        cursor.execute(f"DROP TABLE {TABLE}")


_IDS = ("supplier_id", "source_id", "rule_id")
_SMALL = ("outcome", "review_days", "lot_days", "value_class", "steadiness", "limits")


def level_columns(horizon: int) -> list[Column]:
    """The layout of the stream; without any forecast the curves are one empty day long."""
    floats = ("interval_days", "daily_demand", "served_demand", "service_level", "lead_days")
    return [
        *(Column(name, "int8") for name in ("sku_id", "reorder_point", "order_up_to", *_IDS)),
        *(Column(name, "int2") for name in _SMALL),
        *(Column(name, "float4") for name in floats),
        Column("daily_mean", "float4", max(horizon, 1)),
        Column("lead_quantiles", "float4", len(STORED_LEVELS)),
    ]


_READ: dict[str, Callable[[Decision], Any]] = {
    "sku_id": lambda d: d.case.sku_id,
    "outcome": lambda d: OUTCOMES.index(d.outcome),
    "interval_days": lambda d: np.nan if d.interval_days is None else d.interval_days,
    "daily_demand": lambda d: np.nan if d.daily_demand is None else d.daily_demand,
    "served_demand": lambda d: np.nan if d.interval_demand is None else d.interval_demand - d.lost_before,
    "reorder_point": lambda d: NO_QUANTITY if d.reorder_point is None else int(d.reorder_point * THOUSAND),
    "order_up_to": lambda d: NO_QUANTITY if d.order_up_to is None else int(d.order_up_to * THOUSAND),
    "service_level": lambda d: d.case.policy.cycle_service_level if d.certainty is None else d.certainty,
    "review_days": lambda d: d.case.policy.review_days,
    "lot_days": lambda d: d.lot_days,
    "rule_id": lambda d: d.case.policy.rule_id,
    # The place of the letter, counted from 1; 0 is no letter.
    "value_class": lambda d: "ABC".find(d.case.value_class) + 1 if d.case.value_class else 0,
    "steadiness": lambda d: "XYZ".find(d.case.steadiness) + 1 if d.case.steadiness else 0,
    "limits": lambda d: int(d.limits),
    "supplier_id": lambda d: d.case.buy.supplier_id if d.case.buy and d.choice.kind is SourceKind.SUPPLIER else NO_ID,
    "lead_days": lambda d: np.nan if d.lead_days is None else d.lead_days,
}


def _turns(decisions: Sequence[Decision]) -> dict[int, str]:
    """By SKU, its lines as JSON: few have any, and the stream is of fixed width."""
    told = ((decision.case.sku_id, kept_lines(decision)) for decision in decisions)
    return {sku_id: json.dumps(pack_lines(lines)) for sku_id, lines in told if lines}


def _arrays(
    columns: Sequence[Column], decisions: Sequence[Decision], supplied_by_id: int | None
) -> dict[str, NDArray[np.generic]]:
    found: dict[str, NDArray[np.generic]] = {}
    for column in columns:
        if column.length:
            found[column.name] = _curves(decisions, column)
        elif column.name == "source_id":
            found[column.name] = np.array([_source_id(decision, supplied_by_id) for decision in decisions])
        else:
            found[column.name] = np.array([_READ[column.name](decision) for decision in decisions])
    return found


def _source_id(decision: Decision, supplied_by_id: int | None) -> int:
    if decision.choice.kind is not SourceKind.LOCATION:
        return NO_ID
    return decision.donor.location_id if decision.donor else supplied_by_id or NO_ID


def _curves(decisions: Sequence[Decision], column: Column) -> NDArray[np.generic]:
    """[n, length]; NaN where there is no forecast."""
    name = {"daily_mean": "daily_mean", "lead_quantiles": "lead_curve"}[column.name]
    rows = np.full((len(decisions), column.length), np.nan, dtype=np.float32)
    for index, decision in enumerate(decisions):
        values = getattr(decision, name)
        if values.size:
            rows[index] = values
    return rows
