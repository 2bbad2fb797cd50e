"""How every bench prints: a table for people, or one JSON object a line."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One figure beside its reference and its goal; `higher` says that more is better."""

    name: str
    value: float
    unit: str
    reference: float | None = None
    goal: float | None = None
    higher: bool = field(default=False, kw_only=True)
    note: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether the goal is reached; true without one."""
        if self.goal is None:
            return True
        return self.value >= self.goal if self.higher else self.value <= self.goal


def print_rows(rows: Iterable[Row], as_json: bool) -> None:
    """Print each row as soon as it is known."""
    for row in rows:
        if as_json:
            keys = ("name", "value", "unit", "reference", "goal")
            print(json.dumps({k: getattr(row, k) for k in keys} | {"ok": row.is_ok, "note": row.note}), flush=True)
        else:
            mark = "" if row.goal is None else ("reached" if row.is_ok else "MISSED")
            goal = "" if row.goal is None else f"goal {row.goal:g}"
            print(f"{row.name:62s} {row.value:12,.4g} {row.unit:15s} {goal:12s} {mark:8s} {row.note}", flush=True)
