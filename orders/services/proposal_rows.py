"""Proposals to the database as one stream: a temporary table filled by COPY, and a statement each to withdraw, to
change and to add.

What is compared and kept is compared where it lies: the reasons of ten thousand open proposals never travel to the
plan and back, and a row that would say the same is not written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from inventory.array_literals import numbers

TABLE = "planned_proposal"
WRITE_ROWS = 2_000
_CREATE = f"""
CREATE TEMPORARY TABLE {TABLE} (
    sku_id int8, quantity numeric(14, 3), unit_price numeric(14, 4), expected_on date, supplier_id int8,
    source_id int8, value_at_risk numeric(14, 2), lines jsonb, averted real[]
) ON COMMIT DROP
"""
_WITHDRAW = f"""
UPDATE orders_replenishmentproposal kept
SET state = 'withdrawn', decided_at = %(now)s, updated_at = %(now)s, needs_review = false
WHERE id = ANY(%(locked)s) AND NOT EXISTS (SELECT FROM {TABLE} fresh WHERE fresh.sku_id = kept.sku_id)
"""  # noqa: S608 (only names of our own stand in it)
# What the suggestion was before, for "what changed": a night compares with the night before it, a check between two
# nights with the night that it follows. A repeat keeps the answer. `night`: what the last night suggested; `was`: what
# to compare the present suggestion with, where they differ.
_MARKS = """
CASE WHEN kept.reason->>'as_of' IS DISTINCT FROM %(as_of)s
     THEN jsonb_strip_nulls(jsonb_build_object(
              'night', fresh.quantity::text,
              'was', CASE WHEN kept.suggested_quantity <> fresh.quantity THEN kept.suggested_quantity::text END))
     ELSE jsonb_strip_nulls(jsonb_build_object(
              'night', said.night,
              'was', CASE WHEN said.night::numeric <> fresh.quantity THEN said.night
                          WHEN COALESCE(kept.reason->>'was', said.night)::numeric <> fresh.quantity
                          THEN COALESCE(kept.reason->>'was', said.night) END))
END
"""
# What a typed quantity costs by the terms of today.
_TYPED_PRICE = """
CASE WHEN kept.edited_at IS NOT NULL THEN (
    SELECT COALESCE((SELECT (step->>1)::numeric FROM jsonb_array_elements(terms.price_breaks) AS step
                      WHERE (step->>0)::numeric <= kept.quantity ORDER BY (step->>0)::numeric DESC LIMIT 1),
                    terms.price)
      FROM suppliers_supplierterms terms
     WHERE terms.supplier_id = kept.supplier_id AND terms.sku_id = kept.sku_id AND terms.is_active)
END
"""
# The rows to write are named by id once more: without that the planner reads every proposal there ever was, of all
# places, for each place. A quantity that a person typed is theirs, with the source that it was typed for. What a budget
# left of another holds until the budgets are shared out again, as long as it is still asked of the same supplier.
_CHANGE = f"""
UPDATE orders_replenishmentproposal proposal
SET quantity = CASE WHEN is_typed THEN proposal.quantity ELSE fresh.offered END,
    unit_price = CASE WHEN is_typed THEN COALESCE(typed_price, proposal.unit_price) ELSE fresh.unit_price END,
    expected_on = CASE WHEN is_typed THEN proposal.expected_on ELSE fresh.expected_on END,
    supplier_id = CASE WHEN is_typed THEN proposal.supplier_id ELSE fresh.supplier_id END,
    source_id = CASE WHEN is_typed THEN proposal.source_id ELSE fresh.source_id END,
    needs_review = CASE WHEN is_typed THEN is_other ELSE proposal.needs_review END,
    suggested_quantity = fresh.quantity, value_at_risk = fresh.value_at_risk, reason = fresh.reason,
    averted = fresh.averted,
    cut_quantity = CASE WHEN fresh.is_same THEN proposal.cut_quantity END,
    cut_by_id = CASE WHEN fresh.is_same THEN proposal.cut_by_id END,
    cut_cost = CASE WHEN fresh.is_same THEN proposal.cut_cost END,
    updated_at = %(now)s
