"""The bodies of API calls: JSON that the database can keep and that every reader can walk."""

import math
from collections.abc import Iterator, Mapping
from json import JSONDecodeError
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.fields import JSONField
from rest_framework.parsers import JSONParser

# The deepest body of ours has four levels; what is deeper is a mistake or an attack on the stack.
DEEPEST = 20


class PlainJSONParser(JSONParser):
    """JSON of bounded depth with finite numbers and text that UTF-8 and PostgreSQL have a place for.

    Raises ParseError (400) otherwise, so that no field has to think of it.
    """

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            body = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_too_deep()) from error
        except ParseError as error:
            raise ParseError(_why_no_json(error.__context__)) from error
        require_plain(body)
        return body


class PlainJSONField(JSONField):
    """The same for JSON that comes as a field of a form, which no parser has looked into."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            value = super().to_internal_value(data)
        except RecursionError as error:
            raise ParseError(_too_deep()) from error
        require_plain(value)
        return value


def require_plain(body: Any) -> None:
    """Raises ParseError for what is too deep, and for what the database cannot keep."""
    for value in _values(body):
        _refuse_unkeepable(value)


def _values(body: Any) -> Iterator[Any]:
    """Every name and value of the body that is not itself a list or an object, without recursion."""
    level = [body]
    for _depth in range(DEEPEST):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                yield from value
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            else:
                yield value
        level = below
    if level:
        raise ParseError(_too_deep())


def _refuse_unkeepable(value: Any) -> None:
    if isinstance(value, str) and not _is_text(value):
        raise ParseError(_("The request holds a NUL character or half a character, which cannot be stored."))
    if isinstance(value, float) and not math.isfinite(value):
        raise ParseError(_("The request holds a number that is too large."))


def _is_text(value: str) -> bool:
    """Half a surrogate pair passes JSON, but no answer could repeat it and no table keep it."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in value


def _why_no_json(cause: BaseException | None) -> str:
    """In our words and the caller's language; the framework's are English."""
    if isinstance(cause, JSONDecodeError):
        said = _("The body is no JSON: it cannot be read at line %(line)d, column %(column)d.")
        return said % {"line": cause.lineno, "column": cause.colno}
    if isinstance(cause, UnicodeDecodeError):
        return _("The body is no JSON: send it in UTF-8.")
    return _("The body is no JSON: NaN and Infinity are no numbers there.")


def _too_deep() -> str:
    return _("The request is nested deeper than %(deepest)d levels.") % {"deepest": DEEPEST}
