"""Master data in sets: rows that are new are added, rows that differ are changed, the others are left alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model

from inventory.domain.said import Said

M = TypeVar("M", bound=Model)
BATCH = 2_000


@dataclass(frozen=True)
class Upserted:
    """`ids` of all rows by their key, and how many were added or changed."""

    ids: dict[Any, int]
    changed: int


def upsert(
    model: type[M],
    *,
    key_fields: Sequence[str],
    rows: Mapping[Any, Mapping[str, Any]],
    defaults: Mapping[str, Any],
    scope: Mapping[str, Any],
) -> Upserted:
    """Writes `rows` (key -> field values) in a constant number of statements a batch.

    A value of None means "not said": it keeps what is there, and takes `defaults` in a new row; Said.NOTHING empties
    the field. `scope` narrows the
    rows that are looked at, for example `{"code__in": [...]}`. The key of an object is the value of `key_fields`, a
    tuple when there are several.
    """
    existing = {_key(found, key_fields): found for found in model._default_manager.filter(**scope)}
    changed = [existing[key] for key, values in rows.items() if key in existing and _apply(existing[key], values)]
    fields = sorted({name for values in rows.values() for name in values if name not in key_fields})
    if changed and fields:
        model._default_manager.bulk_update(changed, fields, batch_size=BATCH)
    new = [
        model(**{**defaults, **{name: _value(value) for name, value in values.items() if value is not None}})
        for key, values in rows.items()
        if key not in existing
    ]
    made = model._default_manager.bulk_create(new, batch_size=BATCH)
    found = {**existing, **{_key(item, key_fields): item for item in made}}
    return Upserted({key: found[key].pk for key in rows}, len(changed) + len(made))


def _key(found: Model, key_fields: Sequence[str]) -> Any:
    values = tuple(getattr(found, name) for name in key_fields)
    return values[0] if len(values) == 1 else values


def _value(said: Any) -> Any:
    return None if said is Said.NOTHING else said


def _apply(found: Model, values: Mapping[str, Any]) -> bool:
    """Sets what is said and differs; whether anything did."""
    said = {name: _value(value) for name, value in values.items() if value is not None}
    differing = {name: value for name, value in said.items() if getattr(found, name) != value}
    for name, value in differing.items():
        setattr(found, name, value)
    return bool(differing)
