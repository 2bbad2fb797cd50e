"""What the filters of API lists share."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.views import APIView

from accounts.api.naming import CodeOrIdChoice, NamedFilterSet
from accounts.plain_words import SHOWN_CHARACTERS, not_a_choice

# Limits of a number that names a row. Without them `-1e9999999` would be written out digit by digit, for minutes.
ID_DIGITS: dict[str, Any] = {"min_value": 0, "max_digits": 19, "decimal_places": 0}


class FilterBackend(DjangoFilterBackend):
    """Names the words from which a parameter is chosen, where it has another one: no list is shown to a program."""

    filterset_base = NamedFilterSet

    def filter_queryset(self, request: HttpRequest, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise ValidationError(parameter_faults(filterset.form))
        return filterset.qs


def parameter_faults(form: forms.BaseForm) -> dict[str, list[str]]:
    """What is wrong with the parameters, by name."""
    return {
        name: [
            _choice_fault(form, name) if error.code == "invalid_choice" else str(message)
            for error in faults
            for message in error.messages
        ]
        for name, faults in form.errors.as_data().items()
    }


def _choice_fault(form: forms.BaseForm, name: str) -> str:
    field, value = form.fields[name], str(form[name].value() or "")
    if isinstance(field, CodeOrIdChoice):
        return _("There is nothing with the code or id %(value)s here.") % {"value": value[:SHOWN_CHARACTERS]}
    if isinstance(field, forms.ModelChoiceField):
        return _("There is nothing with the id %(value)s here.") % {"value": value[:SHOWN_CHARACTERS]}
    pairs: Any = getattr(field, "choices", ())
    return not_a_choice(value, [choice for choice, _title in pairs])
