"""Fields of a body that no call has: refused by name, so that a misspelt one is not taken for one that was left out.

Django REST framework looks only at the fields it knows, and 'PATCH {"pirce": 2}' was answered as if it had changed
something. Serializers learn to look at the others in one place, when the program starts, whatever they are of.
"""

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.plain_words import MOST_NAMED, SHOWN_CHARACTERS

# Whoever sends more of them has sent another document.
MOST_TOLD = 1000
_read_known = serializers.Serializer.to_internal_value


def refuse_unknown_fields() -> None:
    serializers.Serializer.to_internal_value = _read  # type: ignore[method-assign,assignment]  # of all that read


def unknown_field(name: str, known: Iterable[str]) -> str:
    """What is said of a field that is none of the known ones."""
    names = sorted(known)
    close = get_close_matches(name[:SHOWN_CHARACTERS], names, n=1)
    if close:
        return _("There is no such field here. Did you mean %(name)s?") % {"name": close[0]}
    shown = ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
    return _("There is no such field here. There are: %(names)s.") % {"names": shown}


def faults_of(sent: Collection[str], known: Collection[str], writable: Iterable[str]) -> dict[str, list[str]]:
    """By name what is wrong with fields that are not known; those that only answers have are known, so that what was
    read can be sent back."""
    unknown = sorted(set(sent) - set(known))[:MOST_TOLD]
    return {name: [unknown_field(name, writable)] for name in unknown}


def require_known(serializer: serializers.Serializer[Any], data: Any) -> None:
    """Raises ValidationError for fields that the serializer does not have."""
    faults = _faults(serializer, data)
    if faults:
        raise serializers.ValidationError(faults)


def _faults(serializer: serializers.Serializer[Any], data: Any) -> dict[str, list[str]]:
    if not isinstance(data, dict) or data.keys() <= serializer.fields.keys():
        return {}
    writable = (name for name, field in serializer.fields.items() if not field.read_only)
    return faults_of(data.keys(), serializer.fields.keys(), writable)


def _read(serializer: serializers.Serializer[Any], data: Any) -> Any:
    """Parameters of a list are none of a body: what an address is called with beside them is not looked at."""
    faults = {} if isinstance(data, QueryDict) else _faults(serializer, data)
    try:
        values = _read_known(serializer, data)
    except serializers.ValidationError as error:
        if faults and isinstance(error.detail, dict):
            raise serializers.ValidationError({**error.detail, **faults}) from error
        raise
    if faults:
        raise serializers.ValidationError(faults)
    return values