FROM (
    SELECT kept.id, fresh.*, kept.edited_at IS NOT NULL AS is_typed,
           kept.needs_review OR kept.suggested_quantity <> fresh.quantity AS is_other,
           LEAST(fresh.quantity, CASE WHEN is_same THEN NULLIF(kept.cut_quantity, 0) END) AS offered, is_same,
           {_TYPED_PRICE} AS typed_price,
           jsonb_build_object('as_of', %(as_of)s::text, 'lines', fresh.lines) || {_MARKS} AS reason
    FROM {TABLE} fresh
    JOIN orders_replenishmentproposal kept ON kept.sku_id = fresh.sku_id AND kept.id = ANY(%(locked)s)
    CROSS JOIN LATERAL (SELECT COALESCE(kept.reason->>'night', kept.suggested_quantity::text) AS night,
                               kept.supplier_id IS NOT DISTINCT FROM fresh.supplier_id AS is_same) AS said
) AS fresh
WHERE proposal.id = fresh.id AND proposal.id = ANY(%(locked)s) AND (
    (proposal.suggested_quantity, proposal.value_at_risk, proposal.reason, proposal.averted)
        IS DISTINCT FROM (fresh.quantity, fresh.value_at_risk, fresh.reason, fresh.averted)
    OR is_typed AND (proposal.needs_review <> is_other OR proposal.unit_price <> typed_price)
    OR NOT is_typed AND (proposal.quantity, proposal.unit_price, proposal.expected_on, proposal.supplier_id,
                         proposal.source_id)
        IS DISTINCT FROM (fresh.offered, fresh.unit_price, fresh.expected_on, fresh.supplier_id, fresh.source_id)
)
"""  # noqa: S608 (only names of our own stand in it)
# What a check between two nights adds, the last night had not asked for.
_ADD = f"""
INSERT INTO orders_replenishmentproposal (
    sku_id, location_id, supplier_id, source_id, quantity, suggested_quantity, unit_price, expected_on, value_at_risk,
    reason, averted, state, created_at, updated_at, needs_review, approval_key, decision_note
)
SELECT sku_id, %(location)s, supplier_id, source_id, quantity, quantity, unit_price, expected_on, value_at_risk,
       jsonb_build_object('as_of', %(as_of)s::text, 'lines', lines)
       || CASE WHEN %(is_check)s THEN '{{"night": "0", "was": "0"}}'::jsonb
               ELSE jsonb_build_object('night', quantity::text) END,
       averted, 'open', %(now)s, %(now)s, false, '', ''
FROM {TABLE} fresh
WHERE NOT EXISTS (
    SELECT FROM orders_replenishmentproposal kept WHERE kept.sku_id = fresh.sku_id AND kept.id = ANY(%(locked)s)
)
ORDER BY sku_id
"""  # noqa: S608 (only names of our own stand in it)


@dataclass(frozen=True)
class Written:
    """How many rows were added, changed and withdrawn."""

    added: int
    changed: int
    withdrawn: int


def write_proposals(rows: Sequence[str], parameters: dict[str, Any]) -> Written:
    """At most six statements, none when nothing is wanted and nothing was open.

    `rows` as `text_row` makes them, in the order of the columns; `parameters`: location, as_of (ISO), now, is_check,
    and `locked`, the ids of the open proposals that are looked at.
    """
    if not rows and not parameters["locked"]:
        return Written(0, 0, 0)
    is_any_open = bool(parameters["locked"])
    values = {**parameters, "locked": numbers(parameters["locked"])}
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        _bring_in(cursor, rows)
        found = Written(
            _count(cursor, _ADD, values),
            _count(cursor, _CHANGE, values) if is_any_open else 0,
            _count(cursor, _WITHDRAW, values) if is_any_open else 0,
        )
        cursor.execute(f"DROP TABLE {TABLE}")
    return found


def text_row(values: Iterable[object]) -> str:
    """One line of COPY's text format. Tabs and line ends never come: texts are inside JSON, which escapes them."""
    return "\t".join([r"\N" if value is None else str(value).replace("\\", "\\\\") for value in values]) + "\n"


def _count(cursor: CursorWrapper, statement: str, parameters: dict[str, Any]) -> int:
    cursor.execute(statement, parameters)
    return int(cursor.rowcount)


def _bring_in(cursor: CursorWrapper, rows: Sequence[str]) -> None:
    with cursor.copy(f"COPY {TABLE} FROM STDIN") as copy:
        for start in range(0, len(rows), WRITE_ROWS):
            copy.write("".join(rows[start : start + WRITE_ROWS]))
