"""Fields and filters that name a row by its code, as people do, or by its id."""

from typing import Any, TypeVar

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Model, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.ids import id_of
from accounts.plain_words import SHOWN_CHARACTERS

Row = TypeVar("Row", bound=Model)


def find_named(rows: QuerySet[Row] | None, word: str) -> Row | None:
    """The row with this code, else with this id: codes may be numbers too."""
    if rows is None:
        return None
    found = rows.filter(code=word).first() if "\x00" not in word else None
    return found or rows.filter(pk=id_of(word)).first()


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "integer"}], "description": "A code, or an id."})
class CodeOrIdField(serializers.PrimaryKeyRelatedField[Any]):
    """Text is a code, or else an id; a number is an id."""

    default_error_messages = {
        "does_not_exist": _("There is nothing with the code or id {pk_value} here."),
        "incorrect_type": _("Send a code here, a text in quotation marks, or an id, a whole number."),
    }

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            return super().to_internal_value(data)
        found = find_named(self.get_queryset(), data)
        if found is None:
            self.fail("does_not_exist", pk_value=data[:SHOWN_CHARACTERS])
        return found


class CodeOrIdChoice(ModelChoiceField):
    """The same in the parameter of a list."""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        found = find_named(self.queryset, str(value))
        if found is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "integer"}]})
class CodeOrIdFilter(django_filters.ModelChoiceFilter):
    field_class = CodeOrIdChoice


class NamedFilterSet(FilterSet):
    """Filters of a list, of which those by another row take its code or its id."""

    @classmethod
    def filter_for_lookup(cls, field: Any, lookup_type: str) -> Any:
        if isinstance(field, ForeignKey) and lookup_type == "exact" and _has_code(field):
            return CodeOrIdFilter, {"queryset": field.remote_field.model._default_manager.all()}
        return super().filter_for_lookup(field, lookup_type)


def _has_code(field: Any) -> bool:
    return any(one.name == "code" for one in field.remote_field.model._meta.fields)
